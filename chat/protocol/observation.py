"""What a connection looks like on the wire, as the page `/wire/` shows it to its own person. Secrets are masked."""

from typing import Literal

from .handshake import Derivation
from .schema import Schema


class Header(Schema):
    """A line of a request or a response. `masked`: the value holds a secret, of which only the form is shown."""

    name: str
    value: str
    masked: bool


class Hop(Schema):
    """An address on the way of the request.

    `role` is `client` for the address that counts as this person's, `proxy` for a trusted proxy, and `claimed` for an
    address that only the request itself gives.
    """

    address: str
    role: Literal["claimed", "client", "proxy"]


class Handshake(Schema):
    """The handshake of this connection. A field is null if the server that runs the application does not report it.

    `verbatim`: the names and the order of the request's headers are those that arrived; otherwise the server has
    normalised them. `peer` and `local` are the ends of the server's TCP connection, `tls` whether it uses TLS.
    """

    request_line: str
    headers: list[Header]
    verbatim: bool
    response_line: str | None
    response_headers: list[Header] | None
    derivation: Derivation | None
    offered: list[str]
    subprotocol: str | None
    scheme: str
    peer: str | None
    local: str | None
    tls: bool | None
    route: list[Hop] | None


class ObservedFrame(Schema):
    """A frame of this connection, without the text of messages, which the client has.

    `at` is in milliseconds after the handshake. `head` has the bytes before the payload (RFC 6455 §5.2), in hex.
    `message` numbers the text messages of a direction from 1; null for a control frame, whose `payload` is in hex.
    `round_trip_ms` is set for a pong that answers a ping of the server.
    """

    from_server: bool
    at: float
    head: str
    length: int
    message: int | None
    payload: str | None
    round_trip_ms: float | None


class Traffic(Schema):
    """All frames of one direction since the handshake, and their bytes. Frames that report frames do not count."""

    frames: int
    bytes: int
