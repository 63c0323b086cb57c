"""One search of a person at a time in each process: nobody can keep all threads of searches busy."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from chat.domain.errors import SlowDown
from chat.domain.types import AnyPerson
from chat.models.sender import sender_key

RETRY_AFTER_S = 0.5
_lock = threading.Lock()
_searching: set[str] = set()


@contextmanager
def take(reader: AnyPerson | None) -> Iterator[None]:
    """Context manager around a search of this person; None: no limit. Raises SlowDown during another one."""
    if reader is None:
        yield
        return
    # Guests by address: a new guest costs nothing.
    key = sender_key(reader) if reader.is_authenticated else f"a:{getattr(reader, 'network', '')}"
    with _lock:
        if key in _searching:
            raise SlowDown(retry_after=RETRY_AFTER_S)
        _searching.add(key)
    try:
        yield
    finally:
        with _lock:
            _searching.discard(key)
