"""The type of a file is found in its content."""

import pytest

from chat.domain.files import media_types, names
from chat.domain.files.media_types import Kind, kind_of, served_type
from chat.domain.files.sniffing import sniff
from chat.tests import sample_files

OOXML = "application/vnd.openxmlformats-officedocument."
EBML = b"\x1aE\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"
TYPES = [
    (sample_files.picture("JPEG"), "image/jpeg"),
    (sample_files.picture("PNG"), "image/png"),
    (sample_files.picture("GIF"), "image/gif"),
    (sample_files.picture("WEBP"), "image/webp"),
    (sample_files.picture("AVIF"), "image/avif"),
    (sample_files.picture("BMP"), "image/bmp"),
    (sample_files.picture("TIFF"), "image/tiff"),
    (sample_files.HEIC, "image/heic"),
    (sample_files.video(), "video/mp4"),
    (sample_files.video(brand=b"qt  "), "video/quicktime"),
    (sample_files.video(brand=b"M4A "), "audio/mp4"),
    (EBML + b"V_VP9 A_OPUS", "video/webm"),
    (EBML + b"A_OPUS", "audio/webm"),
    (b"\x1aE\xdf\xa3\x42\x82\x88matroska", "video/x-matroska"),
    (b"OggS" + b"\0" * 24 + b"OpusHead", "audio/ogg"),
    (b"OggS" + b"\0" * 24 + b"\x80theora", "video/ogg"),
    (sample_files.sound(), "audio/wav"),
    (b"ID3\4\0" + b"\0" * 20, "audio/mpeg"),
    (b"\xff\xfb\x90\x64" + b"\0" * 20, "audio/mpeg"),
    (b"\xff\xf1\x50\x80" + b"\0" * 20, "audio/aac"),
    (b"fLaC\0\0\0\x22", "audio/flac"),
    (sample_files.pdf(), "application/pdf"),
    (sample_files.archive("a.txt"), "application/zip"),
    (sample_files.archive("[Content_Types].xml", "word/document.xml"), OOXML + "wordprocessingml.document"),
    (sample_files.archive("[Content_Types].xml", "xl/workbook.xml"), OOXML + "spreadsheetml.sheet"),
    (b"\x1f\x8b\x08\0", "application/gzip"),
    (b"\0" * 257 + b"ustar\x0000", "application/x-tar"),
    (b"MZ\x90\0\3\0\0\0", media_types.OCTETS),
    (b"\x7fELF\2\1\1\0", media_types.OCTETS),
    (b"", media_types.OCTETS),
    (b"just words\n", media_types.TEXT),
    ("Grüße, 你好".encode(), media_types.TEXT),
    ("你好".encode("utf-16"), media_types.TEXT),
    (b"\xef\xbb\xbfwith a byte order mark", media_types.TEXT),
    (b"words\0and a zero", media_types.OCTETS),
    (b"import os\nprint(os.name)\n", media_types.TEXT),
    (b"alert(document.cookie)", media_types.TEXT),
    (b"body { color: red }", media_types.TEXT),
    (b"<?php echo 1;", media_types.TEXT),
    (b"<!doctype html><title>x</title>", "text/html"),
    (b"\n\n  <script>alert(1)</script>", "text/html"),
    (b"\xef\xbb\xbf<html>", "text/html"),
    (b"<!-- a comment --><body onload=alert(1)>", "text/html"),
    ("<html>".encode("utf-16"), "text/html"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "image/svg+xml"),
    (b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg onload="alert(1)">', "image/svg+xml"),
    (b'<?xml version="1.0"?><x:html xmlns:x="http://www.w3.org/1999/xhtml">', "application/xml"),
    # Polyglots: what their first bytes say, or nothing.
    (b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", media_types.OCTETS),
    (b"GIF89a=1;alert(1)//", media_types.OCTETS),
    (b"%PDF-1.4\n<html><script>alert(1)</script>", "application/pdf"),
    (b"<html>%PDF-1.4", "text/html"),
]


@pytest.mark.parametrize(("content", "expected"), TYPES, ids=lambda each: each if isinstance(each, str) else "content")
def test_the_content_has_the_type(content, expected):
    assert sniff(content[:8192]) == expected


def test_a_gif_that_is_61_pixels_wide_is_a_picture():
    # Its width has the same low byte as "=".
    assert sniff(sample_files.picture("GIF", size=(61, 20))) == "image/gif"


@pytest.mark.parametrize(
    "media_type",
    ["text/html", "image/svg+xml", "application/xml", "application/pdf", "application/zip", media_types.OCTETS],
)
def test_documents_are_not_on_the_short_list(media_type):
    assert media_type not in media_types.INLINE


def test_no_type_for_scripts_styles_or_documents_is_ever_sent():
    sent = {served_type(expected) for _content, expected in TYPES}
    assert not {each for each in sent if "script" in each or "css" in each or "html" in each or "xml;" in each}
    assert not sent & {"image/svg+xml", "application/xml", "text/xml"}


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("image/jpeg", Kind.PICTURE),
        ("image/svg+xml", Kind.TEXT),
        ("video/quicktime", Kind.VIDEO),
        ("audio/webm", Kind.AUDIO),
        ("text/plain", Kind.TEXT),
        ("application/pdf", Kind.DOCUMENT),
        ("video/x-matroska", Kind.DOCUMENT),
    ],
)
def test_a_type_belongs_to_a_kind(media_type, kind):
    assert kind_of(media_type) == kind


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\plan.pdf", "plan.pdf"),
        ("..", "file"),
        ("", "file"),
        ("a\0b\n.txt", "ab.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u200b\u2066.png", "png"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("console.log", "console.log"),
        ('what? "this": <that>|*.txt', "what_ _this__ _that___.txt"),
        ("trailing. . ", "trailing"),
        ("Grüße 你好.md", "Grüße 你好.md"),
        ("e\u0301te\u0301.txt", "été.txt"),
        ("x" * 500 + ".tar", "x" * 196 + ".tar"),
        ("." + "y" * 500, "y" * 200),
        ("\ud800.txt", "txt"),
    ],
)
def test_names_become_safe(given, safe):
    assert names.safe_name(given) == safe
    assert names.safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("plan.pdf", 'attachment; filename="plan.pdf"'),
        ("a plan; 2.pdf", 'attachment; filename="a plan; 2.pdf"'),
        ("50% off.txt", "attachment; filename=\"50_ off.txt\"; filename*=UTF-8''50%25%20off.txt"),
        ('say "hi".txt', "attachment; filename=\"say _hi_.txt\"; filename*=UTF-8''say%20%22hi%22.txt"),
        (
            "Grüße.md",
            "attachment; filename=\"Gruße.md\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.md".replace("Gruße", "Gru_e"),
        ),
        ("你好.md", "attachment; filename=\"__.md\"; filename*=UTF-8''%E4%BD%A0%E5%A5%BD.md"),
    ],
)
def test_the_header_names_the_file_in_ascii_and_in_full(name, header):
    assert names.content_disposition(name, inline=False) == header
    assert names.content_disposition(name, inline=True) == header.replace("attachment", "inline", 1)
    header.encode("ascii")


def test_a_replaced_picture_gets_another_extension():
    assert names.with_extension("IMG_1.HEIC", ".jpg") == "IMG_1.jpg"
    assert names.with_extension("photo", ".jpg") == "photo.jpg"
