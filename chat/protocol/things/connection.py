"""Whom the server takes a connection for, and the limits of that connection."""

from ..schema import Schema
from .people import Guest, Person


class You(Schema):
    """The person whom the server takes this connection for: a `user` or a `guest`. The other one is null."""

    user: Person | None
    guest: Guest | None


class FileLimits(Schema):
    """What files a message may have: at most `count`, each of at most `bytes` bytes and of one of these media `types`
    (`image/*`: all pictures; empty: all types). A description has at most `alt` characters. One request of an upload
    has at most `chunk` bytes."""

    count: int
    bytes: int
    types: list[str]
    alt: int
    chunk: int


class Limits(Schema):
    """Limits that a client should keep to.

    `body` is in characters. `rate` is in commands per second (0: no limit); `burst` is the number of commands that may
    come at once.
    """

    body: int
    rate: float
    burst: int
    files: FileLimits
