"""Removes from pictures and videos what their readers should not get: EXIF data with places, XMP, comments, previews,
bytes behind the end. Pixels and sound are not encoded again, and colour profiles stay.

Each function takes a file as bytes and returns it without these parts; ValueError for a file that does not follow its
format.
"""

from collections.abc import Callable

from . import gif, jpeg, png, webp

REMOVERS: dict[str, Callable[[bytes, int], bytes]] = {
    "image/jpeg": jpeg.without_metadata,
    "image/png": png.without_metadata,
    "image/gif": gif.without_metadata,
    "image/webp": webp.without_metadata,
}
"""By media type. The second argument is the EXIF orientation, 1 to 8: all that stays of the EXIF data, because a
browser needs it to turn the picture."""


def without_metadata(picture: bytes, media_type: str, orientation: int) -> bytes:
    """A picture of a type in REMOVERS without its metadata. Raises ValueError."""
    try:
        return REMOVERS[media_type](picture, orientation)
    except IndexError as error:
        raise ValueError("The picture ends too early.") from error
