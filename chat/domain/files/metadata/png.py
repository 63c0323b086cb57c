"""PNG (W3C, third edition) with animation: chunks."""

import struct
import zlib

from .exif import UPRIGHT, orientation_only

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS acTL fcTL fdAT cHRM gAMA iCCP sRGB sBIT cICP mDCV cLLI bKGD pHYs".split())


def without_metadata(picture: bytes, orientation: int = UPRIGHT) -> bytes:
    """The picture with the chunks that are needed to draw it. Raises ValueError."""
    if not picture.startswith(_SIGNATURE):
        raise ValueError("It does not begin as a PNG.")
    kept = [_SIGNATURE]
    at = len(_SIGNATURE)
    while True:
        head = picture[at : at + 8]
        if len(head) < 8:
            raise ValueError("The end is missing.")
        length, name = struct.unpack(">I4s", head)
        chunk = picture[at : at + 12 + length]
        if len(chunk) != 12 + length:
            raise ValueError("A chunk is cut off.")
        at += len(chunk)
        if name in _KEPT:
            kept.append(chunk)
        if name == b"IHDR" and orientation != UPRIGHT:
            kept.append(_chunk(b"eXIf", orientation_only(orientation)))
        if name == b"IEND":
            return b"".join(kept)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
