"""Receipts below one's own last message: who has read up to here, live."""

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, choose_action, message, send, wait_until_online, wait_until_stored

pytestmark = by_mouse_and_touch


@pytest.fixture
def uma(site, room) -> str:
    """The name of a person of this test's own, who shares the room `tea-…` with Bob."""
    name = f"uma-{room}"
    site.add_person(name)
    site.add_room(slug=f"tea-{room}", name=f"Tea {room}", members=[name, "bob"])
    return name


@pytest.mark.core
def test_the_author_sees_who_has_read_the_last_message(site, open_page, uma, room):
    path = f"/rooms/tea-{room}/"
    author = open_page(site, uma, path)
    wait_until_online(author)
    send(author, "Is anybody there?")
    mine = wait_until_stored(author, "Is anybody there?")
    expect(mine.locator(".receipt")).to_have_count(0)
    bob = open_page(site, "bob", path)
    wait_until_stored(bob, "Is anybody there?")
    expect(mine.locator(".receipt")).to_have_text("Seen by bob")
    # It belongs to the last message.
    send(author, "One more")
    wait_until_stored(bob, "One more")
    expect(message(author, "One more").locator(".receipt")).to_have_text("Seen by bob")
    expect(mine.locator(".receipt")).to_have_count(0)
    expect(bob.locator(".receipt")).to_have_count(0)
    # All are named: there is nothing to open.
    expect(message(author, "One more").locator(".receipt-button")).to_be_disabled()


def test_a_click_on_seen_by_everyone_names_them(site, open_page, uma, room):
    site.add_room(slug=f"cake-{room}", name=f"Cake {room}", members=[uma, "alice", "bob"])
    path = f"/rooms/cake-{room}/"
    author, alice, bob = (open_page(site, name, path) for name in (uma, "alice", "bob"))
    wait_until_online(author)
    send(author, "Cake!")
    for reader in (alice, bob):
        wait_until_stored(reader, "Cake!")
    receipt = message(author, "Cake!").locator(".receipt-button")
    expect(receipt).to_have_text("Seen by everyone")
    receipt.click()
    expect(receipt).to_contain_text("alice")
    expect(receipt).to_contain_text("bob")


def test_a_room_stays_at_its_end_when_a_message_with_a_receipt_is_deleted(site, open_page, uma, room):
    path = f"/rooms/tea-{room}/"
    author, bob = open_page(site, uma, path), open_page(site, "bob", path)
    wait_until_online(author)
    send(author, "A long story\n" * 40, "A mistake")
    wait_until_stored(bob, "A mistake")
    expect(message(author, "A mistake").locator(".receipt")).to_have_text("Seen by bob")
    choose_action(author, "A mistake", "delete")
    # The receipt goes, and the notice takes space from the view, in one frame.
    expect(author.locator("#notice").get_by_role("button", name="Undo")).to_be_visible()
    expect(message(author, "This message was deleted")).to_be_in_viewport(ratio=1)


def test_who_does_not_show_what_they_read_is_not_shown(site, open_page, uma, room):
    hidden = open_page(site, uma, "/profile/")
    hidden.get_by_label("Show others what I have read").uncheck()
    hidden.get_by_role("button", name="Save").first.click()
    expect(hidden.locator(".notes")).to_be_visible()
    expect(hidden.get_by_label("Show others what I have read")).not_to_be_checked()
    path = f"/rooms/tea-{room}/"
    bob = open_page(site, "bob", path)
    wait_until_online(bob)
    send(bob, "Hello?")
    mine = wait_until_stored(bob, "Hello?")
    hidden.goto(hidden.url.replace("/profile/", path))
    wait_until_stored(hidden, "Hello?")
    send(hidden, "I am here")
    wait_until_stored(bob, "I am here")
    # Longer than a receipt takes.
    bob.wait_for_timeout(4_000)
    expect(mine.locator(".receipt")).to_have_count(0)
    expect(hidden.locator(".receipt")).to_have_count(0)
