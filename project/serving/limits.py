"""The limits of the server."""

from dataclasses import dataclass

from .forwarded import TrustedProxies

NO_PROXIES = TrustedProxies(())
HANDSHAKE_BURST = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds. 0 connections, handshakes or held bytes means no limit.

    An address is an IPv4 address or the /64 of an IPv6 address.
    """

    max_unsent: int = 1024 * 1024
    """Bytes that may wait for one slow reader. A single larger frame is still accepted when nothing waits."""
    max_waiting: int = 32
    """Messages that may wait for the application before reading from their socket pauses."""
    max_connections: int = 0
    max_connections_per_address: int = 0
    max_handshakes_per_address: float = 0
    """Handshakes per second of one address, after `handshake_burst` at once."""
    handshake_burst: int = HANDSHAKE_BURST
    max_http_connections_per_address: int = 0
    """Connections that are not WebSockets; through trusted proxies, requests in progress."""
    max_request_bytes: int = 256 * 1024
    """The body of one HTTP request."""
    max_upload_bytes: int = 0
    """The body of a request whose Content-Type is one of `upload_types`, if that is more than `max_request_bytes`."""
    upload_types: frozenset[bytes] = frozenset()
    temporary_folder: str | None = None
    """Where bodies are kept that are too large for memory; None for the system's folder."""
    max_held_bytes: int = 64 * 1024 * 1024
    """Request bodies, incomplete messages, and messages that wait for the application, of all clients together.

    One address may use a quarter of it.
    """
    max_discarded: int = 16 * 1024 * 1024
    """Bytes that are read and discarded after an error response, so that the client can read the response."""
    frame_rate: float = 20
    """Control frames and small fragments that a socket may send per second, after `frame_burst` at once."""
    frame_burst: int = 100
    small_fragment: int = 1024
    """A fragment of this size or more does not count for `frame_rate`: the limit of the message's size is enough."""
    handshake_timeout_s: float = 10
    """Time from the start of a connection to the end of the request's headers; and for the application to accept it."""
    body_timeout_s: float = 60
    """Time from the end of a request's headers to the end of its body, or from a message's first byte to its last."""
    send_timeout_s: float = 60
    """Time in which a client must read 64 KiB, or all bytes that wait for it."""
    close_timeout_s: float = 5
    """Time for the client's part of the closing handshake, and for reading the rest after an error response."""
    drain_s: float = 10
    """Time from SIGTERM to the end of the process."""
    proxies: TrustedProxies = NO_PROXIES
    """The proxies whose X-Forwarded-… headers are used."""

    @property
    def max_body_bytes(self) -> int:
        """The largest body of any request."""
        return max(self.max_request_bytes, self.max_upload_bytes)
