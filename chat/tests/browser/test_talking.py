"""Two people in two browsers talk."""

from playwright.sync_api import expect

from .pages import bodies, by_mouse_and_touch, do, is_online, is_stored, message, say, shows_all


def test_what_alice_says_is_in_bobs_browser(site, room, arrive):
    alice, bob = arrive(site, "alice", f"/rooms/{room}/"), arrive(site, "bob", f"/rooms/{room}/")
    is_online(bob)
    say(alice, "Is anyone awake?")
    is_stored(alice, "Is anyone awake?")
    heard = is_stored(bob, "Is anyone awake?")
    expect(heard.locator(".author")).to_have_text("alice")
    shows_all(alice, site, room)
    shows_all(bob, site, room)


def test_a_message_is_pending_until_the_server_has_it(site, room, arrive):
    alice = arrive(site, "alice", f"/rooms/{room}/")
    is_online(alice)
    server = site.workers[0]
    server.pause()
    try:
        say(alice, "one", "two", "three")
        expect(bodies(alice)).to_have_text(["one", "two", "three"])
        expect(alice.locator("article.pending")).to_have_count(3)
        expect(message(alice, "two").locator(".at")).to_have_text("Sending…")
    finally:
        server.resume()
    for text in ("one", "two", "three"):
        is_stored(alice, text)
    shows_all(alice, site, room)


def test_alice_and_bob_see_the_same_order(site, room, arrive):
    alice, bob = arrive(site, "alice", f"/rooms/{room}/"), arrive(site, "bob", f"/rooms/{room}/")
    for number in range(8):
        say(alice, f"alice {number}")
        say(bob, f"bob {number}")
    for page in (alice, bob):
        expect(page.locator("article.message[data-id]:not(.pending)")).to_have_count(16)
        shows_all(page, site, room)


def test_enter_sends_and_shift_enter_begins_a_line(site, room, arrive):
    alice = arrive(site, "alice", f"/rooms/{room}/")
    composer = alice.locator("#composer")
    composer.press_sequentially("roses")
    composer.press("Shift+Enter")
    composer.press_sequentially("violets")
    expect(composer).to_have_value("roses\nviolets")
    expect(alice.locator("article.message")).to_have_count(0)
    composer.press("Enter")
    expect(composer).to_have_value("")
    said = is_stored(alice, "violets")
    assert said.locator(".body").inner_text().split() == ["roses", "violets"]
    expect(alice.locator("article.message")).to_have_count(1)


def test_nothing_is_sent_of_white_space(site, room, arrive):
    alice = arrive(site, "alice", f"/rooms/{room}/")
    say(alice, "  \n ", "something")
    is_stored(alice, "something")
    expect(alice.locator("article.message")).to_have_count(1)


def test_bob_sees_alices_markdown_as_text_with_form(site, room, arrive):
    alice, bob = arrive(site, "alice", f"/rooms/{room}/"), arrive(site, "bob", f"/rooms/{room}/")
    say(alice, "**bold** ~~wrong~~ `code` https://example.org/a\n\n```python\nprint(1)\n```\n\n- item\n\n> quoted")
    body = is_stored(bob, "bold").locator(".body")
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


def test_bob_sees_that_alice_is_typing_until_she_has_said_it(site, room, arrive):
    alice, bob = arrive(site, "alice", f"/rooms/{room}/"), arrive(site, "bob", f"/rooms/{room}/")
    is_online(alice)
    is_online(bob)
    expect(bob.locator("#online")).to_have_text("2")
    alice.locator("#composer").press_sequentially("wait")
    expect(bob.locator("#typing")).to_have_text("alice is typing…")
    alice.locator("#composer").press("Enter")
    is_stored(bob, "wait")
    expect(bob.locator("#typing")).to_have_text("")


@by_mouse_and_touch
def test_bob_answers_alice_and_the_quote_leads_to_her_message(site, room, arrive):
    bob = arrive(site, "bob", f"/rooms/{room}/")
    alice = arrive(site, "alice", f"/rooms/{room}/")
    say(alice, "Tea or coffee?")
    is_stored(bob, "Tea or coffee?")
    do(bob, "Tea or coffee?", "reply")
    expect(bob.locator("#composer")).to_be_focused()
    expect(bob.locator("#mode .mode-title")).to_have_text("Replying to alice")
    say(bob, "Coffee.")
    quote = is_stored(alice, "Coffee.").locator(".quote")
    expect(quote).to_contain_text("Tea or coffee?")
    quote.click()
    expect(message(alice, "Tea or coffee?")).to_be_focused()
