"""EXIF data with nothing but the orientation."""

import struct

UPRIGHT = 1
_ORIENTATION_TAG = 0x0112
_SHORT = 3


def orientation_only(orientation: int) -> bytes:
    """EXIF data in TIFF format (EXIF 2.32 section 4.5) with one entry."""
    entry = struct.pack(">HHIHH", _ORIENTATION_TAG, _SHORT, 1, orientation, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + b"\0\0\0\0"


def read_orientation(tiff: bytes) -> int:
    """The orientation (1 to 8) in EXIF data in TIFF format; UPRIGHT if they do not say. Raises struct.error."""
    order = {b"MM\0*": ">", b"II*\0": "<"}.get(tiff[:4])
    if order is None:
        return UPRIGHT
    (at,) = struct.unpack_from(order + "I", tiff, 4)
    (entries,) = struct.unpack_from(order + "H", tiff, at)
    for entry in range(at + 2, at + 2 + 12 * entries, 12):
        tag, kind, _count, value = struct.unpack_from(order + "HHIH", tiff, entry)
        if (tag, kind) == (_ORIENTATION_TAG, _SHORT):
            return value if value in range(1, 9) else UPRIGHT
    return UPRIGHT
