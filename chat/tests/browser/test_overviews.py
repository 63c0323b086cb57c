"""The lists over all rooms: what is unread, and who was mentioned where. They change while Bob looks at them."""

import re

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, message, wait_until_online

pytestmark = by_mouse_and_touch
SAY = """
    import uuid
    from chat.domain import messages
    from django.contrib.auth import get_user_model
    alice = get_user_model().objects.get_by_natural_key("alice")
    for body in bodies:
        messages.post(room=slug, author=alice, body=body, client_id=uuid.uuid4())
"""


@pytest.fixture
def uma(site, room) -> str:
    """The name of a person of this test's own, who is a member of two rooms, `tea-…` and `cake-…`."""
    name = f"uma-{room}"
    site.add_person(name)
    for slug in ("tea", "cake"):
        site.add_room(slug=f"{slug}-{room}", name=f"{slug.title()} {room}", members=[name])
    return name


def say(site, slug, *bodies) -> None:
    """Post these texts as Alice."""
    site.python(SAY, slug=slug, bodies=bodies)


def test_all_unread_is_read_room_by_room_and_grows_live(site, room, open_page, uma):
    tea, cake = f"tea-{room}", f"cake-{room}"
    say(site, tea, "Green or black?", "Or white?")
    say(site, cake, "Lemon")
    page = open_page(site, uma, "/unread/")
    wait_until_online(page)
    rooms = page.locator(".overview-room")
    expect(rooms).to_have_count(2)
    of_tea, of_cake = rooms.filter(has_text="Green or black?"), rooms.filter(has_text="Lemon")
    expect(of_tea).to_contain_text("Unread: 2")
    # A message that is written now appears in the list.
    say(site, cake, "Chocolate")
    expect(of_cake).to_contain_text("Chocolate")
    expect(of_cake).to_contain_text("Unread: 2")
    of_tea.get_by_role("button", name="Mark as read").click()
    expect(rooms).to_have_count(1)
    expect(page).to_have_url(re.compile("/unread/$"))
    # A line leads to its message.
    of_cake.get_by_role("link", name="Chocolate").click()
    expect(page).to_have_url(re.compile(f"/rooms/{cake}/[0-9]+/$"))
    expect(message(page, "Chocolate")).to_be_in_viewport()
    expect(message(page, "Chocolate")).to_contain_class("marked")
    page.go_back()
    wait_until_online(page)
    expect(page.locator("h1")).to_have_text("All unread")


def test_all_rooms_are_marked_as_read_at_once(site, room, open_page, uma):
    for slug in ("tea", "cake"):
        say(site, f"{slug}-{room}", "one", "two")
    page = open_page(site, uma, "/unread/")
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator(".overview-empty")).to_contain_text("All read")
    page.goto(page.url.replace("/unread/", "/rooms/"))
    wait_until_online(page)
    expect(page.locator("nav#rooms .unread:visible")).to_have_count(0)


@pytest.mark.core
def test_mentions_are_listed_newest_first_and_a_new_one_appears(site, room, open_page, uma):
    tea, cake = f"tea-{room}", f"cake-{room}"
    say(site, tea, f"@{uma} do you come?", "Nobody else is named here")
    page = open_page(site, uma, "/mentions/")
    wait_until_online(page)
    mentions = page.locator(".overview-mention")
    expect(mentions).to_have_count(1)
    expect(mentions).to_contain_class("is-unread")
    say(site, cake, f"Bring a cake, @{uma}")
    expect(mentions).to_have_count(2)
    expect(mentions.first).to_contain_text("Bring a cake")
    mentions.last.get_by_role("button", name="Mark as read").click()
    expect(page.locator(".overview-mention.is-unread")).to_have_count(1)
    expect(mentions).to_have_count(2)
    mentions.last.get_by_role("link").click()
    expect(message(page, "do you come?")).to_be_in_viewport()
