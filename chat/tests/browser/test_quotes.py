"""A quote of a message that is not loaded: it shows its author and text, follows its changes, and leads to it."""

import re

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, message, wait_until_online

COUNT = 300
POST_MESSAGES = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages, reading
    alice, bob = (get_user_model().objects.get_by_natural_key(name) for name in ("alice", "bob"))
    def send(author, body, **fields):
        return messages.post(room=room, author=author, body=body, client_id=uuid.uuid4(), **fields).pk
    result = send(alice, "The **first** word & more")
    for number in range(count):
        send(alice, f"filler {number}")
    send(bob, "an answer", reply_to=result)
    reading.read(room=room, user=bob, upto=count + 2)
"""
CHANGE = """
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    alice = get_user_model().objects.get_by_natural_key("alice")
    if body:
        messages.edit(message=id, by=alice, body=body)
    else:
        messages.delete(message=id, by=alice)
"""


@pytest.fixture
def first(site, room) -> int:
    """The id of an answered message that is older than the latest page."""
    return site.python(POST_MESSAGES, room=room, count=COUNT)


@by_mouse_and_touch
def test_the_quote_of_an_unloaded_message_shows_it_and_leads_to_it(room, first, site, open_page):
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    assert bob.locator(f"#message-{first}").count() == 0
    quote = message(bob, "an answer").locator(".quote")
    expect(quote.locator(".quote-author")).to_have_text("alice")
    expect(quote.locator(".quote-text")).to_have_text("The first word & more")
    expect(quote).to_have_attribute("href", f"/rooms/{room}/{first}/")
    quote.click()
    expect(bob.locator(f"#message-{first}")).to_be_focused()
    expect(bob.locator(f"#message-{first}")).to_be_in_viewport()
    expect(bob.locator(f"#message-{first}")).to_have_class(re.compile(r"\bmarked\b"))
    expect(bob.locator(".detached")).to_be_visible()
    bob.locator(".detached button").click()
    expect(message(bob, "an answer")).to_be_in_viewport()


def test_the_quote_of_an_unloaded_message_changes_with_it(room, first, site, open_page):
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    quote = message(bob, "an answer").locator(".quote-text")
    site.python(CHANGE, id=first, body="A better word")
    expect(quote).to_have_text("A better word")
    site.python(CHANGE, id=first, body="")
    expect(quote).to_have_text("Deleted message")
    bob.reload()
    expect(quote).to_have_text("Deleted message")
    assert "better word" not in bob.content()


def test_the_arrow_of_an_answer_points_to_the_left(room, first, site, open_page):
    bob = open_page(site, "bob", f"/rooms/{room}/")
    icon = message(bob, "an answer").locator(".quote .icon")
    # The symbol has its head on the left; it is mirrored in right-to-left pages only.
    assert icon.evaluate("(one) => getComputedStyle(one).transform") == "none"
