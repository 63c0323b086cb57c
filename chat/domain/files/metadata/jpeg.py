"""JPEG (ITU-T T.81 annex B): segments, each with a marker."""

import re

from .exif import UPRIGHT, orientation_only

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_APP0, _EXIF, _ICC, _ADOBE, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_APPLICATION = range(0xE0, 0xF0)
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length."""
# In a scan, FF is followed by 00 if it is data, or by the marker of a restart.
_NEXT_MARKER = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")
_JFIF_BYTES = 14


def without_metadata(picture: bytes, orientation: int = UPRIGHT) -> bytes:
    """The picture with the segments that are needed to draw it. Raises ValueError and IndexError."""
    if picture[:2] != b"\xff\xd8":
        raise ValueError("It does not begin as a JPEG.")
    kept = [b"\xff\xd8"]
    if orientation != UPRIGHT:
        kept.append(_segment(_EXIF, b"Exif\0\0" + orientation_only(orientation)))
    at = 2
    while True:
        at, marker = _marker(picture, at)
        if marker == _END:
            # What follows is no part of the picture: a second picture of a phone, or anything else.
            return b"".join([*kept, b"\xff\xd9"])
        if marker in _ALONE or marker == _START:
            continue
        length = int.from_bytes(picture[at : at + 2])
        data = picture[at + 2 : at + length]
        if length < 2 or len(data) != length - 2:
            raise ValueError("A segment is cut off.")
        at += length
        if not _is_metadata(marker, data):
            kept.append(_segment(marker, _without_preview(marker, data)))
        if marker == _SCAN:
            end = _NEXT_MARKER.search(picture, at)
            if end is None:
                raise ValueError("The end is missing.")
            kept.append(picture[at : end.start()])
            at = end.start()


def _marker(picture: bytes, at: int) -> tuple[int, int]:
    """The position after the marker at `at`, and the marker."""
    if picture[at] != 0xFF:
        raise ValueError("A marker is missing.")
    while picture[at] == 0xFF:
        at += 1
    return at + 1, picture[at]


def _is_metadata(marker: int, data: bytes) -> bool:
    if marker == _APP0:
        return not data.startswith(b"JFIF\0")
    if marker == _ICC:
        return not data.startswith(b"ICC_PROFILE\0")
    if marker == _ADOBE:
        return not data.startswith(b"Adobe")
    return marker in _APPLICATION or marker == _COMMENT


def _without_preview(marker: int, data: bytes) -> bytes:
    return data[: _JFIF_BYTES - 2] + b"\0\0" if marker == _APP0 and len(data) >= _JFIF_BYTES else data


def _segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2) + data
