"""An HTTP client for the addresses of strangers: each connection is checked, and everything has a bound.

It keeps no cookies, follows few redirects, and uses no proxy of the environment.
"""

import http.client
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from .addresses import is_public

MAX_BYTES = 2 * 1024 * 1024
MAX_REDIRECTS = 5
MAX_URL_CHARS = 2000
PORTS = {"http": 80, "https": 443}
USER_AGENT = "Mozilla/5.0 (compatible; Parley; preview of a link)"
_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK_BYTES = 64 * 1024

Resolve = Callable[[str, int], list[str]]
"""The addresses of a host and a port, as texts. Raises OSError."""


class Unreachable(Exception):
    """The address cannot or must not be fetched. The text says why, for the log."""


@dataclass
class Fetched:
    """An answer with status 200. `body` may be cut at MAX_BYTES: then `is_complete` is false."""

    url: str
    media_type: str
    charset: str | None
    body: bytes
    is_complete: bool


def resolve(host: str, port: int) -> list[str]:
    """Ask the resolver of this machine."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Fetcher:
    """Fetches within `deadline`, a time of `monotonic`.

    `allowed`: pairs of address and port that count as public, for tests: a site has none.
    """

    def __init__(
        self, deadline: float, *, resolve: Resolve = resolve, allowed: Collection[tuple[str, int]] = frozenset()
    ):
        self._deadline = deadline
        self._resolve = resolve
        self._allowed = allowed

    def fetch(self, url: str, accept: str) -> Fetched:
        """The answer to a GET, after redirects. Raises Unreachable."""
        for _ in range(MAX_REDIRECTS + 1):
            parts = self._check_url(url)
            try:
                with _Connection(parts, self._connect(parts), self._deadline) as connection:
                    response = connection.request(_target(parts), accept)
                    if response.status not in _REDIRECTS:
                        return self._read(url, response)
                    url = urljoin(url, response.headers.get("Location", ""))
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise Unreachable(f"{type(error).__name__}: {error}") from error
        raise Unreachable("too many redirects")

    def _check_url(self, url: str) -> SplitResult:
        """The parts of an address that may be tried. Raises Unreachable."""
        if len(url) > MAX_URL_CHARS or not url.isprintable() or " " in url:
            raise Unreachable("not an address")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise Unreachable("not an address") from error
        if parts.scheme not in PORTS or not host:
            raise Unreachable("not http or https")
        if parts.username is not None or parts.password is not None:
            raise Unreachable("with a name or a password")
        if port not in (None, *PORTS.values()) and not any(port == other for _address, other in self._allowed):
            raise Unreachable(f"port {port}")
        return parts

    def _connect(self, parts: SplitResult) -> socket.socket:
        """A connection to an address of the host. All of them are checked, and what is connected to is one of these:
        a second question to the resolver could get another answer."""
        port = parts.port or PORTS[parts.scheme]
        addresses = self._resolve(str(parts.hostname), port)
        for address in addresses:
            self._require_public(address, port)
        error: OSError | None = None
        for address in addresses:
            try:
                connected = socket.create_connection((address, port), timeout=self._remaining())
            except OSError as raised:
                error = raised
                continue
            self._require_public(connected.getpeername()[0], port, connected)
            return connected
        raise Unreachable(f"no connection: {error}")

    def _require_public(self, address: str, port: int, connected: socket.socket | None = None) -> None:
        if not is_public(address) and (address, port) not in self._allowed:
            if connected is not None:
                connected.close()
            raise Unreachable(f"{address} is not public")

    def _remaining(self) -> float:
        left = self._deadline - monotonic()
        if left <= 0:
            raise Unreachable("took too long")
        return left

    def _read(self, url: str, response: http.client.HTTPResponse) -> Fetched:
        if response.status != 200:
            raise Unreachable(f"status {response.status}")
        body = bytearray()
        while len(body) <= MAX_BYTES:
            self._remaining()
            chunk = response.read1(_CHUNK_BYTES)
            if not chunk:
                break
            body += chunk
        content = _decompressed(bytes(body), response.headers.get("Content-Encoding", "identity"))
        return Fetched(
            url,
            response.headers.get_content_type(),
            response.headers.get_content_charset(),
            content[:MAX_BYTES],
            is_complete=len(content) <= MAX_BYTES,
        )


class _Connection:
    """One request over a socket that is connected. At the deadline the socket is shut down, whatever the other side
    does: a limit for each read would allow a byte a second."""

    def __init__(self, parts: SplitResult, connected: socket.socket, deadline: float):
        self._socket = connected
        self._timer = threading.Timer(max(0.0, deadline - monotonic()), self._give_up)
        self._timer.daemon = True
        self._timer.start()
        try:
            if parts.scheme == "https":
                context = ssl.create_default_context()
                self._socket = context.wrap_socket(connected, server_hostname=parts.hostname)
        except BaseException:
            self.__exit__()
            raise
        host = str(parts.hostname).encode("idna").decode() if not str(parts.hostname).isascii() else parts.hostname
        self._client = http.client.HTTPConnection(f"[{host}]" if ":" in str(host) else str(host), parts.port)
        self._client.sock = self._socket

    def request(self, target: str, accept: str) -> http.client.HTTPResponse:
        """Send a GET and return the answer, whose body is not read yet."""
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": accept,
            "Accept-Encoding": "identity",
            "Accept-Language": "en",
            "Connection": "close",
        }
        self._client.request("GET", target, headers=headers)
        return self._client.getresponse()

    def __enter__(self) -> "_Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._socket.close()

    def _give_up(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)


def _target(parts: SplitResult) -> str:
    """Path and query in ASCII."""
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return "".join(each if each.isascii() else "".join(f"%{byte:02X}" for byte in each.encode()) for each in path)


def _decompressed(body: bytes, encoding: str) -> bytes:
    """The content of a body, at most one byte more than MAX_BYTES. Raises Unreachable."""
    if encoding.strip().lower() in ("", "identity"):
        return body
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        raise Unreachable(f"encoding {encoding}")
    try:
        # 47: zlib or gzip, whichever it is.
        return zlib.decompressobj(47).decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise Unreachable("a damaged body") from error
