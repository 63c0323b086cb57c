"""Names of files: made safe to store and to save, and written into the header Content-Disposition."""

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

MAX_CHARS = 200
"""Most file systems allow 255 bytes, and a browser may add " (1)"."""
FALLBACK = "file"
_SEPARATORS = re.compile(r"[/\\]")
# What Windows does not allow in a name, besides control characters.
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)
# Unicode categories without a shape of their own: controls, formats (among them the marks that turn the direction of
# text, so that "gpj.exe" is read as "exe.jpg"), surrogates, unassigned and private characters, line separators.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
# RFC 8187 section 3.2.1, `attr-char`.
_ATTR_CHARS = "!#$&+-.^_`|~"


def safe_name(name: str) -> str:
    """`name` without folders, invisible characters and what a file system refuses: 1 to MAX_CHARS characters.

    The extension stays, also of a name that is too long.
    """
    last = _SEPARATORS.split(name)[-1]
    composed = unicodedata.normalize("NFC", last)
    visible = "".join(each for each in composed if unicodedata.category(each) not in _INVISIBLE)
    shown = _FORBIDDEN.sub("_", " ".join(visible.split())).strip(". ")
    if _RESERVED.match(shown):
        shown = f"_{shown}"
    return _shortened(shown) or FALLBACK


def with_extension(name: str, extension: str) -> str:
    """`name` with another extension, such as ".jpg"."""
    return _shortened(str(PurePosixPath(name or FALLBACK).with_suffix(extension)))


def content_disposition(name: str, *, inline: bool) -> str:
    """The header for a file with this safe name (RFC 6266): a form in ASCII, and the full name (RFC 8187).

    >>> content_disposition("Plan.pdf", inline=False)
    'attachment; filename="Plan.pdf"'
    """
    kind = "inline" if inline else "attachment"
    decomposed = unicodedata.normalize("NFKD", name)
    ascii_name = "".join(each if each.isascii() else "_" for each in decomposed if not unicodedata.combining(each))
    # A percent sign would be decoded by some browsers.
    plain = re.sub(r'[\\"%\x00-\x1f\x7f]', "_", ascii_name)
    value = f'{kind}; filename="{plain}"'
    return value if plain == name else f"{value}; filename*=UTF-8''{quote(name, safe=_ATTR_CHARS)}"


def _shortened(name: str) -> str:
    if len(name) <= MAX_CHARS:
        return name
    suffix = PurePosixPath(name).suffix[:16]
    return name[: MAX_CHARS - len(suffix)].rstrip(". ") + suffix
