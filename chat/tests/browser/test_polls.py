"""Polls: bars that move as people vote, the reader's own choice, and their end."""

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, choose_action, message, send, wait_until_online, wait_until_stored

POST = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    from chat.protocol.things import PostedPoll
    alice = get_user_model().objects.get_by_natural_key("alice")
    poll = PostedPoll(options=["Pizza", "Soup", "A very long option that says at length what there is"], **more)
    messages.post(room=room, author=alice, body=body, client_id=uuid.uuid4(), poll=poll)
"""


@pytest.fixture
def post_poll(site, room):
    """Function that posts a poll of Alice."""
    return lambda body="Lunch?", **more: site.python(POST, room=room, body=body, more=more)


def option(page, name: str, body: str = "Lunch?"):
    return message(page, body).locator(".poll-option", has_text=name)


@pytest.mark.core
@by_mouse_and_touch
def test_people_vote_and_everyone_sees_the_bars(site, open_page, room, post_poll):
    post_poll()
    alice, bob = (open_page(site, name, f"/rooms/{room}/") for name in ("alice", "bob"))
    wait_until_online(bob)
    option(bob, "Soup").get_by_role("radio").click()
    for page in (alice, bob):
        expect(option(page, "Soup").locator(".poll-count")).to_have_text("1")
        expect(option(page, "Soup").locator(".poll-people")).to_have_text("bob")
        expect(message(page, "Lunch?").locator(".poll-facts")).to_have_text("1 person voted")
    expect(option(bob, "Soup").get_by_role("radio")).to_be_checked()
    expect(option(alice, "Soup").get_by_role("radio")).not_to_be_checked()
    option(bob, "Pizza").get_by_role("radio").click()
    expect(option(alice, "Soup").locator(".poll-count")).to_have_text("0")
    expect(option(alice, "Pizza").locator(".poll-count")).to_have_text("1")
    bob.reload()
    expect(option(bob, "Pizza").get_by_role("radio")).to_be_checked()
    choose_action(alice, "Lunch?", "close_poll")
    expect(message(bob, "Lunch?").locator(".poll-facts")).to_contain_text("closed")
    expect(option(bob, "Soup").get_by_role("radio")).to_be_disabled()
    expect(option(bob, "Pizza")).to_contain_class("leading")


def test_an_anonymous_poll_shows_numbers_and_ones_own_choices(site, open_page, room, post_poll):
    post_poll(anonymous=True, multiple=True)
    alice, bob, phone = (open_page(site, name, f"/rooms/{room}/") for name in ("alice", "bob", "bob"))
    for page in (alice, bob, phone):
        wait_until_online(page)
    option(bob, "Soup").get_by_role("checkbox").click()
    option(bob, "Pizza").get_by_role("checkbox").click()
    expect(option(alice, "Pizza").locator(".poll-count")).to_have_text("1")
    expect(message(alice, "Lunch?").locator(".poll-facts")).to_have_text(
        "1 person voted · choose one or more · anonymous"
    )
    assert "bob" not in message(alice, "Lunch?").locator(".poll").inner_text()
    # His other device knows what he chose.
    for name in ("Soup", "Pizza"):
        expect(option(phone, name).get_by_role("checkbox")).to_be_checked()


def test_a_poll_is_asked_by_a_command_and_what_is_missing_by_a_form(site, open_page, room):
    page = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(page)
    send(page, '/poll "Lunch?" "Pizza" "Soup"')
    wait_until_stored(page, "Lunch?")
    expect(message(page, "Lunch?").locator(".poll-text")).to_have_text(["Pizza", "Soup"])
    expect(page.locator("#composer")).to_have_value("")
    send(page, "/poll “Dinner?” “Pasta”")
    dialog = page.locator("#poll-dialog")
    expect(dialog.get_by_label("Question")).to_have_value("Dinner?")
    page.keyboard.press("Escape")
    expect(page.locator("#composer")).to_have_value("/poll “Dinner?” “Pasta”")
    page.locator("#composer").press("Enter")
    dialog.get_by_label("Option 2", exact=True).fill("Rice")
    page.keyboard.press("Enter")
    wait_until_stored(page, "Dinner?")
    expect(message(page, "Dinner?").locator(".poll-text")).to_have_text(["Pasta", "Rice"])
    expect(page.locator("#composer")).to_have_value("")


def test_a_person_votes_by_keyboard(site, open_page, room, post_poll):
    post_poll()
    page = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(page)
    wait_until_stored(page, "Lunch?").focus()
    page.keyboard.press("ArrowRight")
    for _ in range(4):
        if page.evaluate("document.activeElement.dataset.option") == "1":
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(option(page, "Soup").get_by_role("radio")).to_be_checked()
    expect(option(page, "Soup").get_by_role("radio")).to_be_focused()
