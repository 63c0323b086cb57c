"""Messages that are commands."""

import pytest
from playwright.sync_api import Page, expect

from .pages import by_mouse_and_touch, is_touch_screen, send, wait_until_online, wait_until_stored


@pytest.fixture
def alice(site, room, open_page) -> Page:
    """Alice's page."""
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    return alice


def command(page: Page, text: str) -> None:
    """Write a command and send it."""
    field = page.locator("#composer")
    field.fill(text)
    if is_touch_screen(page):
        page.locator(".compose .send").tap()
    else:
        field.press("Control+Enter")


@pytest.mark.core
@by_mouse_and_touch
def test_commands_make_messages_and_change_the_room(alice, site, room):
    field = alice.locator("#composer")
    command(alice, "/me waves")
    expect(wait_until_stored(alice, "waves").locator(".body")).to_have_text("alice waves")
    expect(alice.locator(".is-action .author")).to_have_text("alice")
    # The next message of the same person begins a group again, with name and picture.
    command(alice, "/shrug who knows")
    expect(wait_until_stored(alice, "who knows ¯\\_(ツ)_/¯")).not_to_contain_class("follows")
    command(alice, "/topic Tea at five")
    expect(field).to_have_value("")
    if not is_touch_screen(alice):
        expect(alice.locator(".room-topic")).to_have_text("Tea at five")
    command(alice, "/invite @charlie")
    expect(alice.locator("#notice.is-info")).to_contain_text("Added: charlie")
    assert site.python(
        """
        from chat.models import Membership
        result = sorted(Membership.objects.filter(room__slug=room).values_list("user__handle", flat=True))
        """,
        room=room,
    ) == ["alice", "bob", "charlie"]


def test_a_command_that_fails_keeps_its_text_and_two_slashes_send_it(alice):
    field = alice.locator("#composer")
    for text, reason in (
        ("/tpoic Tea", "There is no command /tpoic here."),
        ("/topic", "Write it like this: /topic new topic"),
        ("/invite @nobody-at-all", "Nobody here is called @nobody-at-all."),
        ("/topic " + "x" * 1000, "characters"),
    ):
        command(alice, text)
        expect(alice.locator("#notice")).to_contain_text(reason)
        expect(field).to_have_value(text)
    command(alice, "//topic is a command")
    wait_until_stored(alice, "/topic is a command")
    command(alice, "/etc/hosts is a file")
    wait_until_stored(alice, "/etc/hosts is a file")


def test_commands_set_the_status_write_to_somebody_and_leave(alice, site, open_page, room):
    person = """
        from django.contrib.auth import get_user_model
        from chat.domain import people
        profile = people.profile_of(get_user_model().objects.get_by_natural_key("alice"))
        result = [profile.status_emoji, profile.status_text]
    """
    command(alice, "/status :tea: Tea time")
    expect(alice.locator("#notice")).to_contain_text("Tea time")
    assert site.python(person) == ["🍵", "Tea time"]
    command(alice, "/away")
    expect(alice.locator("#notice")).to_contain_text("💤 Away")
    command(alice, "/away")
    expect(alice.locator("#notice")).to_contain_text("You are back")
    assert site.python(person) == ["", ""]
    command(alice, f"/msg @bob Are you in {room}?")
    expect(alice.locator(".room-name-text")).to_have_text("bob")
    wait_until_stored(alice, f"Are you in {room}?")
    # In a direct room there is nothing to leave.
    command(alice, "/leave")
    expect(alice.locator("#notice")).to_contain_text("There is no command /leave here.")
    alice.go_back()
    expect(alice.locator(".room")).to_have_attribute("data-room", room)
    expect(alice.locator("#composer")).to_have_value("")
    send(alice, "still here")
    wait_until_stored(alice, "still here")
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    command(bob, "/leave")
    bob.locator("#leave-dialog .danger").click()
    expect(bob.locator("body")).to_contain_text("left")
