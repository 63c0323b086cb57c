"""Commands for `manage.py`: set-up, and tools that talk to a running site."""
