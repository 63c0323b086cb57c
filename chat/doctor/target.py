"""The address to check: where to connect, and what a page of the site would send."""

import asyncio
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

SOCKET_PATH = "/chat"
SCHEMES = {"http": False, "ws": False, "https": True, "wss": True}
"""Schemes of addresses that can be checked, and whether they mean TLS."""
TIMEOUT_S = 10
"""For one connection, one response, one answer."""


class BadAddress(ValueError):
    """The text is no address that can be checked."""


@dataclass(frozen=True)
class Target:
    """A site: the host and port of its address, and the path of its socket. `address`: the IP address to connect to."""

    secure: bool
    host: str
    port: int
    path: str = SOCKET_PATH
    address: str = ""

    @classmethod
    def parse(cls, url: str) -> "Target":
        """Read `https://chat.example.com`, `http://…`, `ws://…` or `wss://…`. Raises BadAddress."""
        try:
            parts = urlsplit(url if "://" in url else f"https://{url}")
            port = parts.port
        except ValueError as error:
            raise BadAddress(str(error)) from None
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise BadAddress("An address begins with https://, http://, wss:// or ws://, and names a host.")
        if parts.username is not None or parts.query or parts.fragment:
            raise BadAddress("An address has no user name, no query and no fragment.")
        if not (parts.hostname + parts.path).isascii() or any(
            character.isspace() for character in parts.hostname + parts.path
        ):
            raise BadAddress("An address is in ASCII, without white space.")
        secure = SCHEMES[parts.scheme]
        path = SOCKET_PATH if parts.path in {"", "/"} else parts.path
        return cls(secure, parts.hostname, port or (443 if secure else 80), path)

    async def resolved(self) -> "Target":
        """The same target with its first IP address, unless it has one. Raises OSError when the name has none."""
        if self.address:
            return self
        loop = asyncio.get_running_loop()
        *_, address = (await loop.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM))[0]
        return Target(self.secure, self.host, self.port, self.path, address[0])

    @property
    def host_header(self) -> str:
        """The `Host` header of a browser (RFC 9110, section 7.2): the default port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The `Origin` of a page of the site (RFC 6454)."""
        return f"{'https' if self.secure else 'http'}://{self.host_header}"

    async def connect(self, context: ssl.SSLContext | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection to the resolved address. Raises OSError (an SSLError too) and TimeoutError."""
        tls = {"ssl": context, "server_hostname": self.host} if self.secure else {}
        return await asyncio.wait_for(asyncio.open_connection(self.address, self.port, **tls), TIMEOUT_S)


def tls_context(authority: str | None = None, *, verifies: bool = True) -> ssl.SSLContext:
    """A context that verifies certificates, with the certificates of the file `authority` as well; or one that accepts
    any certificate."""
    context = ssl.create_default_context(cafile=authority)
    if not verifies:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    # What a browser offers for a WebSocket: over HTTP/2 it would need RFC 8441, which hardly any proxy has.
    context.set_alpn_protocols(["http/1.1"])
    return context
