"""Examines a file by the type that its content has. Runs in the child process of `examination`."""

import os
import shutil
import subprocess
from pathlib import Path

from PIL import Image

from . import excerpts, media_types, thumbnails
from .findings import Findings
from .metadata import iso_media, matroska
from .sniffing import HEAD_BYTES, sniff

_PDF_TIMEOUT_S = 20


def examine(source: Path, name: str, folder: Path) -> Findings:
    """Write what can be made of a file into `folder`, and return what was found. Raises Refused."""
    with source.open("rb") as file:
        media_type = sniff(file.read(HEAD_BYTES))
    if media_type in media_types.PICTURES:
        return thumbnails.examine(source, media_type, folder)
    if media_type in media_types.EXCERPT_TYPES:
        return Findings(media_type, lines=excerpts.write(source, name, folder), made=["excerpt"])
    if media_type == "application/pdf":
        return _pdf(source, folder)
    if media_type in ("video/mp4", "video/quicktime", "audio/mp4"):
        return _iso_media(source, media_type, folder)
    if media_type in ("video/webm", "audio/webm"):
        return _webm(source, media_type)
    return Findings(media_type)


def _webm(source: Path, media_type: str) -> Findings:
    with source.open("rb") as file:
        about = matroska.read(file.read(matroska.HEAD_BYTES))
    is_known = media_type == "video/webm" and about.width and about.height
    width, height = (about.width, about.height) if is_known else (None, None)
    return Findings(media_type, width, height, duration_ms=about.duration_ms)


def _iso_media(source: Path, media_type: str, folder: Path) -> Findings:
    with source.open("rb") as file:
        try:
            about, personal = iso_media.read(file, os.path.getsize(source))
        except ValueError:
            # Players may still play it, or a part of it. But nobody knows what else is in it.
            return Findings(media_types.OCTETS)
        if personal:
            with (folder / "original").open("w+b") as target:
                iso_media.copy_without(file, target, personal)
    if not about.has_pictures:
        media_type = "audio/mp4"
    is_known = about.has_pictures and about.width and about.height
    width, height = (about.width, about.height) if is_known else (None, None)
    return Findings(media_type, width, height, duration_ms=about.duration_ms, has_original=bool(personal))


def _pdf(source: Path, folder: Path) -> Findings:
    """A PDF, with its first page as a picture where Poppler is installed."""
    program = shutil.which("pdftoppm")
    if program is None:
        return Findings("application/pdf")
    side = str(max(thumbnails.SIDES_PX.values()))
    page = folder / "page"
    command = [program, "-f", "1", "-l", "1", "-singlefile", "-scale-to", side, "-png", str(source), str(page)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_PDF_TIMEOUT_S)
        with Image.open(page.with_suffix(".png"), formats=("PNG",)) as image:
            width, height = image.size
            return Findings("application/pdf", width, height, made=thumbnails.write(image.convert("RGB"), folder))
    except (subprocess.SubprocessError, OSError, SyntaxError):
        # Encrypted, damaged or too slow: it can still be fetched.
        return Findings("application/pdf")
