"""Files of a site with a bucket, in a page: the browser fetches them from there, as far as the page's policy allows."""

import pytest
from playwright.sync_api import expect

from chat.tests import sample_files
from chat.tests.attached import encoded, post_files
from chat.tests.services import Site, wait_until

from .pages import message, wait_until_online


@pytest.fixture(scope="module")
def site(site_with_bucket) -> Site:
    """The site with a bucket, under the name that other fixtures use."""
    return site_with_bucket


def test_pictures_sound_and_texts_of_a_bucket_are_shown_in_the_page(site, bucket, open_page):
    room = site.add_room()
    text = "".join(f"line {number}\n" for number in range(60)).encode()
    site.call(
        post_files,
        room=room,
        author="bob",
        body="all kinds",
        files=[
            encoded(sample_files.picture(size=(1600, 1000)), "quay.jpg"),
            encoded(sample_files.sound(), "horn.wav"),
            encoded(text, "log.txt"),
        ],
    )
    fetched = []

    def watch(page):
        page.on("response", lambda answer: answer.url.startswith(bucket.origin) and fetched.append(answer.status))

    page = open_page(site, "alice", f"/rooms/{room}/", before=watch)
    wait_until_online(page)
    sent = message(page, "all kinds")
    expect(sent.locator("img").first).to_have_js_property("complete", True)
    assert sent.locator("img").first.evaluate("image => image.naturalWidth") > 0
    # Enlarged, the viewer shows the whole picture, which the bucket sends.
    sent.get_by_role("button", name="Open quay.jpg").click()
    page.keyboard.press("+")
    expect(page.locator("#viewer img").first).to_have_js_property("naturalWidth", 1600)
    page.keyboard.press("Escape")
    sent.locator("audio").evaluate("audio => { audio.preload = 'auto'; audio.load(); }")
    wait_until(lambda: sent.locator("audio").evaluate("audio => audio.readyState") >= 1, "the sound")
    assert set(fetched) <= {200, 206}
    assert len(fetched) >= 2
