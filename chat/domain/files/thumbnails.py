"""Pictures: checked, and made small. Runs in the child process of `examination`, because decoders have faults."""

from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps

from . import metadata
from .findings import Findings, Refused
from .metadata.exif import UPRIGHT

SIDES_PX = {"thumb-360": 360, "thumb-1080": 1080}
"""The longer side of each thumbnail. A smaller picture is not made larger."""
MAX_PIXELS = 64_000_000
"""Decoded, each takes four bytes. The cameras of most phones have at most 50 million."""
MAX_SIDE_PX = 30_000
MAX_FRAMES = 1000
MAX_FRAMES_PIXELS = 1_000_000_000
"""Of all frames of an animation together."""
QUALITY = 80
REPLACED = {"image/heic": ("JPEG", "image/jpeg", 92), "image/avif": ("WEBP", "image/webp", 90)}
"""Types that not all browsers show, and in which metadata is hard to find: format, type and quality of what is kept."""
_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/avif": "AVIF",
}
_MAX_PROFILE_BYTES = 64 * 1024
_ORIENTATION_TAG = 0x0112


def examine(source: Path, media_type: str, folder: Path) -> Findings:
    """Write the thumbnails of a picture, and the picture without metadata, into `folder`. Raises Refused."""
    if media_type == "image/heic":
        import pi_heif  # Registers itself with Pillow. Only here, because it loads a large library.

        pi_heif.register_heif_opener()
    try:
        with Image.open(source, formats=(_FORMATS[media_type],)) as image:
            check_size(image)
            return _examine(image, source, media_type, folder)
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too_many_pixels") from error
    except Exception as error:
        # Pillow's plugins raise nearly anything for a damaged file: OSError, SyntaxError, struct.error …
        raise Refused("damaged") from error


def check_size(image: Any) -> None:
    """Raise Refused for too many pixels or frames: the header says how many, before anything is decoded."""
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX:
        raise Refused("too_many_pixels")
    frames = getattr(image, "n_frames", 1)
    if frames > MAX_FRAMES or frames * width * height > max(MAX_FRAMES_PIXELS, MAX_PIXELS):
        raise Refused("too_many_frames")


def write(image: Any, folder: Path, profile: bytes | None = None) -> list[str]:
    """Write the thumbnails of an upright picture in RGB or RGBA. Returns their kinds."""
    longer = max(image.size)
    kinds = ["thumb-360"] if longer <= SIDES_PX["thumb-360"] else ["thumb-1080", "thumb-360"]
    # From large to small: each is made from the one before it.
    for kind in kinds:
        image.thumbnail((SIDES_PX[kind],) * 2, Image.Resampling.LANCZOS, reducing_gap=3)
        image.save(folder / kind, "WEBP", quality=QUALITY, method=4, icc_profile=profile, exif=b"", xmp=b"")
    return kinds[::-1]


def _examine(image: Any, source: Path, media_type: str, folder: Path) -> Findings:
    width, height = image.size
    orientation = image.getexif().get(_ORIENTATION_TAG, UPRIGHT)
    if orientation not in range(1, 9):
        orientation = UPRIGHT
    if orientation >= 5:
        width, height = height, width
    duration_ms = _duration_ms(image)
    if media_type in REPLACED:
        media_type = _replace(image, media_type, folder)
        orientation = UPRIGHT
    else:
        kept = metadata.without_metadata(source.read_bytes(), media_type, orientation)
        (folder / "original").write_bytes(kept)
    image.seek(0)
    # JPEG is decoded at a fraction of its size, if that is large enough.
    image.draft("RGB", (SIDES_PX["thumb-1080"],) * 2)
    upright, profile = _as_rgb(ImageOps.exif_transpose(image))
    kinds = write(upright, folder, profile)
    return Findings(type=media_type, width=width, height=height, duration_ms=duration_ms, made=kinds, has_original=True)


def _duration_ms(image: Any) -> int | None:
    """Of one round of an animation; None for a still picture."""
    frames = getattr(image, "n_frames", 1)
    if frames == 1:
        return None
    # Reading the duration of every frame would decode all of them: the first one stands for all.
    return max(1, int(image.info.get("duration", 0) or 100)) * frames


def _replace(image: Any, media_type: str, folder: Path) -> str:
    """Store the picture in another format, as large as it is. Returns its type."""
    encoder, made_type, quality = REPLACED[media_type]
    upright, profile = _as_rgb(ImageOps.exif_transpose(image))
    if encoder == "JPEG":
        upright = upright.convert("RGB")
    upright.save(folder / "original", encoder, quality=quality, icc_profile=profile, exif=b"", xmp=b"")
    return made_type


def _as_rgb(image: Any) -> tuple[Any, bytes | None]:
    """The picture in RGB, or RGBA if it has transparent parts, and the colour profile that belongs to it."""
    profile = image.info.get("icc_profile")
    if image.mode in ("RGB", "RGBA"):
        return image, profile if profile and len(profile) <= _MAX_PROFILE_BYTES else None
    if image.mode.startswith("I"):
        # 16 bits of grey. `convert` would cut off all that is brighter than 255.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB"), None
    if image.mode == "CMYK" and profile:
        return _from_print(image, profile), None
    return image.convert("RGBA" if image.has_transparency_data else "RGB"), None


def _from_print(image: Any, profile: bytes) -> Any:
    try:
        screen = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, BytesIO(profile), screen, outputMode="RGB")
    except ImageCms.PyCMSError:
        return image.convert("RGB")
