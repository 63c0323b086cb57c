"""A whole preview: of the child process that makes it, and of its pictures."""

from base64 import b64decode
from io import BytesIO

import pytest
from PIL import Image

from chat import child_process
from chat.previews import child, pictures

from .foreign_site import picture


def look_up(foreign, *urls):
    return child.look_up(list(urls), foreign.allowed)


def opened(found) -> Image.Image:
    return Image.open(BytesIO(b64decode(found["content"])))


def test_a_preview_has_texts_picture_and_icon(foreign):
    image = foreign.serve_picture(width=1600, height=800)
    foreign.answers["/favicon.ico"] = (200, {"Content-Type": "image/x-icon"}, picture(64, 64, "ICO"))
    url = foreign.serve_page(og_title="Tides", og_description="High and low", og_image=image)
    (found,) = look_up(foreign, url)
    assert (found["title"], found["description"], found["site"]) == ("Tides", "High and low", "127.0.0.1")
    assert (found["picture"]["width"], found["picture"]["height"]) == (720, 360)
    assert opened(found["picture"]).format == opened(found["icon"]).format == "WEBP"


def test_links_of_a_message_are_looked_up_apart(foreign):
    good = foreign.serve_page("/good", title="Good")
    bad = foreign.url + "/missing"
    first, second, third = look_up(foreign, bad, good, "http://10.0.0.1/")
    assert (first, second["title"], third) == (None, "Good", None)


def test_a_link_to_a_picture_shows_it_under_its_name(foreign):
    (found,) = look_up(foreign, foreign.serve_picture("/a%20boat.png"))
    assert found["title"] == "a boat.png"
    assert found["picture"]["width"] == 720


def test_a_picture_inside_the_network_is_not_fetched(foreign):
    url = foreign.serve_page(og_image="http://169.254.169.254/latest.png")
    assert look_up(foreign, url)[0]["picture"] is None


def test_without_the_allowance_of_tests_nothing_is_fetched_from_this_machine(foreign):
    assert child.look_up([foreign.serve_page()]) == [None]
    assert foreign.asked == []


@pytest.mark.parametrize(
    "media_type", ["application/pdf", "text/plain", "application/json", "video/mp4", "image/svg+xml"]
)
def test_other_types_have_no_preview(foreign, media_type):
    foreign.answers["/"] = (200, {"Content-Type": media_type}, b"<title>x</title>")
    assert look_up(foreign, foreign.url + "/") == [None]


def test_metadata_of_a_picture_is_not_passed_on():
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    made = pictures.encode_picture(picture(format="JPEG", exif=exif.tobytes()))
    assert b"where I live" not in made.content


UNUSABLE = {
    "empty": lambda: b"",
    "only a head": lambda: b"GIF89a",
    "svg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "cut": lambda: picture()[:300],
    "zeros": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "tiny": lambda: picture(10, 10),
    "bomb": lambda: picture(5_000, 5_000, "PNG"),
}
"""Made in the tests: each process of a run imports this module."""


@pytest.mark.parametrize("kind", UNUSABLE)
def test_what_is_no_picture_or_a_bomb_is_left_out(kind):
    assert pictures.encode_picture(UNUSABLE[kind]()) is None


def test_a_child_that_crashes_has_found_nothing(monkeypatch, caplog):
    monkeypatch.setattr(child_process.sys, "executable", "false")
    assert child.look_up(["http://example.com/"]) == [None]
    assert "failed" in caplog.text
