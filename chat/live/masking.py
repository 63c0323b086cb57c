"""Masks the secrets in the headers that a person is shown: cookies, tokens, passwords. No I/O.

It is the person's own connection, but they may copy the page for someone who helps them, or share their screen.
"""

import re
from urllib.parse import parse_qsl

from chat.protocol.handshake import OBSERVE_QUERY
from chat.protocol.observation import Header

MASK = "•••"
_SECRET_NAME = re.compile(
    r"auth|cookie|token|secret|session|passw|credential|signature|assertion|jwt|oidc|csrf|key", re.IGNORECASE
)
# Random numbers of a handshake, no secrets (RFC 6455 §10.3).
_PUBLIC_NAMES = {"sec-websocket-key", "sec-websocket-accept"}


def header(name: str, value: str) -> Header:
    """A header as it is shown. Of cookies the names stay, of Authorization the scheme."""
    lower = name.lower()
    if lower in _PUBLIC_NAMES or not _SECRET_NAME.search(lower):
        return Header(name=name, value=value, masked=False)
    if lower == "cookie":
        shown = "; ".join(_masked_pair(pair) for pair in value.split(";"))
    elif lower == "set-cookie":
        first, separator, attributes = value.partition(";")
        shown = f"{_masked_pair(first)}{separator}{attributes}"
    elif lower in ("authorization", "proxy-authorization") and " " in value:
        shown = f"{value.split(' ')[0]} {MASK}"
    else:
        shown = MASK
    return Header(name=name, value=shown, masked=True)


def request_line(line: str) -> str:
    """A request line whose query shows the names of its parameters only."""
    method, _, rest = line.partition(" ")
    target, _, version = rest.rpartition(" ")
    path, mark, query = target.partition("?")
    if not mark or query == OBSERVE_QUERY.decode():
        return line
    names = "&".join(f"{name}={MASK}" for name, _value in parse_qsl(query, keep_blank_values=True))
    return f"{method} {path}?{names} {version}"


def _masked_pair(pair: str) -> str:
    # A cookie without a name has only a value.
    name, equals, _value = pair.strip().partition("=")
    return f"{name}={MASK}" if equals else MASK
