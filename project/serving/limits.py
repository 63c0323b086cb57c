"""The numbers that the server keeps to."""

from dataclasses import dataclass

from .forwarded import Proxies

NOBODY = Proxies(())


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds; 0 connections means no limit."""

    max_unsent: int = 1024 * 1024
    """Bytes that may wait for one slow reader. A single larger frame is still taken when nothing waits."""
    max_waiting: int = 32
    """Messages that wait for the application before reading from their socket pauses."""
    max_connections: int = 0
    max_connections_per_address: int = 0
    max_request_bytes: int = 10 * 1024 * 1024
    """The body of one HTTP request."""
    handshake_timeout_s: float = 10
    """From a connection's first moment to the end of the request's head; and for the application's answer to it."""
    body_timeout_s: float = 60
    """From the end of a request's head to the end of its body."""
    close_timeout_s: float = 5
    """For the other side's half of the closing handshake, and for reading what is still owed."""
    drain_s: float = 10
    proxies: Proxies = NOBODY
    """Whose word on the client's address counts."""
