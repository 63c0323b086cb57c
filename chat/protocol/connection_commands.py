"""Commands about the connection itself."""

from typing import ClassVar, Literal

from . import replies
from .command import Command
from .schema import Schema


class Ping(Command):
    """Ask whether the connection is alive. A client that received nothing for 25 seconds asks, and connects again when
    no answer comes within 10: a network may drop everything silently, and browsers do not show the server's own pings
    to a page."""

    type: Literal["ping"] = "ping"


class Observe(Command):
    """Show this very connection as the server sees it: the answer has the handshake, and `frames` events follow.

    For connections to an address that ends in `?observe`. Without `project.server` there are no `frames` events, and
    parts of the handshake are null.
    """

    answers: ClassVar[type[Schema]] = replies.ObserveReply
    type: Literal["observe"] = "observe"


class PingFrame(Command):
    """Make the server send a ping frame (RFC 6455 §5.5.2) on this observed connection; `frames` events show it and its
    pong."""

    type: Literal["ping_frame"] = "ping_frame"


ALL: tuple[type[Command], ...] = (Ping, Observe, PingFrame)
