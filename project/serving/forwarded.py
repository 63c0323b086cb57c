"""The client's address and scheme behind proxies. Only headers of trusted proxies count. No I/O."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Literal, NamedTuple

UNIX = "unix"
"""The entry of TRUSTED_PROXIES for all peers of a Unix socket."""


class Hop(NamedTuple):
    """An address on the way of a request. `claimed`: only the request itself says so, and may be lying."""

    address: str
    role: Literal["claimed", "client", "proxy"]


class TrustedProxies:
    """The proxies that are trusted: addresses, networks, or `unix`. Raises ValueError for anything else."""

    def __init__(self, entries: Iterable[str]):
        entries = [entry.strip() for entry in entries]
        self._unix = UNIX in entries
        self._networks = [ip_network(entry, strict=False) for entry in entries if entry != UNIX]

    def client(self, peer: str | None, forwarded_for: list[bytes]) -> str | None:
        """The client's address: `peer`, or the one that trusted proxies give in X-Forwarded-For.

        Each proxy appends the address of its peer. So the last address that is not a trusted proxy's is the client's;
        those before it may be forged. `peer` is None for a Unix socket.
        """
        client = peer
        hops = [hop.strip() for value in forwarded_for for hop in value.split(b",")]
        while hops and self.trusts(client):
            address = _address(hops.pop())
            if address is None:
                break
            client = address
        return client

    def route(self, peer: str | None, forwarded_for: list[bytes]) -> list[Hop]:
        """The way of a request, from the client to the peer of this server: see `client`."""
        hops = [hop.strip() for value in forwarded_for for hop in value.split(b",")]
        client, route = peer, []
        while hops and self.trusts(client) and (address := _address(hops[-1])) is not None:
            route.append(Hop(client or UNIX, "proxy"))
            client = address
            hops.pop()
        route.append(Hop(client or UNIX, "client"))
        route += [Hop(hop.decode("latin1"), "claimed") for hop in reversed(hops)]
        return route[::-1]

    def scheme(self, peer: str | None, forwarded_proto: list[bytes]) -> str | None:
        """`http` or `https` from a trusted proxy's X-Forwarded-Proto; None without one."""
        if not forwarded_proto or not self.trusts(peer):
            return None
        scheme = forwarded_proto[-1].split(b",")[-1].strip().lower()
        return scheme.decode() if scheme in (b"http", b"https") else None

    def trusts(self, peer: str | None) -> bool:
        """Whether `peer` is a trusted proxy."""
        if peer is None:
            return self._unix
        if not self._networks:
            return False
        address = ip_address(peer)
        return any(address in network for network in self._networks)


@lru_cache(1024)
def canonical(address: str) -> str:
    """An address without zone, and as IPv4 if it is an IPv4 address that arrived on an IPv6 socket."""
    parsed = ip_address(address.partition("%")[0])
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


@lru_cache(4096)
def client_network(address: str) -> str:
    """The network that counts as one client: an IPv4 address, or the /64 of an IPv6 address.

    A /64 is the smallest network that a customer gets (RFC 6177).
    """
    parsed = ip_address(canonical(address))
    if parsed.version == 4:
        return str(parsed)
    return str(ip_network((parsed, 64), strict=False))


def _address(hop: bytes) -> str | None:
    """The address in one hop of the header; some proxies add a port, and brackets around IPv6."""
    text = hop.decode("latin1")
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return canonical(text)
    except ValueError:
        return None
