"""Commands for `manage.py`: set-up, backups, and tools that connect to a running site."""
