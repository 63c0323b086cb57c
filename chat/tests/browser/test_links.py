"""Links to messages: copied from one page, they open the room at that message for everyone who may see it."""

import re

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, choose_action, message, send, wait_until_online, wait_until_stored

COUNT = 400
MARKED = re.compile(r"\bmarked\b")
POST_MESSAGES = """
    import uuid
    from django.contrib.auth import get_user_model
    from django.utils import timezone
    from chat.domain import reading
    from chat.models import Message, Room, RoomHead
    person = get_user_model().objects.get_by_natural_key
    alice, place = person("alice"), Room.objects.get(slug=room)
    Message.objects.bulk_create(
        Message(room=place, author=alice, sender_key=f"u:{alice.pk}", client_id=uuid.uuid4(), seq=n, version=n,
                text=f"Number {n}.", html=f"<p>Number {n}.</p>", created_at=timezone.now())
        for n in range(1, count + 1)
    )
    RoomHead.objects.filter(room=place).update(version=count)
    for name in ("alice", "bob"):
        reading.read(room=room, user=person(name), upto=count)
    result = dict(place.messages.values_list("seq", "pk"))
"""


HIDE = """
    from chat.domain import rooms
    from chat.models import Room
    rooms.change(room=Room.objects.get(slug=room), kind="private")
"""


@pytest.fixture
def ids(site, room) -> dict[str, int]:
    """The ids of the messages of a long room, by their number."""
    return site.python(POST_MESSAGES, room=room, count=COUNT)


@pytest.mark.core
@by_mouse_and_touch
def test_the_copied_link_of_a_message_leads_bob_to_it(site, room, ids, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", "/")
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    wait_until_online(alice)
    choose_action(alice, "Number 390.", "link")
    expect(alice.locator("#notice")).to_contain_text("copied")
    link = alice.evaluate("navigator.clipboard.readText()")
    assert link == f"{site.url}/rooms/{room}/{ids['390']}/"
    bob.goto(link)
    expect(message(bob, "Number 390.")).to_be_in_viewport()
    expect(message(bob, "Number 390.")).to_have_class(MARKED)
    expect(message(bob, "Number 390.")).to_be_focused()


@by_mouse_and_touch
def test_a_link_opens_the_room_around_an_old_message_and_both_ends_load(site, room, ids, open_page):
    bob = open_page(site, "bob", f"/rooms/{room}/{ids['200']}/")
    target = message(bob, "Number 200.")
    expect(target).to_be_in_viewport()
    expect(target).to_have_class(MARKED)
    expect(bob.locator(".detached")).to_be_visible()
    wait_until_online(bob)
    bob.evaluate(SCROLL_THROUGH, -1)
    expect(bob.locator(".beginning")).to_be_in_viewport()
    expect(message(bob, "Number 1.").first).to_be_visible()
    bob.evaluate(SCROLL_THROUGH, 1)
    expect(message(bob, f"Number {COUNT}.")).to_be_in_viewport()
    expect(bob.locator(".detached")).to_be_hidden()


# Scrolls to the beginning (-1) or the end (1) of the room, as pages arrive.
SCROLL_THROUGH = """
async (direction) => {
    const timeline = document.getElementById("timeline");
    const loading = document.querySelector(direction < 0 ? ".loading-older" : ".loading-newer");
    const atEnd = () => direction < 0
        ? timeline.scrollTop < 1
        : timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight < 1;
    while (!(atEnd() && loading.hidden)) {
        timeline.scrollTop += direction * 700;
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}
"""


def test_a_link_in_a_message_leads_to_its_place_without_a_page_load(site, room, ids, open_page):
    bob, alice = open_page(site, "bob", f"/rooms/{room}/"), open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    wait_until_online(bob)
    send(alice, f"see {site.url}/rooms/{room}/{ids['100']}/")
    wait_until_stored(bob, "see")
    bob.evaluate("() => { window.isSame = true; }")
    message(bob, "see").locator(".body a").click()
    expect(message(bob, "Number 100.")).to_be_in_viewport()
    expect(message(bob, "Number 100.")).to_have_class(MARKED)
    expect(bob).to_have_url(f"{site.url}/rooms/{room}/{ids['100']}/")
    assert bob.evaluate("window.isSame")
    bob.go_back()
    expect(bob).to_have_url(f"{site.url}/rooms/{room}/")
    expect(message(bob, "see")).to_be_in_viewport()


def test_a_link_from_another_room_opens_the_room_at_the_message(site, room, ids, open_page):
    other = site.add_room(f"{room}-elsewhere")
    bob, alice = open_page(site, "bob", f"/rooms/{other}/"), open_page(site, "alice", f"/rooms/{other}/")
    wait_until_online(alice)
    wait_until_online(bob)
    send(alice, f"see {site.url}/rooms/{room}/{ids['100']}/")
    wait_until_stored(bob, "see")
    bob.evaluate("() => { window.isSame = true; }")
    message(bob, "see").locator(".body a").click()
    expect(message(bob, "Number 100.")).to_be_in_viewport()
    expect(message(bob, "Number 100.")).to_have_class(MARKED)
    assert bob.evaluate("window.isSame")
    bob.go_back()
    expect(message(bob, "see")).to_be_in_viewport()


@pytest.mark.core
def test_a_link_to_what_charlie_may_not_see_looks_as_if_it_did_not_exist(site, room, ids, open_page):
    site.python(HIDE, room=room)
    texts = []
    for path in (f"/rooms/{room}/{ids['1']}/", f"/rooms/{room}/1000000/", "/rooms/nowhere/1/"):
        page = open_page(site, "charlie", path)
        expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
        texts.append(page.locator("main").inner_text())
    assert len(set(texts)) == 1
