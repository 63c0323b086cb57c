"""A quote of a message that the page has not loaded: it shows who said what, keeps up with it, and leads to it."""

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, is_online, message

SAID = 120
TALK = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    alice, bob = (get_user_model().objects.get_by_natural_key(name) for name in ("alice", "bob"))
    def say(author, body, **fields):
        return messages.post(room=room, author=author, body=body, client_id=uuid.uuid4(), **fields).pk
    result = say(alice, "The **first** word & more")
    for number in range(said):
        say(alice, f"filler {number}")
    say(bob, "an answer", reply_to=result)
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
    """The id of a message that is answered when it is no longer on the latest page."""
    return site.python(TALK, room=room, said=SAID)


@by_mouse_and_touch
def test_the_quote_of_an_unloaded_message_shows_it_and_leads_to_it(room, first, site, arrive):
    bob = arrive(site, "bob", f"/rooms/{room}/")
    is_online(bob)
    assert bob.locator(f"#message-{first}").count() == 0
    quote = message(bob, "an answer").locator(".quote")
    expect(quote.locator(".quote-author")).to_have_text("alice")
    expect(quote.locator(".quote-text")).to_have_text("The first word & more")
    expect(quote).to_have_attribute("href", f"#message-{first}")
    quote.click()
    expect(bob.locator(f"#message-{first}")).to_be_focused()
    expect(bob.locator(f"#message-{first}")).to_be_in_viewport()


def test_the_quote_of_an_unloaded_message_changes_with_it(room, first, site, arrive):
    bob = arrive(site, "bob", f"/rooms/{room}/")
    is_online(bob)
    quote = message(bob, "an answer").locator(".quote-text")
    site.python(CHANGE, id=first, body="A better word")
    expect(quote).to_have_text("A better word")
    site.python(CHANGE, id=first, body="")
    expect(quote).to_have_text("Deleted message")
    bob.reload()
    expect(quote).to_have_text("Deleted message")
    assert "better word" not in bob.content()


def test_the_arrow_of_an_answer_points_to_the_left(room, first, site, arrive):
    bob = arrive(site, "bob", f"/rooms/{room}/")
    icon = message(bob, "an answer").locator(".quote .icon")
    # The symbol has its head on the left; it is mirrored in right-to-left pages only.
    assert icon.evaluate("(one) => getComputedStyle(one).transform") == "none"
