"""Errors that the server answers with an HTTP response, after which the connection ends.

HttpError           a request or connection that is not served
└── HandshakeError  a request for a WebSocket that breaks RFC 6455 §4.2
"""

from functools import cache
from http import HTTPStatus


class HttpError(Exception):
    """A response with `status`, the sentence `detail` as its body, and `headers` beyond the usual ones."""

    def __init__(self, status: int, detail: str, *headers: tuple[bytes, bytes]):
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers

    def response(self) -> bytes:
        """The complete HTTP response."""
        body = self.detail.encode() + b"\n"
        return response_head(self.status, [(b"Content-Type", b"text/plain; charset=utf-8"), *self.headers], body) + body


class HandshakeError(HttpError):
    """The request does not become a WebSocket."""


def response_head(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> bytes:
    """The head of an HTTP/1.1 response with a complete `body` that ends the connection.

    Raises ValueError for a line break in a header, which could forge another header.
    """
    own = [(b"Content-Length", b"%d" % len(body)), (b"Connection", b"close")]
    replaced = {name.lower() for name, _value in own}
    lines = [f"HTTP/1.1 {status} {reason_phrase(status)}".encode()]
    lines += [name + b": " + value for name, value in [*(h for h in headers if h[0].lower() not in replaced), *own]]
    if any(b"\r" in line or b"\n" in line for line in lines):
        raise ValueError("A header must not contain a line break.")
    return b"\r\n".join(lines) + b"\r\n\r\n"


@cache
def reason_phrase(status: int) -> str:
    """The reason phrase of a status (RFC 9110 §15)."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown Status"
