"""Finds the type of a file in its first bytes, by the signatures of the formats.

Order and text rules follow the WHATWG standard "MIME Sniffing" (sections 6 and 7). The name of a file does not count.
Neither a type for scripts nor one for styles is ever returned: code is text.
"""

import re

from .media_types import OCTETS, TEXT

HEAD_BYTES = 8192
"""How many of its first bytes `sniff` wants."""

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    # Offset, bytes, type.
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"\0\0\1\0", "image/vnd.microsoft.icon"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"%!PS-", "application/postscript"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"MThd", "audio/midi"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (257, b"ustar", "application/x-tar"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3"),
    (0, b"wOFF", "font/woff"),
    (0, b"wOF2", "font/woff2"),
    (0, b"OTTO", "font/otf"),
    (0, b"\0\1\0\0\0", "font/ttf"),
)
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B ", b"F4A "), "audio/mp4"),
    b"qt  ": "video/quicktime",
}
"""Brands of ISO base media files (ISO/IEC 14496-12). Unknown ones are taken for MP4."""
_ZIP_PARTS = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"AndroidManifest.xml", "application/vnd.android.package-archive"),
    (b"META-INF/", "application/java-archive"),
)
_ODF = re.compile(rb"mimetypeapplication/(vnd\.oasis\.opendocument\.[a-z-]{1,40}|epub\+zip)")
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MARKUP = re.compile(rb"<(?:[a-z!]|\?xml)", re.IGNORECASE)
_COMMENTS = re.compile(rb"\s*(?:<!--.*?-->|<\?xml.*?\?>|<!doctype\s+svg.*?>)\s*", re.IGNORECASE | re.DOTALL)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_MPEG_RATES = range(1, 15)


def sniff(head: bytes) -> str:
    """The media type of a file that begins with `head` (its first HEAD_BYTES, or all of it)."""
    for offset, signature, media_type in _SIGNATURES:
        if head.startswith(signature, offset):
            return media_type
    for find in (_gif, _riff, _iso_media, _matroska, _ogg, _zip, _mpeg_audio):
        found = find(head)
        if found:
            return found
    return _text(head)


def _gif(head: bytes) -> str | None:
    if not head.startswith((b"GIF87a", b"GIF89a")):
        return None
    # "GIF89a/*…" and "GIF89a=1…" are also scripts: the width is read as text. Such pictures are over 8,000 pixels wide.
    width = head[6:8]
    is_script = width == b"/*" or (width[:1] == b"=" and width[1:].isascii() and width[1:].decode().isprintable())
    return OCTETS if is_script else "image/gif"


def _riff(head: bytes) -> str | None:
    if not head.startswith(b"RIFF"):
        return None
    return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12], OCTETS)


def _iso_media(head: bytes) -> str | None:
    if head[4:8] != b"ftyp":
        # Old QuickTime files have no brand.
        return "video/quicktime" if head[4:8] in (b"moov", b"mdat", b"wide") else None
    size = min(int.from_bytes(head[:4]), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, size, 4))]
    # "mif1" says only that it is a picture: a brand after it says which.
    known = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    if "image/avif" in known[:1] or ("image/avif" in known and head[8:12] in (b"mif1", b"msf1")):
        return "image/avif"
    return _BRANDS.get(head[8:12], "video/mp4")


def _matroska(head: bytes) -> str | None:
    if not head.startswith(b"\x1aE\xdf\xa3"):
        return None
    if b"webm" not in head[:64]:
        return "video/x-matroska"
    # The codecs of the tracks: a recording of sound has none of pictures.
    return "audio/webm" if b"A_" in head and b"V_" not in head else "video/webm"


def _ogg(head: bytes) -> str | None:
    if not head.startswith(b"OggS"):
        return None
    return "video/ogg" if b"\x80theora" in head else "audio/ogg"


def _zip(head: bytes) -> str | None:
    if not head.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return None
    declared = _ODF.search(head, 0, 200)
    if declared:
        return "application/" + declared[1].decode()
    if b"[Content_Types].xml" in head or b"_rels/" in head or b"META-INF/" in head[:100]:
        return next((media_type for part, media_type in _ZIP_PARTS if part in head), "application/zip")
    return "application/zip"


def _mpeg_audio(head: bytes) -> str | None:
    """Frames of MP3 (ISO/IEC 11172-3) or AAC (ISO/IEC 14496-3, ADTS) without a tag before them."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    if head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    is_layer_3 = head[1] & 0x06 == 0x02 and head[1] & 0x18 != 0x08
    is_frame = is_layer_3 and head[2] >> 4 in _MPEG_RATES and head[2] & 0x0C != 0x0C
    return "audio/mpeg" if is_frame else None


def _text(head: bytes) -> str:
    if not head:
        return OCTETS
    bom = next((bom for bom in _BOMS if head.startswith(bom)), b"")
    if bom not in (b"\xff\xfe", b"\xfe\xff") and _BINARY.search(head):
        return OCTETS
    beginning = head[len(bom) :].replace(b"\0", b"").lstrip()[:1024]
    return _markup(beginning) if _MARKUP.match(beginning) else TEXT


def _markup(beginning: bytes) -> str:
    rest, is_xml = beginning, beginning[:5].lower() == b"<?xml"
    while comment := _COMMENTS.match(rest):
        rest = rest[comment.end() :]
    if rest[:4].lower() == b"<svg":
        return "image/svg+xml"
    # Anything that begins with a tag may be taken for HTML by somebody.
    return "application/xml" if is_xml else "text/html"
