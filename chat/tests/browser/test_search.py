"""The search: typing, keys, taps, results beside a room, the way back, and nothing that one may not see."""

import re

import pytest
from playwright.sync_api import expect

from .pages import wait_until_online

POST = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    author = get_user_model().objects.get_by_natural_key(name)
    result = [messages.post(room=room, author=author, body=body, client_id=uuid.uuid4()).pk for body in bodies]
"""
EDIT = """
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    messages.edit(message=message, by=get_user_model().objects.get_by_natural_key(name), body=body)
"""
DELETE = """
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    messages.delete(message=message, by=get_user_model().objects.get_by_natural_key(name))
"""
REMOVE = """
    from django.contrib.auth import get_user_model
    from chat.domain import members
    person = get_user_model().objects.get_by_natural_key
    members.remove(room=room, person=person("bob").pk, by=person("alice"))
"""
CLOSE = """
    from chat.domain import rooms
    from chat.models import Room
    rooms.change(room=Room.objects.get(slug=room), kind="private")
"""
IS_ON_TOP = """(button) => {
    const { left, right, top, bottom } = button.getBoundingClientRect();
    const y = (top + bottom) / 2;
    return [left + 2, right - 2].every((x) => button.contains(document.elementFromPoint(x, y)));
}"""
"""Whether a button is in sight up to both ends."""
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('parley.searches.')).length"


def field(page):
    """The field of the search that is shown."""
    return page.get_by_role("combobox", name="Search messages and files")


def hits(page):
    """The links of the results."""
    return page.locator(".search-hit-link")


def add_rooms(site, *words: str) -> list[str]:
    """Rooms of their own, each with a message of Bob about each of `words`; returns their slugs."""
    rooms = [site.add_room(), site.add_room()]
    for room in rooms:
        site.python(POST, room=room, name="bob", bodies=[f"{word} in {room}" for word in words])
    return rooms


@pytest.mark.core
def test_alice_searches_by_keys_opens_hits_and_goes_back(site, open_page):
    first, second = add_rooms(site, "krokus", "<b onclick=alert(1)>krokus</b> & more")
    alice = open_page(site, "alice", f"/rooms/{first}/")
    wait_until_online(alice)
    alice.keyboard.press("Control+Shift+F")
    expect(alice).to_have_url(re.compile(r"/search/$"))
    expect(field(alice)).to_be_focused()
    # The word is not finished: its beginning is enough, in any case.
    alice.keyboard.type("KROK")
    expect(hits(alice)).to_have_count(4)
    expect(alice.get_by_role("status").filter(has_text="4 results")).to_be_visible()
    expect(alice).to_have_url(re.compile(r"/search/\?q=KROK$"))
    expect(alice).to_have_title(re.compile(r"^(\(\d+\+?\) )?Search · "))
    # What people write is text.
    expect(hits(alice).first).to_contain_text(f"<b onclick=alert(1)>krokus</b> & more in {second}")
    expect(hits(alice).first.locator("mark")).to_have_text("krokus")
    expect(hits(alice).locator("b[onclick]")).to_have_count(0)
    alice.keyboard.press("ArrowDown")
    expect(hits(alice).nth(0)).to_be_focused()
    alice.keyboard.press("ArrowDown")
    expect(hits(alice).nth(1)).to_be_focused()
    alice.keyboard.press("ArrowRight")
    expect(alice.locator(".search-line[data-place=after]")).to_contain_text("onclick")
    alice.keyboard.press("Enter")
    # The room is at the message, and the results are beside it.
    expect(alice).to_have_url(re.compile(rf"/rooms/{second}/\d+/$"))
    expect(alice.locator(".room")).to_have_attribute("data-room", second)
    beside = alice.locator(".side-panel")
    expect(beside.locator(".search-hit-link")).to_have_count(4)
    expect(beside.locator(".search-hit-link[aria-current]")).to_contain_text(f"krokus in {second}")
    beside.locator(".search-hit-link").nth(3).click()
    expect(alice.locator(".room")).to_have_attribute("data-room", first)
    expect(alice.locator(".side-panel .search-hit-link[aria-current]")).to_contain_text(f"krokus in {first}")
    alice.keyboard.press("Control+Shift+F")
    expect(alice.locator(".side-panel .search-input")).to_be_focused()
    # The page was never loaded again: the way back leads to the same results, then to the room.
    alice.go_back()
    alice.go_back()
    expect(alice).to_have_url(re.compile(r"/search/\?q=KROK$"))
    expect(hits(alice)).to_have_count(4)
    expect(hits(alice).nth(3)).to_be_focused()
    # And forward: the room has the results beside it again.
    alice.go_forward()
    expect(alice.locator(".room")).to_have_attribute("data-room", second)
    expect(alice.locator(".side-panel .search-hit-link[aria-current]")).to_be_visible()
    alice.go_back()
    expect(hits(alice).nth(3)).to_be_focused()
    alice.keyboard.press("Escape")
    expect(field(alice)).to_be_focused()
    alice.keyboard.press("Escape")
    expect(alice).to_have_url(re.compile(rf"/rooms/{first}/$"))
    expect(alice.locator(".side-panel")).to_be_hidden()


def test_bob_searches_in_a_room_and_removes_that_filter(site, open_page):
    room, other = add_rooms(site, "tulipan")
    site.python(POST, room=room, name="alice", bodies=["tulipan of mine"])
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    bob.get_by_role("link", name="Search in this room").click()
    expect(field(bob)).to_have_value(f"in:{room} ")
    expect(field(bob)).to_be_focused()
    expect(hits(bob)).to_have_count(2)
    bob.keyboard.type("tulipan from:ali")
    option = bob.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(option).to_have_count(1)
    expect(option).to_contain_text("alice")
    bob.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    bob.keyboard.press("Enter")
    expect(field(bob)).to_have_value(f"in:{room} tulipan from:alice ")
    expect(hits(bob)).to_have_count(1)
    bob.get_by_role("button", name="Remove the filter “from alice”").click()
    expect(hits(bob)).to_have_count(2)
    bob.get_by_role("button", name=re.compile("Remove the filter “in ")).click()
    expect(field(bob)).to_have_value("tulipan")
    expect(hits(bob)).to_have_count(3)
    # An address is a search that others can open; they see what they may see.
    site.python(CLOSE, room=room)
    charlie = open_page(site, "charlie", re.sub(r"^https?://[^/]+", "", bob.url))
    wait_until_online(charlie)
    expect(hits(charlie)).to_have_count(1)
    expect(hits(charlie)).to_contain_text(f"tulipan in {other}")


def test_alice_searches_on_a_phone_by_taps_and_goes_back(site, open_page):
    add_rooms(site, *(f"narzissen {number}" for number in range(12)))
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    alice = open_page(site, "alice", "/rooms/", **phone)
    wait_until_online(alice)
    alice.get_by_role("link", name="Search messages").tap()
    field(alice).fill("narzissen")
    expect(hits(alice)).to_have_count(20)
    # The page goes on by itself when its end is near.
    hits(alice).last.scroll_into_view_if_needed()
    expect(hits(alice)).to_have_count(24)
    texts = hits(alice).locator(".search-hit-text").all_inner_texts()
    assert len(set(texts)) == 24
    hits(alice).nth(17).tap()
    expect(alice).to_have_url(re.compile(r"/rooms/[^/]+/\d+/$"))
    expect(alice.locator("article.message").filter(has_text=texts[17].strip())).to_be_in_viewport()
    expect(alice.locator(".side-panel")).to_be_hidden()
    alice.go_back()
    expect(hits(alice)).to_have_count(24)
    expect(hits(alice).nth(17)).to_be_in_viewport()
    expect(hits(alice).nth(17)).to_have_attribute("aria-current", "true")
    expect(hits(alice).nth(17)).to_be_focused()
    alice.get_by_role("button", name="Clear the search").tap()
    alice.get_by_role("button", name="From", exact=True).tap()
    alice.get_by_role("option").filter(has_text="bob").tap()
    expect(field(alice)).to_have_value("from:bob ")
    expect(hits(alice).first).to_be_visible()


@pytest.mark.parametrize("width", [320, 390])
def test_no_button_that_adds_a_filter_is_out_of_sight_on_a_phone(site, open_page, width):
    add_rooms(site, word := f"ginster{width}")
    phone = {"viewport": {"width": width, "height": 780}, "has_touch": True, "is_mobile": True}
    alice = open_page(site, "alice", f"/search/?q={word}", **phone)
    expect(hits(alice)).to_have_count(2)
    buttons = alice.locator(":is(.search-add, .search-order) button")
    assert [buttons.nth(at).evaluate(IS_ON_TOP) for at in range(buttons.count())] == [True] * 7


@pytest.mark.core
def test_what_bob_may_no_longer_see_leaves_his_results(site, open_page):
    room, other = add_rooms(site, "hyazinthe")
    bob = open_page(site, "bob", "/search/?q=hyazinthe")
    wait_until_online(bob)
    expect(hits(bob)).to_have_count(2)
    site.python(REMOVE, room=room)
    expect(hits(bob)).to_have_count(1)
    expect(hits(bob)).to_contain_text(f"hyazinthe in {other}")
    for query in ("hyazinthe ", f"hyazinthe in:{room} "):
        field(bob).fill(query)
        expect(bob.locator(".search-view.is-asking")).to_have_count(0)
        expect(bob.locator("main")).not_to_contain_text(f"hyazinthe in {room}")


def test_the_switcher_leads_to_the_search_whose_last_queries_are_forgotten_at_sign_out(site, open_page):
    # Other tests of this site use the sessions of the others: who signs out is a person of this test's own.
    site.add_person(name := "searcher-who-leaves")
    rooms = [site.add_room(owner=name, members=()) for _ in range(2)]
    for room in rooms:
        site.python(POST, room=room, name=name, bodies=[f"anemone in {room}"])
    leaver = open_page(site, name, f"/rooms/{rooms[0]}/", unshared=True)
    wait_until_online(leaver)
    leaver.keyboard.press("Control+k")
    leaver.keyboard.type("anemone")
    entry = leaver.get_by_role("option", name="Search messages for “anemone”")
    expect(entry).to_have_attribute("aria-selected", "true")
    leaver.keyboard.press("Enter")
    expect(hits(leaver)).to_have_count(2)
    expect(field(leaver)).to_have_value("anemone")
    field(leaver).press("Enter")
    field(leaver).fill("")
    recent = leaver.get_by_role("button", name="anemone", exact=True)
    expect(recent).to_be_visible()
    leaver.keyboard.press("ArrowDown")
    expect(recent).to_be_focused()
    leaver.keyboard.press("Enter")
    expect(hits(leaver)).to_have_count(2)
    field(leaver).fill("anemone has:cheese on:2026-02-31 ")
    expect(leaver.locator(".search-problems li")).to_have_count(2)
    leaver.get_by_role("button", name="How to search").first.click()
    expect(leaver.get_by_role("dialog", name="How to search")).to_be_visible()
    leaver.keyboard.press("Escape")
    assert leaver.evaluate(KEPT) == 1
    leaver.locator(".account-menu summary").click()
    leaver.get_by_role("button", name="Sign out").click()
    expect(leaver.get_by_role("button", name="Sign in")).to_be_visible()
    assert leaver.evaluate(KEPT) == 0


def test_a_hit_follows_the_edits_of_its_message_and_its_link_is_copied(site, open_page):
    room = site.add_room()
    first, second = site.python(POST, room=room, name="alice", bodies=["nelke one", "nelke two"])
    bob = open_page(site, "bob", f"/rooms/{room}/")
    bob.context.grant_permissions(["clipboard-read", "clipboard-write"])
    wait_until_online(bob)
    bob.keyboard.press("Control+Shift+F")
    bob.keyboard.type("nelke")
    hits(bob).nth(1).click()
    expect(bob.locator(".side-panel .search-hit-link")).to_have_count(2)
    expect(bob.locator("article.message").filter(has_text="nelke two")).to_be_visible()
    hits(bob).nth(1).focus()
    bob.evaluate("document.querySelectorAll('.search-hit')[0].dataset.kept = 'yes'")
    # The events of the room that is shown keep its hits as they are.
    site.python(EDIT, message=first, name="alice", body="nelke with a leaf")
    expect(hits(bob).nth(1)).to_contain_text("nelke with a leaf")
    expect(hits(bob).nth(1)).to_be_focused()
    expect(bob.locator("[data-kept]")).to_contain_text("nelke two")
    bob.locator(".search-hit").nth(0).get_by_role("button", name="Copy link").click()
    expect(bob.get_by_text("The link was copied.").locator("visible=true")).to_be_visible()
    assert bob.evaluate("navigator.clipboard.readText()").endswith(f"/rooms/{room}/{second}/")
    site.python(EDIT, message=second, name="alice", body="a rose")
    expect(hits(bob)).to_have_count(1)
    hits(bob).nth(0).focus()
    site.python(DELETE, message=first, name="alice")
    expect(hits(bob)).to_have_count(0)
    expect(field(bob)).to_be_focused()
