"""WebM (RFC 9559): elements, each with an id and a size. Read up to the first cluster, where the pictures begin."""

import struct
from typing import NamedTuple

HEAD_BYTES = 256 * 1024
"""What a player needs to know is in the first kilobytes."""
_SEGMENT, _INFO, _SCALE, _DURATION = 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489
_TRACKS, _TRACK, _VIDEO, _WIDTH, _HEIGHT = 0x1654AE6B, 0xAE, 0xE0, 0xB0, 0xBA
_CLUSTER = 0x1F43B675
_CONTAINERS = frozenset({_SEGMENT, _INFO, _TRACKS, _TRACK, _VIDEO})
_DEFAULT_SCALE_NS = 1_000_000


class About(NamedTuple):
    """What a video says of itself; None for what it does not say."""

    width: int | None
    height: int | None
    duration_ms: int | None


def read(head: bytes) -> About:
    """What a WebM with this beginning is. A damaged one says nothing."""
    found: dict[int, bytes] = {}
    at = 0
    while at < len(head):
        identifier, at = _number(head, at, keep_marker=True)
        size, at = _number(head, at, keep_marker=False)
        if identifier is None or identifier == _CLUSTER:
            break
        if identifier in _CONTAINERS:
            # Its content follows: a recording does not know the size of its segment.
            continue
        if size is None:
            break
        # The first track with pictures counts.
        found.setdefault(identifier, head[at : at + size])
        at += size
    scale = int.from_bytes(found[_SCALE]) if _SCALE in found else _DEFAULT_SCALE_NS
    duration = _float(found.get(_DURATION, b""))
    width, height = (int.from_bytes(found.get(identifier, b"")[:4]) or None for identifier in (_WIDTH, _HEIGHT))
    return About(width, height, int(duration * scale / 1_000_000) if duration and duration < 1e12 else None)


def _number(head: bytes, at: int, *, keep_marker: bool) -> tuple[int | None, int]:
    """A number of one to eight bytes, and the position after it; None for one that is cut off or says "unknown"."""
    if at >= len(head) or head[at] == 0:
        return None, len(head)
    length = 9 - head[at].bit_length()
    value = int.from_bytes(head[at : at + length])
    if keep_marker:
        return value, at + length
    bits = (1 << (7 * length)) - 1
    return None if value & bits == bits else value & bits, at + length


def _float(data: bytes) -> float | None:
    formats = {4: ">f", 8: ">d"}
    return struct.unpack(formats[len(data)], data)[0] if len(data) in formats else None
