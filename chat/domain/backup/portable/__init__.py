"""Backups as lines of JSON, which both kinds of database restore: for moving a site from one to the other.

`archive` knows the file, `tables` the values in it, `references` the rows that have other keys in each database.
"""

from .restoring import restore
from .writing import write

__all__ = ["restore", "write"]
