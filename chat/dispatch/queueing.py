"""How a verb enqueues a job without knowing the package of jobs: by its name.

The row is inserted in the caller's transaction: a job exists if and only if its change is committed.
"""

from collections.abc import Callable
from typing import Any

Enqueue = Callable[..., None]

_enqueue: Enqueue | None = None


def connect(enqueue: Enqueue) -> None:
    """Register the function that inserts jobs, `enqueue(name, *arguments, delay_s=…)`: `chat.jobs.port` does it once,
    when Django starts. `delay_s` is in seconds."""
    global _enqueue
    _enqueue = enqueue


def enqueue(name: str, *arguments: Any, delay_s: float = 0) -> None:
    """Enqueue the job `name`: module and function in `chat.jobs`, such as "previews.fetch". It starts after `delay_s`.

    `arguments`: ids and other JSON values. Raises LookupError for an unknown name, and when no queue is connected.
    """
    if _enqueue is None:
        raise LookupError("No queue of jobs is connected: see chat.apps.")
    _enqueue(name, *arguments, delay_s=delay_s)
