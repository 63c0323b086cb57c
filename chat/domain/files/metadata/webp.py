"""WebP (RFC 9649): a RIFF file of chunks."""

import struct

from .exif import UPRIGHT, orientation_only

_KEPT = frozenset({b"VP8X", b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"})
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04


def without_metadata(picture: bytes, orientation: int = UPRIGHT) -> bytes:
    """The picture with the chunks that are needed to draw it. Raises ValueError.

    A simple file (without `VP8X`) has no place for metadata, and no orientation.
    """
    if picture[:4] != b"RIFF" or picture[8:12] != b"WEBP":
        raise ValueError("It does not begin as a WebP.")
    end = 8 + int.from_bytes(picture[4:8], "little")
    if end > len(picture):
        raise ValueError("It is cut off.")
    kept: list[bytes] = []
    turned = orientation != UPRIGHT
    at = 12
    while at + 8 <= end:
        name = picture[at : at + 4]
        length = int.from_bytes(picture[at + 4 : at + 8], "little")
        data = picture[at + 8 : at + 8 + length]
        if len(data) != length:
            raise ValueError("A chunk is cut off.")
        at += 8 + length + length % 2
        if name == b"VP8X":
            flags = data[0] & ~(_EXIF_FLAG | _XMP_FLAG) | (_EXIF_FLAG if turned else 0)
            data = bytes([flags]) + data[1:]
        if name in _KEPT:
            kept.append(_chunk(name, data))
    if turned and kept and kept[0].startswith(b"VP8X"):
        kept.append(_chunk(b"EXIF", orientation_only(orientation)))
    content = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(content)) + content


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
