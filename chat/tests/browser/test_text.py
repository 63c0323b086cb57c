"""How the text of messages is drawn: mentions, directions, stacked marks, code."""

import re

from playwright.sync_api import expect

from .pages import expect_all_messages, message, send, wait_until_online, wait_until_stored

POST_MESSAGES = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    alice = get_user_model().objects.get_by_natural_key("alice")
    for body in bodies:
        messages.post(room=room, author=alice, body=body, client_id=uuid.uuid4())
"""


def test_mentions_are_drawn_as_the_server_found_them(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    send(alice, "**＠Bob** and @alice, `@bob` not, <b>@nobody</b>", "to @all", "to nobody")
    found = wait_until_stored(bob, "and @alice")
    expect(found).to_contain_class("mentions-me")
    expect(found.locator(".mention")).to_have_text(["＠Bob", "@alice"])
    expect(found.locator(".mention.me")).to_have_text(["＠Bob"])
    expect(wait_until_stored(bob, "to @all")).to_contain_class("mentions-me")
    expect(wait_until_stored(bob, "to nobody")).not_to_contain_class("mentions-me")
    # A message is not highlighted for its author.
    expect(wait_until_stored(alice, "to @all")).not_to_contain_class("mentions-me")
    expect_all_messages(bob, site, room)


def test_an_edit_adds_and_removes_a_mention(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    send(alice, "one")
    wait_until_stored(bob, "one")
    for body, is_mentioned in (("two @bob", True), ("three", False)):
        alice.locator("#composer").press("ArrowUp")
        alice.locator("#composer").fill(body)
        alice.locator("#composer").press("Enter")
        found = message(bob, body)
        expect(found).to_have_count(1)
        expect(found).to_have_class(
            re.compile(r"\bmentions-me\b") if is_mentioned else re.compile(r"^(?!.*mentions-me)")
        )


def test_each_paragraph_has_its_own_direction(site, room, open_page):
    site.python(POST_MESSAGES, room=room, bodies=["Hello\n\nשלום לכולם\n\n- مرحبا\n\n> hello"])
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    body = wait_until_stored(bob, "Hello").locator(".body")
    directions = [
        element.evaluate("(one) => getComputedStyle(one).direction") for element in body.locator(":scope > *").all()
    ]
    assert directions == ["ltr", "rtl", "rtl", "ltr"]


def test_stacked_marks_cover_no_other_message(site, room, open_page):
    site.python(POST_MESSAGES, room=room, bodies=["above", "Z" + "\u0351" * 300 + "algo", "below"])
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    wait_until_stored(bob, "below")
    # The row above looks the same without the marks.
    above = message(bob, "above")
    bob.mouse.move(0, 0)
    covered = above.screenshot()
    bob.locator(".log > article.message .body").nth(1).evaluate("(body) => { body.style.visibility = 'hidden'; }")
    assert above.screenshot() == covered


def test_the_indent_of_code_at_the_beginning_is_kept(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    send(alice, "    def f():\n        return 1")
    expect(wait_until_stored(alice, "def f").locator("pre code")).to_have_text("def f():\n    return 1\n")
