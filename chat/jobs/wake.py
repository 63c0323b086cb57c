"""Wakes the worker of this process, if it has one, when a job was enqueued here."""

from collections.abc import Callable

_wake: list[Callable[[], None]] = []


def connect(call: Callable[[], None]) -> None:
    """Call `call`, from any thread, after each commit that enqueued a job."""
    _wake.append(call)


def disconnect(call: Callable[[], None]) -> None:
    """Stop calling `call`."""
    if call in _wake:
        _wake.remove(call)


def wake() -> None:
    """A job was enqueued and committed."""
    for call in _wake:
        call()
