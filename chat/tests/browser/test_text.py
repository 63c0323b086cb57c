"""The text of messages as it is drawn: mentions, directions, marks that are stacked on letters, code."""

import re

from playwright.sync_api import expect

from .pages import is_online, is_stored, message, say, shows_all

SAY = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    alice = get_user_model().objects.get_by_natural_key("alice")
    for body in bodies:
        messages.post(room=room, author=alice, body=body, client_id=uuid.uuid4())
"""


def test_mentions_are_drawn_from_what_the_server_says(site, room, arrive):
    alice, bob = arrive(site, "alice", f"/rooms/{room}/"), arrive(site, "bob", f"/rooms/{room}/")
    is_online(alice)
    say(alice, "**＠Bob** and @alice, `@bob` not, <b>@nobody</b>", "to @all", "to nobody")
    found = is_stored(bob, "and @alice")
    expect(found).to_contain_class("mentions-me")
    expect(found.locator(".mention")).to_have_text(["＠Bob", "@alice"])
    expect(found.locator(".mention.me")).to_have_text(["＠Bob"])
    expect(is_stored(bob, "to @all")).to_contain_class("mentions-me")
    expect(is_stored(bob, "to nobody")).not_to_contain_class("mentions-me")
    # One's own message stands out for the others only.
    expect(is_stored(alice, "to @all")).not_to_contain_class("mentions-me")
    shows_all(bob, site, room)


def test_an_edit_adds_and_removes_a_mention(site, room, arrive):
    alice, bob = arrive(site, "alice", f"/rooms/{room}/"), arrive(site, "bob", f"/rooms/{room}/")
    is_online(alice)
    say(alice, "one")
    is_stored(bob, "one")
    for body, is_mentioned in (("two @bob", True), ("three", False)):
        alice.locator("#composer").press("ArrowUp")
        alice.locator("#composer").fill(body)
        alice.locator("#composer").press("Enter")
        found = message(bob, body)
        expect(found).to_have_count(1)
        expect(found).to_have_class(
            re.compile(r"\bmentions-me\b") if is_mentioned else re.compile(r"^(?!.*mentions-me)")
        )


def test_each_paragraph_has_its_own_direction(site, room, arrive):
    site.python(SAY, room=room, bodies=["Hello\n\nשלום לכולם\n\n- مرحبا\n\n> hello"])
    bob = arrive(site, "bob", f"/rooms/{room}/")
    is_online(bob)
    body = is_stored(bob, "Hello").locator(".body")
    directions = [
        element.evaluate("(one) => getComputedStyle(one).direction") for element in body.locator(":scope > *").all()
    ]
    assert directions == ["ltr", "rtl", "rtl", "ltr"]


def test_stacked_marks_cover_no_other_message(site, room, arrive):
    site.python(SAY, room=room, bodies=["above", "Z" + "\u0351" * 300 + "algo", "below"])
    bob = arrive(site, "bob", f"/rooms/{room}/")
    is_online(bob)
    is_stored(bob, "below")
    # The row above stays as it is: what is drawn there does not change when the marks are taken away.
    above = message(bob, "above")
    bob.mouse.move(0, 0)
    covered = above.screenshot()
    bob.locator("#log > article.message .body").nth(1).evaluate("(body) => { body.style.visibility = 'hidden'; }")
    assert above.screenshot() == covered


def test_the_indent_of_code_survives_being_typed(site, room, arrive):
    alice = arrive(site, "alice", f"/rooms/{room}/")
    is_online(alice)
    say(alice, "    def f():\n        return 1")
    expect(is_stored(alice, "def f").locator("pre code")).to_have_text("def f():\n    return 1\n")
