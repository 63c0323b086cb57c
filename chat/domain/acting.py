"""Who acts now and from which address, as far as an entry point has said so.

Pages and sockets say it for each request and each connection; commands, jobs and tests say nothing. Only `record` asks.
"""

from contextvars import ContextVar
from dataclasses import dataclass

from .types import AnyPerson


@dataclass(frozen=True, slots=True)
class Acting:
    """`person`: a user or a guest; `address`: the IP address that they come from, "" if it is unknown."""

    person: AnyPerson = None
    address: str = ""


NOBODY = Acting()
_current: ContextVar[Acting] = ContextVar("chat.acting", default=NOBODY)


def begin(person: AnyPerson, address: str) -> None:
    """Say who acts from now on in this context: the thread of a page, the task of a socket."""
    _current.set(Acting(person, address))


def end() -> None:
    """Say that nobody acts any more."""
    # Not by a token: Django may begin and end a request in different contexts.
    _current.set(NOBODY)


def current() -> Acting:
    """Who acts now."""
    return _current.get()
