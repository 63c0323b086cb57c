"""Which addresses may be connected to: those of the public internet only.

A link is written by anybody, and fetched from inside the network of the site. Without this check it could reach the
database, the router or the metadata service of a cloud (server-side request forgery). Python's `is_global` has changed
between versions, so the ranges of the registries of IANA are listed here (RFC 6890 and its updates).
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_FORBIDDEN_V4 = [
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared, of providers; also the metadata service of one cloud
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a public address that a cloud answers from inside
        "169.254.0.0/16",  # link-local; the metadata service of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
]
_GLOBAL_V6 = ip_network("2000::/3")
"""All that IANA has allocated. Outside are loopback, mapped and translated IPv4 (`::ffff:0:0/96`, NAT64), private,
link-local and multicast addresses."""
_FORBIDDEN_V6 = [
    ip_network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: holds any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
]


def is_public(address: str) -> bool:
    """Whether this is an address of the public internet. False for anything that is not the text of an address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _FORBIDDEN_V4)
    return _is_public_v6(parsed)


def _is_public_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None or address not in _GLOBAL_V6:
        return False
    return not any(address in network for network in _FORBIDDEN_V6)
