"""Measures Parley and comparable servers on one machine: `python -m bench`.

README.md explains the method and holds the last full table.
"""
