"""Previews of links in the timeline, fetched by the site from a foreign site on this machine."""

import pytest
from playwright.sync_api import expect

from chat.tests.previews.foreign_site import ForeignSite, picture

from .axe import violations_light_and_dark
from .pages import by_mouse_and_touch, message, send, wait_until_online, wait_until_stored

SWITCH_ON = "from chat.domain import sites\nsites.show_link_previews(on=True)"


@pytest.fixture(scope="module")
def foreign():
    """A web site of somebody else."""
    site = ForeignSite()
    site.serve_picture("/tides.png", width=1200, height=630)
    site.serve_picture("/square.png", width=200, height=200)
    icon = (200, {"Content-Type": "image/png"}, picture(64, 64))
    site.answers["/favicon.ico"] = icon
    site.serve_page(
        "/tides",
        og_title="Tides of the harbour",
        og_description="When the water is high, and when it is low.",
        og_site_name="Harbour News",
        og_image="/tides.png",
    )
    site.serve_page("/boats", og_title="Boats", og_image="/square.png")
    yield site
    site.stop()


@pytest.fixture(scope="module")
def site(new_site, foreign):
    """A site that may fetch from `foreign`."""
    site = new_site(
        CHAT_POST_RATE=0,
        DJANGO_SETTINGS_MODULE="chat.tests.previews.site_settings",
        TEST_FOREIGN_PORT=foreign.port,
    )
    try:
        site.start().python(SWITCH_ON)
        yield site
    finally:
        site.stop()


def is_loaded(image) -> bool:
    return image.evaluate("(image) => image.decode().then(() => image.naturalWidth > 0)")


@by_mouse_and_touch
def test_a_preview_is_shown_to_all_and_its_author_removes_it(site, room, foreign, open_page):
    alice, bob = (open_page(site, name, f"/rooms/{room}/") for name in ("alice", "bob"))
    asked = []
    bob.on("request", lambda request: asked.append(request.url))
    wait_until_online(alice)
    wait_until_online(bob)
    send(alice, f"Look: {foreign.url}/tides")
    preview = message(bob, "Look").locator(".preview")
    expect(preview.locator(".preview-title")).to_have_text("Tides of the harbour")
    expect(preview.locator(".preview-text")).to_have_text("When the water is high, and when it is low.")
    expect(preview.locator(".preview-host")).to_have_text("Harbour News")
    expect(preview.locator(".preview-link")).to_have_attribute("href", f"{foreign.url}/tides")
    for image in preview.locator("img").all():
        image.scroll_into_view_if_needed()
        assert is_loaded(image)
    # The reader's browser asks the own site only.
    assert all(url.startswith(site.url) for url in asked)
    expect(preview.locator(".preview-remove")).to_be_hidden()
    own = message(alice, "Look").locator(".preview")
    own.hover()
    own.locator(".preview-remove").click()
    expect(own).to_have_count(0)
    expect(preview).to_have_count(0)
    bob.reload()
    wait_until_stored(bob, "Look")
    expect(bob.locator(".preview")).to_have_count(0)


@by_mouse_and_touch
def test_a_moderator_removes_the_preview_of_anothers_message(site, room, foreign, open_page):
    alice, bob = (open_page(site, name, f"/rooms/{room}/") for name in ("alice", "bob"))
    wait_until_online(bob)
    send(bob, f"Spam: {foreign.url}/boats")
    preview = message(alice, "Spam").locator(".preview")
    expect(preview).to_have_count(1)
    preview.hover()
    preview.locator(".preview-remove").click()
    expect(preview).to_have_count(0)
    expect(message(bob, "Spam").locator(".preview")).to_have_count(0)


def test_a_preview_is_removed_by_keyboard(site, room, foreign, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    send(alice, f"Two: {foreign.url}/tides {foreign.url}/boats")
    previews = message(alice, "Two").locator(".preview")
    expect(previews).to_have_count(2)
    expect(previews.nth(1)).to_contain_class("small")
    assert violations_light_and_dark(alice) == []
    remove = previews.nth(1).locator(".preview-remove")
    remove.focus()
    alice.keyboard.press("Enter")
    expect(previews).to_have_count(1)
    expect(previews.locator(".preview-title")).to_have_text("Tides of the harbour")


def test_a_preview_that_comes_later_keeps_the_end_of_the_room_in_view(site, room, foreign, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    send(alice, *(f"line {number}" for number in range(30)))
    send(alice, f"Last: {foreign.url}/tides")
    preview = message(alice, "Last").locator(".preview")
    expect(preview).to_have_count(1)
    expect(preview).to_be_in_viewport(ratio=0.95)
