"""GIF (CompuServe, GIF89a): blocks of sub-blocks."""

from .exif import UPRIGHT

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_KEPT_APPLICATIONS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
"""The number of repetitions, and the colour profile."""


def without_metadata(picture: bytes, orientation: int = UPRIGHT) -> bytes:
    """The picture with the blocks that are needed to draw it. It has no orientation. Raises ValueError, IndexError."""
    if picture[:6] not in (b"GIF87a", b"GIF89a"):
        raise ValueError("It does not begin as a GIF.")
    at = 13 + _table_bytes(picture[10])
    kept = [picture[:at]]
    while picture[at] != _TRAILER:
        start = at
        if picture[at] == _EXTENSION:
            at = _after_sub_blocks(picture, at + 2)
            if _is_needed(picture[start:at]):
                kept.append(picture[start:at])
        elif picture[at] == _IMAGE:
            # Descriptor, colour table, the code size, then sub-blocks.
            at = _after_sub_blocks(picture, at + 11 + _table_bytes(picture[at + 9]))
            kept.append(picture[start:at])
        else:
            raise ValueError("A block is unknown.")
    return b"".join([*kept, bytes([_TRAILER])])


def _table_bytes(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_sub_blocks(picture: bytes, at: int) -> int:
    while picture[at]:
        at += 1 + picture[at]
    return at + 1


def _is_needed(extension: bytes) -> bool:
    if extension[1] == _APPLICATION:
        return extension[3:14] in _KEPT_APPLICATIONS
    return extension[1] == _CONTROL
