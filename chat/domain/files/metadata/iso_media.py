"""MP4 and QuickTime (ISO/IEC 14496-12): boxes. A phone writes into them where a video was taken."""

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

_CONTAINERS = frozenset({b"moov", b"trak", b"mdia"})
_PERSONAL = frozenset({b"udta", b"meta", b"uuid"})
"""User data and metadata: place, device, comments. Players need none of them."""
MAX_DEPTH = 3
MAX_BOXES = 2000
_COPY_BYTES = 1024 * 1024


class Box(NamedTuple):
    """A box in a file: its name, and where it and its content begin and end."""

    name: bytes
    start: int
    content: int
    end: int


class About(NamedTuple):
    """What a reader needs to know of a video; 0 or None for what it does not say."""

    width: int
    height: int
    duration_ms: int | None
    has_pictures: bool


def boxes(file: BinaryIO, start: int, end: int, depth: int = 0) -> Iterator[Box]:
    """The boxes between two positions, those in `_CONTAINERS` followed by their content. Raises ValueError."""
    at = start
    while at + 8 <= end:
        file.seek(at)
        size, name = struct.unpack(">I4s", file.read(8))
        content = at + 8
        if size == 1:
            size, content = int.from_bytes(file.read(8)), at + 16
        elif size == 0:
            size = end - at
        if size < content - at or at + size > end:
            raise ValueError("A box is cut off.")
        yield Box(name, at, content, at + size)
        if name in _CONTAINERS and depth < MAX_DEPTH:
            yield from boxes(file, content, at + size, depth + 1)
        at += size


def read(file: BinaryIO, size: int) -> tuple[About, list[Box]]:
    """What a video is, and its boxes with personal data. Raises ValueError."""
    width = height = 0
    duration_ms = None
    has_pictures = False
    personal = []
    for count, box in enumerate(boxes(file, 0, size)):
        if count > MAX_BOXES:
            raise ValueError("It has too many boxes.")
        if box.name in _PERSONAL:
            personal.append(box)
        elif box.name == b"mvhd":
            duration_ms = _duration_ms(_content(file, box, 32))
        elif box.name == b"tkhd":
            found = _size(_content(file, box, 104))
            width, height = max((width, height), found, key=lambda each: each[0] * each[1])
        elif box.name == b"hdlr":
            has_pictures = has_pictures or _content(file, box, 12)[8:12] == b"vide"
    return About(width, height, duration_ms, has_pictures), personal


def copy_without(source: BinaryIO, target: BinaryIO, personal: list[Box]) -> None:
    """Copy a file, with zeros in place of these boxes: nothing else moves, so the tables of positions stay right."""
    source.seek(0)
    while block := source.read(_COPY_BYTES):
        target.write(block)
    for box in personal:
        target.seek(box.start + 4)
        target.write(b"free")
        target.seek(box.content)
        target.write(b"\0" * (box.end - box.content))


def _content(file: BinaryIO, box: Box, limit: int) -> bytes:
    file.seek(box.content)
    return file.read(min(limit, box.end - box.content))


def _duration_ms(mvhd: bytes) -> int | None:
    if not mvhd:
        return None
    scale, duration = struct.unpack_from(">IQ", mvhd, 20) if mvhd[0] else struct.unpack_from(">II", mvhd, 12)
    return duration * 1000 // scale if scale and duration < 1 << 40 else None


def _size(tkhd: bytes) -> tuple[int, int]:
    """Width and height as shown: a phone held upright writes a matrix that turns the pictures by 90 degrees."""
    at = 48 if tkhd[:1] == b"\1" else 36
    if not tkhd or len(tkhd) < at + 44:
        return 0, 0
    *matrix, width, height = struct.unpack_from(">9i2I", tkhd, at + 4)
    is_turned = matrix[0] == 0 and matrix[1] != 0
    size = (width >> 16, height >> 16)
    return size[::-1] if is_turned else size
