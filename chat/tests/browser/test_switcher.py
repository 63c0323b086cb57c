"""The quick switcher and the keys that lead to other rooms."""

import itertools
import re

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, send, wait_until_online, wait_until_stored
from .test_switching import expect_room, in_list

FIRST = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    author = get_user_model().objects.get_by_natural_key("bob")
    messages.post(room=room, author=author, body="news", client_id=uuid.uuid4())
"""
_numbers = itertools.count(1)


@pytest.fixture
def other(site) -> str:
    """The slug of a second room of Alice and Bob."""
    return site.add_room(f"quicksilver-{next(_numbers)}")


def options(page):
    """The entries of the switcher."""
    return page.locator("#switcher-list [role=option]")


def press(page, *keys):
    """Press keys one after the other."""
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.core
def test_alice_finds_a_room_with_a_typing_error_and_opens_it_by_keyboard(site, room, other, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    expect(alice.locator("#composer")).to_be_focused()
    press(alice, "Control+k")
    field = alice.get_by_role("combobox", name="Go to a room or a person")
    expect(field).to_be_focused()
    # The room that is shown is not where she wants to go.
    expect(alice.locator(f'#switcher-list [data-key="{room}"]')).to_have_count(0)
    alice.keyboard.type(f"quikcsilver {other.removeprefix('quicksilver-')}")
    expect(options(alice).first).to_contain_text(other.capitalize())
    expect(options(alice).first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "switcher-option-0")
    press(alice, "Enter")
    expect(alice.locator("#switcher")).to_be_hidden()
    expect_room(alice, other)
    expect(alice.locator("#composer")).to_be_focused()
    site.python(FIRST, room=room)
    expect(in_list(alice, room).locator(".unread")).to_be_visible()
    press(alice, "Control+k")
    # By its name: other tests have left many unread rooms, and the list is short.
    alice.keyboard.type(room)
    expect(alice.locator(f'#switcher-list [data-key="{room}"] .unread')).to_have_accessible_name("Unread: 1")
    press(alice, "ArrowDown", "ArrowUp", "Escape")
    expect(alice.locator("#switcher")).to_be_hidden()
    expect(alice.locator("#composer")).to_be_focused()
    expect_room(alice, other)


@by_mouse_and_touch
def test_bob_goes_to_a_room_by_the_field_above_the_list(site, room, other, open_page, hand):
    bob = open_page(site, "bob", "/rooms/" if hand == "touch" else f"/rooms/{room}/")
    wait_until_online(bob)
    bob.get_by_role("button", name="Go to…").click()
    bob.get_by_role("combobox").fill(other)
    options(bob).first.click()
    expect_room(bob, other)
    expect(bob.locator("#switcher")).to_be_hidden()


def test_a_room_that_charlie_has_not_joined_is_found(site, other, open_page):
    charlie = open_page(site, "charlie", "/rooms/")
    wait_until_online(charlie)
    press(charlie, "Control+k")
    # Only the server knows it. Enter comes before its answer.
    charlie.keyboard.type(other)
    press(charlie, "Enter")
    expect_room(charlie, other)
    expect(charlie.locator(".join-button")).to_be_visible()
    expect(charlie.locator("#switcher")).to_be_hidden()


def test_alice_chooses_a_person_and_writes_to_them(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    press(alice, "Control+k")
    alice.keyboard.type("@bob")
    expect(options(alice).first).to_contain_text("bob")
    press(alice, "Enter")
    expect(alice).not_to_have_url(re.compile(f"/rooms/{room}/$"))
    expect(alice.locator("#composer")).to_be_focused()
    send(alice, "just the two of us")
    wait_until_stored(alice, "just the two of us")
    slug = alice.locator(".room").get_attribute("data-room")
    # The same person leads to the same room, which is known now.
    in_list(alice, room).click()
    expect_room(alice, room)
    press(alice, "Control+k")
    alice.keyboard.type("bob")
    expect(options(alice).first).to_have_attribute("href", f"/rooms/{slug}/")
    expect(options(alice).filter(has=alice.locator(".switcher-name", has_text=re.compile("^bob$")))).to_have_count(1)
    press(alice, "Enter")
    expect(alice.locator(".room")).to_have_attribute("data-room", slug)
    wait_until_stored(alice, "just the two of us")


def test_on_a_small_site_people_are_listed_before_anything_is_typed(fresh_site, open_page):
    room = fresh_site.add_room()
    alice = open_page(fresh_site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    press(alice, "Control+k")
    expect(options(alice).filter(has_text="bob")).to_be_visible()
    expect(alice.locator(".switcher-empty")).to_be_hidden()
    expect(alice.locator(f'#switcher-list [data-key="{room}"]')).to_have_count(0)


def test_a_query_that_finds_nothing_says_so_and_enter_searches_the_messages(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    press(alice, "Control+k")
    alice.keyboard.type("zzyzzyva")
    expect(alice.get_by_text("No room and no person found.")).to_be_visible()
    press(alice, "Enter")
    expect(alice.locator("#switcher")).to_be_hidden()
    expect(alice).to_have_url(re.compile(r"q=zzyzzyva"))


def test_alt_and_arrows_go_to_the_rooms_beside_and_to_those_with_unread_messages(fresh_site, open_page):
    site = fresh_site
    for name in ("aa", "bb", "cc"):
        site.add_room(name)
    alice = open_page(site, "alice", "/rooms/aa/")
    wait_until_online(alice)
    composer = alice.locator("#composer")
    expect(composer).to_be_focused()
    press(alice, "Alt+ArrowDown")
    expect_room(alice, "bb")
    expect(composer).to_be_focused()
    press(alice, "Alt+ArrowUp")
    expect_room(alice, "aa")
    site.python(FIRST, room="cc")
    expect(in_list(alice, "cc").locator(".unread")).to_be_visible()
    press(alice, "Alt+Shift+ArrowDown")
    expect_room(alice, "cc")
    expect(in_list(alice, "cc").locator(".unread")).to_be_hidden()
    # A key that is held down: the last room is shown, and it is watched.
    press(alice, *["Alt+ArrowUp"] * 2)
    expect_room(alice, "aa")
    press(alice, *["Alt+ArrowDown"] * 9, *["Alt+ArrowUp"] * 8)
    expect_room(alice, "bb")
    site.python(FIRST, room="bb")
    wait_until_stored(alice, "news")
    # None of these keys edits a message.
    expect(composer).to_have_value("")
    expect(alice.locator(".compose-mode")).to_be_hidden()


def test_a_question_mark_shows_the_keys_but_is_text_where_one_writes(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    dialog = alice.get_by_role("dialog", name="Keyboard shortcuts")
    alice.locator("#composer").focus()
    alice.keyboard.type("why?")
    expect(alice.locator("#composer")).to_have_value("why?")
    expect(dialog).to_be_hidden()
    press(alice, "Control+/")
    expect(dialog).to_be_visible()
    press(alice, "Escape")
    expect(dialog).to_be_hidden()
    alice.locator(".room-name").focus()
    alice.keyboard.type("?")
    expect(dialog).to_be_visible()
    # Behind a dialog the room does not change.
    press(alice, "Alt+ArrowDown", "Control+k")
    expect(alice.locator("#switcher")).to_be_hidden()
    press(alice, "Escape")
    expect_room(alice, room)
    expect(alice.locator("#composer")).to_have_value("why?")


def test_nothing_happens_while_an_input_method_composes(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    devtools = alice.context.new_cdp_session(alice)
    alice.locator("#composer").focus()
    devtools.send("Input.imeSetComposition", {"text": "に", "selectionStart": 1, "selectionEnd": 1})
    alice.evaluate(
        """() => {
            const keys = [{ key: "k", ctrlKey: true }, { key: "ArrowDown", altKey: true }, { key: "/", ctrlKey: true }];
            for (const key of keys) {
                const event = new KeyboardEvent("keydown", { ...key, bubbles: true, isComposing: true });
                document.activeElement.dispatchEvent(event);
            }
        }"""
    )
    expect(alice.locator("dialog[open]")).to_have_count(0)
    expect_room(alice, room)
