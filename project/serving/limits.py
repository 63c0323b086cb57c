"""The numbers that the server keeps to."""

from dataclasses import dataclass

from .forwarded import Proxies

NOBODY = Proxies(())


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds; 0 connections or held bytes means no limit.

    An address is an IPv4 address or the /64 of an IPv6 address.
    """

    max_unsent: int = 1024 * 1024
    """Bytes that may wait for one slow reader. A single larger frame is still taken when nothing waits."""
    max_waiting: int = 32
    """Messages that wait for the application before reading from their socket pauses."""
    max_connections: int = 0
    max_connections_per_address: int = 0
    max_http_connections_per_address: int = 0
    """Connections that are no sockets; of those through trusted proxies, requests under way."""
    max_request_bytes: int = 256 * 1024
    """The body of one HTTP request."""
    max_held_bytes: int = 64 * 1024 * 1024
    """Request bodies, half-sent messages, and messages that wait for the application, of all clients together.

    A quarter of it for one address.
    """
    max_discarded: int = 16 * 1024 * 1024
    """Bytes that are read and thrown away after a refusal, so that the client can read the reason."""
    frame_rate: float = 20
    """Control frames and small fragments that a socket may send each second, after `frame_burst` at once."""
    frame_burst: int = 100
    small_fragment: int = 1024
    """A fragment of this size or more is not counted: the limit of a message's bytes bounds those."""
    handshake_timeout_s: float = 10
    """From a connection's first moment to the end of the request's head; and for the application's answer to it."""
    body_timeout_s: float = 60
    """From the end of a request's head to the end of its body; from a message's first byte to its last."""
    send_timeout_s: float = 60
    """In which a client for whom bytes wait must take 64 KiB, or all of them."""
    close_timeout_s: float = 5
    """For the other side's half of the closing handshake, and for reading what is still owed."""
    drain_s: float = 10
    proxies: Proxies = NOBODY
    """Whose word on the client's address counts."""
