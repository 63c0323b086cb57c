"""The size of a picture, read from its first bytes without decoding anything: for its box, before it is examined.

Whether the picture is what these bytes say, the child process finds out (`examination`).
"""

import struct
from typing import BinaryIO

from .metadata.exif import UPRIGHT, read_orientation

HEAD_BYTES = 256 * 1024
"""Before the size, a JPEG has its EXIF data with a small picture, and its colour profile."""
MAX_SIDE_PX = 65_535
_TURNED = range(5, 9)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG (ITU-T T.81 table B.1) that begin a frame: its size is behind them."""


def read(file: BinaryIO) -> tuple[str, int, int] | None:
    """Media type, width and height in pixels of a JPEG, PNG, GIF or WebP, as it will be shown; None for other files."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    try:
        for media_type, find in _FINDERS.items():
            found = find(head)
            if found and all(0 < side <= MAX_SIDE_PX for side in found):
                return media_type, *found
    except (struct.error, IndexError):
        pass
    return None


def _png(head: bytes) -> tuple[int, int] | None:
    return struct.unpack_from(">II", head, 16) if head[:8] == b"\x89PNG\r\n\x1a\n" and head[12:16] == b"IHDR" else None


def _gif(head: bytes) -> tuple[int, int] | None:
    return struct.unpack_from("<HH", head, 6) if head[:6] in (b"GIF87a", b"GIF89a") else None


def _webp(head: bytes) -> tuple[int, int] | None:
    """RFC 9649: the first chunk has the size."""
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    kind = head[12:16]
    if kind == b"VP8X":
        return _uint24(head, 24) + 1, _uint24(head, 27) + 1
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _uint24(head: bytes, at: int) -> int:
    return int.from_bytes(head[at : at + 3], "little")


def _jpeg(head: bytes) -> tuple[int, int] | None:
    if head[:2] != b"\xff\xd8":
        return None
    at, orientation = 2, UPRIGHT
    while True:
        marker, length = struct.unpack_from(">HH", head, at)
        if marker == 0xFFE1 and head[at + 4 : at + 10] == b"Exif\0\0":
            orientation = read_orientation(head[at + 10 : at + 2 + length])
        if marker >> 8 != 0xFF or length < 2:
            return None
        if marker & 0xFF in _FRAMES:
            height, width = struct.unpack_from(">HH", head, at + 5)
            return (height, width) if orientation in _TURNED else (width, height)
        at += 2 + length


_FINDERS = {"image/jpeg": _jpeg, "image/png": _png, "image/gif": _gif, "image/webp": _webp}
