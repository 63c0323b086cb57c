"""Byte ranges of a request (RFC 9110 section 14), and whether its copy of a file is current (section 13)."""

import re
from typing import NamedTuple

# One range. Several at once are rare, and a server may answer them with the whole file.
_RANGE = re.compile(r"bytes=\s*(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))\s*\Z", re.IGNORECASE)


class ByteRange(NamedTuple):
    """Bytes of a file from `start` up to `end`, which is not part of it."""

    start: int
    end: int


class NotSatisfiable(Exception):
    """The range begins behind the end of the file."""


def parse(header: str | None, size: int) -> ByteRange | None:
    """The range that the header `Range` asks for; None for the whole file. Raises NotSatisfiable."""
    found = _RANGE.match(header or "")
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        if int(suffix) == 0 or size == 0:
            raise NotSatisfiable
        return ByteRange(max(0, size - int(suffix)), size)
    start, end = int(first), min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return None
    if start >= size:
        raise NotSatisfiable
    return ByteRange(start, end)


def applies(if_range: str | None, etag: str) -> bool:
    """Whether a range may be answered: `If-Range` names this form of the file, or there is none."""
    return if_range is None or if_range.strip() == etag


def is_known(if_none_match: str | None, etag: str) -> bool:
    """Whether the client has this form of the file."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or etag in (
        each.strip().removeprefix("W/") for each in if_none_match.split(",")
    )
