"""Pages and their forms.

May import domain, models (to read) and protocol, but not live. import-linter checks it.
"""
