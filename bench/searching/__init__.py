"""How fast a large site is searched: `python -m bench search`."""
