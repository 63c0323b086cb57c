"""Pictures of people: checked, cut to a square and encoded again, so that nothing of the uploaded file is kept.

They are stored by Django's storage API under random names: who may see a picture is decided by the database.
"""

import re
import secrets
import threading
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from .errors import Invalid, TooLong

SIDE_PX = 256
"""The side of a stored picture. The largest place on a page has half as many CSS pixels."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
"""The accepted formats, by the content of the file. SVG is not accepted: it can have scripts."""
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 12_000_000
"""The limit for an uploaded image. A decoded pixel takes four bytes."""
MIN_SIDE_PX = 16
FOLDER = "people"
NAME = re.compile(rf"{FOLDER}/[0-9a-f]{{32}}\.webp\Z")
"""The names of pictures in the storage."""

# One at a time: decoding takes up to 100 MB.
_decoding = threading.Lock()


def encode(image: bytes) -> bytes:
    """A picture in WebP, SIDE_PX wide and high, made of the middle square of `image`: turned as its EXIF data say,
    without these data, without further frames. Raises Invalid and TooLong."""
    if len(image) > MAX_BYTES:
        raise TooLong(_("A picture can have at most %(limit)d MB.") % {"limit": MAX_BYTES // 1024**2}, field="picture")
    with _decoding:
        try:
            with Image.open(BytesIO(image), formats=FORMATS) as opened:
                _check_size(opened)
                return _encode(opened)
        except (Invalid, TooLong):
            raise
        except Exception as error:
            # Pillow's plugins raise nearly anything for a damaged file: OSError, SyntaxError, struct.error …
            raise Invalid(_("This file is not a picture: choose a JPEG, PNG, WebP or GIF."), field="picture") from error


def _check_size(image: Image.Image) -> None:
    # Known from the header, before anything is decoded.
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise TooLong(_("This picture has too many pixels. Make it smaller."), field="picture")
    if min(width, height) < MIN_SIDE_PX:
        raise Invalid(_("This picture is too small."), field="picture")


def _encode(image: Any) -> bytes:
    # JPEG is decoded at a fraction of its size, if that is large enough.
    image.draft("RGB", (2 * SIDE_PX, 2 * SIDE_PX))
    upright = ImageOps.exif_transpose(image)
    square = ImageOps.fit(upright.convert("RGBA"), (SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
    made = Image.new("RGBA", square.size)
    # Only the pixels are copied: EXIF data, colour profiles and comments of the file are left out.
    made.paste(square)
    if made.getchannel("A").getextrema() == (255, 255):
        made = made.convert("RGB")
    out = BytesIO()
    made.save(out, "WEBP", quality=85, method=4)
    return out.getvalue()


def store(picture: bytes) -> str:
    """Store an encoded picture and return its name in the storage."""
    return default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}.webp", BytesIO(picture))


def delete(name: str) -> None:
    """Delete a picture from the storage."""
    default_storage.delete(name)


def open_file(name: str) -> IO[bytes] | None:
    """A stored picture, open for reading; None if it is missing: a restored database may be older than the files."""
    try:
        return default_storage.open(name, "rb")
    except FileNotFoundError:
        return None


def path_of(user_id: int, name: str) -> str:
    """The path of a user's picture on the site. `name`: its name in the storage, which is another one for each
    picture."""
    return reverse("chat:picture", args=[user_id, PurePosixPath(name).stem])
