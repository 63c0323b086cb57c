"""Measures Parley beside its peers, on one machine, in one call: `python -m bench`.

README.md says how, and holds the last full table.
"""
