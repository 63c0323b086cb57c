"""Two people in two browsers write to each other."""

import pytest
from playwright.sync_api import expect

from .pages import (
    bodies,
    by_mouse_and_touch,
    choose_action,
    expect_all_messages,
    message,
    send,
    wait_until_online,
    wait_until_stored,
)


@pytest.mark.core
def test_a_message_of_alice_appears_in_bobs_browser(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    send(alice, "Is anyone awake?")
    wait_until_stored(alice, "Is anyone awake?")
    received = wait_until_stored(bob, "Is anyone awake?")
    expect(received.locator(".author")).to_have_text("alice")
    expect_all_messages(alice, site, room)
    expect_all_messages(bob, site, room)


def test_a_message_is_pending_until_the_server_has_it(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    server = site.workers[0]
    server.pause()
    try:
        send(alice, "one", "two", "three")
        expect(bodies(alice)).to_have_text(["one", "two", "three"])
        expect(alice.locator("article.pending")).to_have_count(3)
        expect(message(alice, "one").locator(".sending")).to_be_visible()
        expect(message(alice, "one").locator(".sending")).to_have_text("Sending…")
    finally:
        server.resume()
    for text in ("one", "two", "three"):
        wait_until_stored(alice, text)
    expect_all_messages(alice, site, room)


def test_alice_and_bob_see_the_same_order(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    for number in range(8):
        send(alice, f"alice {number}")
        send(bob, f"bob {number}")
    for page in (alice, bob):
        expect(page.locator("article.message[data-id]:not(.pending)")).to_have_count(16)
        expect_all_messages(page, site, room)


def test_enter_sends_and_shift_enter_inserts_a_line_break(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    composer = alice.locator("#composer")
    composer.press_sequentially("roses")
    composer.press("Shift+Enter")
    composer.press_sequentially("violets")
    expect(composer).to_have_value("roses\nviolets")
    expect(alice.locator("article.message")).to_have_count(0)
    composer.press("Enter")
    expect(composer).to_have_value("")
    sent = wait_until_stored(alice, "violets")
    assert sent.locator(".body").inner_text().split() == ["roses", "violets"]
    expect(alice.locator("article.message")).to_have_count(1)


def test_white_space_alone_is_not_sent(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    send(alice, "  \n ", "something")
    wait_until_stored(alice, "something")
    expect(alice.locator("article.message")).to_have_count(1)


def test_bob_sees_alices_markdown_as_formatted_text(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    send(alice, "**bold** ~~wrong~~ `code` https://example.org/a\n\n```python\nprint(1)\n```\n\n- item\n\n> quoted")
    body = wait_until_stored(bob, "bold").locator(".body")
    for selector, text in {
        "strong": "bold",
        "s, del": "wrong",
        "p code": "code",
        "a[href='https://example.org/a']": "https://example.org/a",
        "pre code": "print(1)",
        "ul li": "item",
        "blockquote": "quoted",
    }.items():
        expect(body.locator(selector)).to_have_text(text)


@pytest.mark.core
def test_bob_sees_that_alice_is_typing_until_she_sends_the_message(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    wait_until_online(bob)
    expect(bob.locator(".online-count")).to_have_text("2")
    alice.locator("#composer").press_sequentially("wait")
    expect(bob.locator(".typing-line")).to_have_text("alice is typing…")
    alice.locator("#composer").press("Enter")
    wait_until_stored(bob, "wait")
    expect(bob.locator(".typing-line")).to_have_text("")


@pytest.mark.core
@by_mouse_and_touch
def test_bob_answers_alice_and_the_quote_leads_to_her_message(site, room, open_page):
    bob = open_page(site, "bob", f"/rooms/{room}/")
    alice = open_page(site, "alice", f"/rooms/{room}/")
    send(alice, "Tea or coffee?")
    wait_until_stored(bob, "Tea or coffee?")
    choose_action(bob, "Tea or coffee?", "reply")
    expect(bob.locator("#composer")).to_be_focused()
    expect(bob.locator(".compose-mode .mode-title")).to_have_text("Replying to alice")
    send(bob, "Coffee.")
    quote = wait_until_stored(alice, "Coffee.").locator(".quote")
    expect(quote).to_contain_text("Tea or coffee?")
    quote.click()
    expect(message(alice, "Tea or coffee?")).to_be_focused()
