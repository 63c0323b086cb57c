"""Normalises host names, addresses and origins, so that equal ones are equal strings. No I/O."""

import re
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
_ALL_ADDRESSES = {"*", "0.0.0.0", "::"}

# Letters, digits and hyphens (RFC 1123 section 2.1): Django's get_host accepts nothing else.
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*")
_NUMBER_LAST = re.compile(r"(.*\.)?[0-9]+")


def host(text: str) -> str:
    """A name in lower case without a trailing dot, an IPv4 address, or an IPv6 address in brackets.

    Raises ValueError for anything else, also for a port.
    """
    text = text.lower().removesuffix(".")
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
        if ":" not in text:
            raise ValueError(text)
    if ":" in text:
        if "%" in text:
            raise ValueError("an IPv6 zone is valid on one machine only")
        return f"[{IPv6Address(text)}]"
    # A name that ends in a number must be an IPv4 address (WHATWG URL, "ends in a number").
    if _NUMBER_LAST.fullmatch(text):
        return str(IPv4Address(text))
    if not _NAME.fullmatch(text):
        raise ValueError(text)
    return text


def host_and_port(text: str) -> tuple[str, int | None]:
    """`host` or `host:port`, with IPv6 in brackets. Raises ValueError."""
    name, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        return _bracketed(text), None
    if not re.fullmatch(r"[0-9]{1,5}", port, re.ASCII) or not 1 <= int(port) <= 65535:
        raise ValueError(port)
    return _bracketed(name), int(port)


def origin(text: str) -> str:
    """`scheme://host` or `scheme://host:port`, without the scheme's default port (RFC 6454 section 6.1).

    Raises ValueError for anything else, also for `null` and for URLs with a path.
    """
    parts = urlsplit(text)
    if parts.scheme not in DEFAULT_PORTS or text.lower() != f"{parts.scheme}://{parts.netloc.lower()}":
        raise ValueError(text)
    name, port = host_and_port(parts.netloc)
    return f"{parts.scheme}://{name}" + (f":{port}" if port not in (None, DEFAULT_PORTS[parts.scheme]) else "")


def allowed_origin(text: str) -> str:
    """An origin, or one whose first label is `*`, which matches all subdomains. Raises ValueError."""
    scheme, separator, rest = text.partition("://")
    if rest.startswith("*."):
        return origin(f"{scheme}{separator}{rest[2:]}").replace("://", "://*.", 1)
    return origin(text)


def site_url(text: str) -> str:
    """The origin of the site's pages; a trailing slash is removed. Raises ValueError."""
    return origin(text.removesuffix("/"))


def site_address(text: str) -> str:
    """A name or an IP address, with or without a port. Raises ValueError."""
    name, port = host_and_port(text)
    return f"{name}:{port}" if port else name


def host_pattern(text: str) -> str:
    """An entry of Django's ALLOWED_HOSTS: a host, `.example.com`, or `*`. Raises ValueError."""
    if text == "*":
        return text
    if text.startswith("."):
        return f".{host(text[1:])}"
    return host(text)


def listen_address(text: str) -> str:
    """A name or an address to bind, IPv6 without brackets; `*`, `0.0.0.0` and `::` mean all. Raises ValueError."""
    if text == "*":
        return text
    address, percent, zone = text.partition("%")
    return host(address).strip("[]") + percent + zone


def own_hosts(site_address: str, listen: str) -> list[str]:
    """The default of ALLOWED_HOSTS: the site's name; without one, the names of this machine."""
    if site_address:
        return [host_and_port(site_address)[0]]
    if listen in _ALL_ADDRESSES:
        return LOCAL_HOSTS
    return [*dict.fromkeys([*LOCAL_HOSTS, _as_host(listen)])]


def default_site_url(site_address: str, listen: str, port: int, allowed: list[str], *, tls: bool) -> str:
    """The default of SITE_URL. `port` is that of plain HTTP."""
    if site_address:
        return origin(f"https://{site_address}")
    name = _as_host(listen)
    if listen in _ALL_ADDRESSES or name in LOCAL_HOSTS or name not in allowed:
        name = "localhost" if {"localhost", "*"} & {*allowed} else allowed[0].removeprefix(".")
    if tls and name not in LOCAL_HOSTS:
        return f"https://{name}"
    return origin(f"http://{name}:{port}")


def _as_host(listen: str) -> str:
    return f"[{listen.partition('%')[0]}]" if ":" in listen else listen


def _bracketed(text: str) -> str:
    if ":" in text and not text.startswith("["):
        raise ValueError(text)
    return host(text)
