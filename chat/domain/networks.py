"""The networks by which an address is counted or banned."""

import ipaddress
from functools import lru_cache
from typing import NamedTuple

UNKNOWN = "unknown"
"""The network of a text that is not an IP address."""
WIDER = ((56, 2), (48, 4))
"""Prefix lengths that one customer may have (RFC 6177), and by how much their limit exceeds that of a /64."""


LARGEST_RANGE = {4: 16, 6: 32}
"""By version of IP, the shortest prefix of a range that can be banned: a wider one hits strangers only."""


class Range(NamedTuple):
    """Addresses that follow each other. `name` is an address or a prefix in CIDR notation; `first` and `last` are the
    places of its ends (`place_of`)."""

    name: str
    first: str
    last: str


def range_of(text: str) -> Range | None:
    """The range of an address (IPv4 itself, for IPv6 its /64) or of a prefix like `192.0.2.0/24`; None if it is none.

    Raises ValueError for a range that is wider than LARGEST_RANGE.
    """
    address, slash, _length = text.partition("/")
    if not slash:
        name = network_of(address)
        place = place_of(name)
        if not place:
            return None
        return Range(name, place, f"{place[:16]}{'f' * 16}" if ":" in name else place)
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    if network.prefixlen < LARGEST_RANGE[network.version]:
        raise ValueError
    single = 32 if network.version == 4 else 64
    if network.prefixlen >= single:
        return range_of(str(network.network_address))
    return Range(str(network), _place(network.network_address), _place(network.broadcast_address))


@lru_cache(maxsize=4096)
def place_of(network: str) -> str:
    """The place of an address among all addresses: 32 hexadecimal digits that are ordered like the addresses. IPv4 has
    the places of its mapped addresses (RFC 4291, 2.5.5.2). "" for a text that is no address."""
    try:
        return _place(ipaddress.ip_address(network))
    except ValueError:
        return ""


def _place(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    number = int(address)
    return f"{number + (0xFFFF << 32) if address.version == 4 else number:032x}"


def networks_of(address: str) -> list[tuple[str, int]]:
    """The networks for which attempts from an address are counted, each with a factor for the limits."""
    own = network_of(address)
    if ":" not in own:
        return [(own, 1)]
    wider = [(str(ipaddress.ip_network((own, bits), strict=False)), times) for bits, times in WIDER]
    return [(own, 1), *wider]


def network_of(address: str) -> str:
    """The network by which an address is counted: IPv4 itself; for IPv6 its /64, the smallest that one customer has
    (RFC 6177)."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
