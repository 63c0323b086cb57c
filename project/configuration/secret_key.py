"""The site's SECRET_KEY: how strong it must be, and the file that keeps a generated one."""

import os
import tempfile
from pathlib import Path

from django.core.management.utils import get_random_secret_key

MIN_LENGTH = 50
MIN_UNIQUE_CHARACTERS = 5
INSECURE_PREFIX = "django-insecure-"
"""Begins the keys that `django-admin startproject` writes. The limits are those of Django's check security.W009."""


def require_strong(text: str) -> str:
    """`text` itself. Raises ValueError for a key that could be guessed: cookies and links could then be forged."""
    if len(text) < MIN_LENGTH or len(set(text)) < MIN_UNIQUE_CHARACTERS or text.startswith(INSECURE_PREFIX):
        raise ValueError("weak")
    return text


def read_or_create(path: Path) -> str:
    """Return the key that `path` holds; generate and store one if there is no such file. Raises OSError.

    Two processes may start at the same moment. `os.link` fails if the file exists, and the file appears with its
    content, so both processes read the same complete key.
    """
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # Mode 0600.
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(get_random_secret_key())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
    return path.read_text().strip()
