"""A handshake that does not become a socket."""

from functools import cache
from http import HTTPStatus


class Refusal(Exception):
    """The HTTP status to answer with, a sentence for whoever reads it, and headers beyond the usual ones."""

    def __init__(self, status: int, detail: str, *headers: tuple[bytes, bytes]):
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers

    def response(self) -> bytes:
        """The whole HTTP response; the connection ends after it."""
        body = self.detail.encode() + b"\n"
        return response_head(self.status, [(b"Content-Type", b"text/plain; charset=utf-8"), *self.headers], body) + body


def response_head(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> bytes:
    """The head of an HTTP/1.1 response with a complete `body` after which the connection ends."""
    own = [(b"Content-Length", b"%d" % len(body)), (b"Connection", b"close")]
    taken = {name.lower() for name, _value in own}
    lines = [f"HTTP/1.1 {status} {phrase(status)}".encode()]
    lines += [name + b": " + value for name, value in [*(h for h in headers if h[0].lower() not in taken), *own]]
    if any(b"\r" in line or b"\n" in line for line in lines):
        raise ValueError("A header may not hold a line break.")
    return b"\r\n".join(lines) + b"\r\n\r\n"


@cache
def phrase(status: int) -> str:
    """The words that go with a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown Status"
