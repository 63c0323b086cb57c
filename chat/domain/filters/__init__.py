"""Filters: what messages may not contain, or only after a moderator has seen them.

`matching` is pure: a filter and a text in, what it found out. `stored` keeps the filters of the site compiled, and has
the verbs that change them; `of_room` has those for the moderators of one room. `checking` applies them to a message
that is posted. `dry_run` applies one to the last messages of the site.
"""
