"""A whole site in one file, and back: into the same kind of database or the other.

`write` and `restore` are the verbs; `archive` knows the file, `tables` what of the database is in it.
"""

from .restoring import Restored, restore
from .writing import write

__all__ = ["Restored", "restore", "write"]
