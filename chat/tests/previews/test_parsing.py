"""What is read of a page."""

import json

import pytest

from chat.previews import parsing
from chat.previews.parsing import parse_html, parse_oembed

from .foreign_site import page

BASE = "https://example.com/a/b"


def test_open_graph_counts_before_twitter_and_before_the_title():
    body = page(
        "Title",
        og_title="Graph",
        twitter_title="Card",
        og_description="About",
        description="Other",
        og_site_name="Site",
    )
    found = parse_html(body, None, BASE)
    assert (found.title, found.description, found.site) == ("Graph", "About", "Site")


def test_a_page_without_meta_has_its_title_and_the_icon_of_its_host():
    found = parse_html(b"<title>  A \n &amp; B </title>", None, BASE)
    assert (found.title, found.description, found.picture) == ("A & B", "", "")
    assert found.icon == "https://example.com/favicon.ico"


def test_the_title_of_a_drawing_is_not_that_of_the_page():
    body = b"<title>Page</title><svg><title>Drawing</title></svg>"
    assert parse_html(body, None, BASE).title == "Page"


def test_pictures_and_icons_are_resolved_against_the_address():
    body = page(og_image="../c.png").replace(
        b"</head>", b'<link rel="shortcut icon" href="//cdn.example/i.ico"></head>'
    )
    found = parse_html(body, None, BASE)
    assert (found.picture, found.icon) == ("https://example.com/c.png", "https://cdn.example/i.ico")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:image/png;base64,AA", "file:///etc/passwd", "http://[x"]
)
def test_pictures_with_other_schemes_are_left_out(address):
    assert parse_html(page(og_image=address), None, BASE).picture == ""


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("iso-8859-1", "<title>Möwe</title>".encode("latin-1")),
        (None, '<meta charset="windows-1252"><title>Möwe</title>'.encode("cp1252")),
        (None, "<title>Möwe</title>".encode()),
        ("nonsense", "<title>Möwe</title>".encode()),
        ("rot13", "<title>Möwe</title>".encode()),
        (None, '<meta charset="big5"><title>Möwe</title>'.encode("ascii", "xmlcharrefreplace")),
    ],
)
def test_the_character_set_is_found(charset, body):
    assert parse_html(body, charset, BASE).title == "Möwe"


def test_texts_are_one_line_without_invisible_characters_and_have_a_limit():
    body = page(og_title="a\u202eb\x00\u200b c\n\td", og_description="x" * 1000)
    found = parse_html(body, None, BASE)
    assert found.title == "ab c d"
    assert len(found.description) == parsing.MAX_DESCRIPTION_CHARS
    assert found.description.endswith("…")


def test_markup_in_a_text_stays_text():
    assert parse_html(page(og_title="&lt;script&gt;1&lt;/script&gt;"), None, BASE).title == "<script>1</script>"


@pytest.mark.parametrize(
    "body", [b"", b"\0\xff\xfe", b"<", b"<title>", b"<![", b"<!DOCTYPE [<![x", b"<meta " * 10_000, b"<a>" * 200_000]
)
def test_what_is_no_page_has_no_preview(body):
    assert parse_html(body, None, BASE) is None


def test_oembed_describes_a_video():
    body = json.dumps({"title": "Tides", "author_name": "Ann", "provider_name": "Tube", "thumbnail_url": "/t.jpg"})
    found = parse_oembed(body.encode(), "https://tube.example/oembed")
    assert (found.title, found.description, found.site) == ("Tides", "Ann", "Tube")
    assert found.picture == "https://tube.example/t.jpg"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"title": 7}', b"[" * 100_000, b'{"title": ""}'])
def test_an_answer_that_describes_nothing_is_left_out(body):
    assert parse_oembed(body, BASE) is None


def test_only_sites_of_the_list_are_asked_for_oembed():
    assert parsing.oembed_address("https://www.youtube.com/watch?v=1&x=2").endswith("v%3D1%26x%3D2")
    assert parsing.oembed_address("https://youtu.be/1") is not None
    for url in ("https://youtube.com.evil.example/", "https://example.com/youtube.com", "https://notyoutube.com/"):
        assert parsing.oembed_address(url) is None
