"""Who is really there, behind proxies. Headers count only when a trusted proxy handed them over. No I/O."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address, ip_network

UNIX = "unix"
"""The entry of TRUSTED_PROXIES that stands for everything that comes through a Unix socket."""


class Proxies:
    """The proxies that are trusted: addresses, networks, or `unix`. Raises ValueError for anything else."""

    def __init__(self, entries: Iterable[str]):
        entries = [entry.strip() for entry in entries]
        self._unix = UNIX in entries
        self._networks = [ip_network(entry, strict=False) for entry in entries if entry != UNIX]

    def client(self, peer: str | None, forwarded_for: list[bytes]) -> str | None:
        """The address of the client: `peer`, or what the trusted proxies say in X-Forwarded-For.

        Each proxy adds at the right whom it saw. So the first address from the right that is not one of our proxies
        is the client's; what stands left of it may be forged. `peer` is None for a Unix socket.
        """
        client = peer
        hops = [hop.strip() for value in forwarded_for for hop in value.split(b",")]
        while hops and self.trust(client):
            address = _address(hops.pop())
            if address is None:
                break
            client = address
        return client

    def scheme(self, peer: str | None, forwarded_proto: list[bytes]) -> str | None:
        """`http` or `https`, as a trusted proxy says it was asked; None when none says so."""
        if not forwarded_proto or not self.trust(peer):
            return None
        said = forwarded_proto[-1].split(b",")[-1].strip().lower()
        return said.decode() if said in (b"http", b"https") else None

    def trust(self, peer: str | None) -> bool:
        """Whether `peer` is one of our proxies."""
        if peer is None:
            return self._unix
        if not self._networks:
            return False
        address = ip_address(peer)
        return any(address in network for network in self._networks)


@lru_cache(1024)
def plain(address: str) -> str:
    """An address as people write it: IPv4 that arrived on an IPv6 socket, without its prefix and zone."""
    parsed = ip_address(address.partition("%")[0])
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


@lru_cache(4096)
def network(address: str) -> str:
    """The network whose connections count as one client's: an IPv4 address, or the /64 of an IPv6 address.

    A /64 is the least that one customer gets (RFC 6177).
    """
    parsed = ip_address(plain(address))
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
        return plain(text)
    except ValueError:
        return None
