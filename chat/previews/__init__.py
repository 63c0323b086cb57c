"""Fetches what a page says about itself: title, description, picture. In a child process, and only from public hosts.

`child` starts the process, `program` is what runs in it. This package imports nothing of Django and of the chat, so the
process has no settings, no secrets and no database.
"""
