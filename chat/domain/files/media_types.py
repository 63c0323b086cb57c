"""Media types: which of them a browser may show in a page of the site, and what kind of thing each is.

`sniffing` finds the type of a file. A type that is not in INLINE is sent as a download, whatever it is.
"""

from enum import StrEnum

OCTETS = "application/octet-stream"
"""A file of which nothing is known, or nothing may be said."""
TEXT = "text/plain"
EXCERPT_TYPES = frozenset({TEXT, "text/html", "image/svg+xml", "application/xml"})
"""Types whose first lines are shown as text."""
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/avif"})
"""Types that are decoded. HEIC and AVIF are stored as JPEG and WebP (`thumbnails`), which all browsers show."""
AUDIO = frozenset({"audio/mpeg", "audio/ogg", "audio/wav", "audio/flac", "audio/mp4", "audio/webm", "audio/aac"})
VIDEO = frozenset({"video/mp4", "video/webm", "video/ogg", "video/quicktime"})
INLINE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}) | AUDIO | VIDEO | {TEXT}
"""The short list: with `nosniff`, a browser runs nothing of these as a script, a style or a document.

Not PDF: its viewer does not work under `Content-Security-Policy: sandbox`, and without that a PDF that is also HTML
would be a page of this site.
"""
_ACTIVE = frozenset({"text/html", "image/svg+xml", "application/xml"})


class Kind(StrEnum):
    """What a file is for its readers. The Files panel is filtered by it."""

    PICTURE = "picture"
    VIDEO = "video"
    AUDIO = "audio"
    TEXT = "text"
    DOCUMENT = "document"


TYPES_OF_KIND: dict[Kind, frozenset[str]] = {
    Kind.PICTURE: PICTURES,
    Kind.VIDEO: VIDEO,
    Kind.AUDIO: AUDIO,
    Kind.TEXT: EXCERPT_TYPES,
}
"""All other types are documents."""


def kind_of(media_type: str) -> Kind:
    """The kind of a file with this type."""
    found = (kind for kind, types in TYPES_OF_KIND.items() if media_type in types)
    return next(found, Kind.DOCUMENT)


def served_type(media_type: str) -> str:
    """The Content-Type to send. Documents that could run scripts are named as octets."""
    if media_type == TEXT:
        return "text/plain; charset=utf-8"
    return OCTETS if media_type in _ACTIVE or not media_type else media_type
