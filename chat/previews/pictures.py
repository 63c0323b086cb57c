"""Pictures of previews: decoded and encoded again, so that readers get nothing of the file but its pixels."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

MAX_PIXELS = 24_000_000
MAX_SIDE_PX = 720
"""A preview is at most 360 CSS pixels wide; screens of phones have two or three pixels for each."""
MIN_SIDE_PX = 24
ICON_PX = 64
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
ICON_FORMATS = (*FORMATS, "ICO")


@dataclass
class Picture:
    """A picture in WebP, and its size in pixels."""

    content: bytes
    width: int
    height: int


def encode_picture(content: bytes) -> Picture | None:
    """A picture for a preview; None for what is no picture, or too small or too large a one."""
    return _encode(content, FORMATS, MAX_SIDE_PX, MIN_SIDE_PX)


def encode_icon(content: bytes) -> Picture | None:
    """The icon of a site; None as above."""
    return _encode(content, ICON_FORMATS, ICON_PX, 8)


def _encode(content: bytes, formats: tuple[str, ...], longest: int, shortest: int) -> Picture | None:
    try:
        with Image.open(BytesIO(content), formats=formats) as opened:
            width, height = opened.size
            if width * height > MAX_PIXELS or min(width, height) < shortest:
                return None
            opened.draft("RGB", (2 * longest, 2 * longest))
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
            upright.thumbnail((longest, longest), Image.Resampling.LANCZOS)
            made = Image.new("RGBA", upright.size)
            # Pixels only: what else the file had stays behind.
            made.paste(upright)
            if made.getchannel("A").getextrema() == (255, 255):
                made = made.convert("RGB")
            out = BytesIO()
            made.save(out, "WEBP", quality=80, method=4)
            return Picture(out.getvalue(), *made.size)
    except Exception:
        # Pillow's plugins raise nearly anything for a damaged file.
        return None
