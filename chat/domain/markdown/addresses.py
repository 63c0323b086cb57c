"""Addresses in a text: bare ones, those in angle brackets, and the destination of `[label](address "title")`.

Each function takes a text and a position, and looks ahead a bounded number of times. So the time for a text grows
linearly with its length.
"""

import re
import threading
from html import escape
from typing import NamedTuple

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.common.utils import unescapeAll

from .characters import CJK_PUNCTUATION, match_end

MAX_ADDRESS = 2000
"""Limit of a bare address after its host, in characters. Further text is not part of it."""
MAX_UNUSUAL = 250
"""Limit of addresses in a message that need `normalizeLink`, which takes about 50 µs for each."""
_PARENTHESES_DEEP = 32  # CommonMark asks for at least 3.
# Addresses of other schemes, and relative ones, stay text: they do not work in a chat.
_ALLOWED = re.compile(r"https?:|mailto:|/|#", re.IGNORECASE)

# Addresses that `normalizeLink` would not change. Most are such, and the call is slow.
_NORMAL = re.compile(
    r"(?:https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]+)?(?=[/?#]|\Z)|/(?!/))[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]*\Z"
    r"|mailto:[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+\Z"
)

_LABEL = rf"[^\s\x00-\x20\x7f<>\"`\[\](){{}}|\\^/?#,;!'*~&:.{CJK_PUNCTUATION}\u2014\u2018-\u201f\u2026]"
_HOST = rf"(?:\[[0-9A-Fa-f:.]{{2,45}}\]|{_LABEL}[^\s\x00-\x20\x7f<>\"`\[\](){{}}|\\^/?#{CJK_PUNCTUATION}]{{0,300}})"
_REST = rf"[^\s\x00-\x20\x7f<>\"`|\\^{CJK_PUNCTUATION}\u2014\u2018-\u201f\u2026]{{0,{MAX_ADDRESS}}}"
_BARE = re.compile(rf"(?:[hH][tT]{{2}}[pP][sS]?://{_HOST}|[wW]{{3}}(?:\.{_LABEL}{{1,63}}){{2,9}}){_REST}")
_MARKERS = re.compile(r"\*\*|~~")
_BRACKETS = re.compile(r"[()\[\]]")
_TRAILING = "?!.,:;'\"*_~&"

_ANGLE_ADDRESS = re.compile(r"<([A-Za-z][A-Za-z0-9+.\-]{1,31}:[^<>\x00-\x20]*)>")
_ANGLE_MAIL = re.compile(
    r"<([a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*)>"
)

_local = threading.local()
_SPACES = re.compile(r"[ \t\n]*")
_ANGLE_DESTINATION = re.compile(r"<([^<>\\\n]*(?:\\.[^<>\\\n]*)*)>")
_STOP = re.compile(r"\\.|[\x00-\x20\x7f()]")
_TITLE = re.compile(
    r"""[ \t\n]+("[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*'|\([^()\\]*(?:\\.[^()\\]*)*\))""", re.DOTALL
)
_CLOSE = re.compile(r"[ \t\n]*\)")


class Destination(NamedTuple):
    """The target of a link: `address` as typed, the opening `tag`, and `end`, the position after the `)`."""

    address: str
    tag: str
    end: int


def bare(src: str, at: int) -> int:
    """The end of the address that begins at `at` (`http://`, `https://` or `www.`); `at` if there is none.

    Trailing punctuation is not part of it. CJK punctuation, unpaired brackets and Markdown markers end it.
    """
    found = _BARE.match(src, at)
    if found is None:
        return at
    end = found.end()
    marker = _MARKERS.search(src, at, end)
    if marker:
        end = marker.start()
    return at + len(src[at : _balanced(src, at, end)].rstrip(_TRAILING))


def _balanced(src: str, at: int, end: int) -> int:
    """The position of the first closing bracket between `at` and `end` without an opening one, else `end`."""
    opened = []
    for found in _BRACKETS.finditer(src, at, end):
        if found[0] in "([":
            opened.append(found[0])
        elif opened and opened[-1] == ("(" if found[0] == ")" else "["):
            opened.pop()
        else:
            return found.start()
    return end


def in_angle_brackets(src: str, at: int) -> Destination | None:
    """The link of `<https://…>` or `<name@host>` at `at`; None when there is none, or its scheme is not allowed."""
    found = _ANGLE_ADDRESS.match(src, at)
    scheme = ""
    if found is None:
        found, scheme = _ANGLE_MAIL.match(src, at), "mailto:"
    if found is None:
        return None
    tag = opening_tag(scheme + found[1])
    return Destination(found[1], tag, found.end()) if tag else None


def destination(src: str, at: int) -> Destination | None:
    """The address and title in the parentheses at `at`; None when there are none, or the address is not allowed."""
    start = match_end(_SPACES, src, at + 1)
    angle = _ANGLE_DESTINATION.match(src, start)
    if angle:
        address, end = angle[1], angle.end()
    elif src.startswith("<", start):
        return None
    else:
        end = _unbracketed(src, start)
        address = src[start:end]
    title = _TITLE.match(src, end)
    close = title and _CLOSE.match(src, title.end())
    if not close:
        title, close = None, _CLOSE.match(src, end)
    if not close:
        return None
    address = unescapeAll(address)
    tag = opening_tag(address, unescapeAll(title[1][1:-1]) if title else "")
    return Destination(address, tag, close.end()) if tag else None


def _unbracketed(src: str, at: int) -> int:
    """The end of an address without angle brackets: white space, or a `)` that has no `(` in the address."""
    deep = 0
    for found in _STOP.finditer(src, at):
        if found[0] == "(":
            deep += 1
            if deep > _PARENTHESES_DEEP:
                return at
        elif found[0] == ")" and deep:
            deep -= 1
        elif not found[0].startswith("\\"):
            return found.start() if not deep else at
    return len(src) if not deep else at


class TooManyAddresses(Exception):
    """The message has more unusual addresses than MAX_UNUSUAL."""


def begin_message() -> None:
    """Count unusual addresses from 0 again."""
    _local.unusual = 0


def opening_tag(address: str, title: str = "") -> str | None:
    """The opening tag of a link to `address`; None if its scheme is not allowed.

    Raises TooManyAddresses, see `begin_message`.
    """
    href = address if _NORMAL.match(address) else _normalized(address)
    if not _ALLOWED.match(href):
        return None
    return f'<a href="{escape(href)}" title="{escape(title)}">' if title else f'<a href="{escape(href)}">'


def _normalized(address: str) -> str:
    _local.unusual = getattr(_local, "unusual", 0) + 1
    if _local.unusual > MAX_UNUSUAL:
        raise TooManyAddresses
    return normalizeLink(address)
