"""Threads: the panel beside the room, the summary below the message, the list of followed threads. Most journeys by
mouse, and by taps on a phone."""

import re
from textwrap import dedent

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, choose_action, go_to_list, is_touch_screen, message, send, wait_until_online

POST = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    person = get_user_model().objects.get_by_natural_key
    def post(author, body, **fields):
        return messages.post(room=room, author=person(author), body=body, client_id=uuid.uuid4(), **fields).pk
"""
REPLIES = """
    from chat.models import Message
    found = Message.objects.filter(room__slug=room, thread__isnull=False).order_by("seq")
    result = [[reply.text, reply.in_room, reply.thread.text] for reply in found]
"""


@pytest.fixture(autouse=True)
def no_threads(site):
    """Nobody follows a thread. Other tests of the same site leave some, and the list and its badge show them all."""
    site.python("from chat.models import ThreadFollow\nThreadFollow.objects.all().delete()")


@pytest.fixture
def post(site, room):
    """Function that runs code with the function `post`; returns what it assigns to `result`."""
    return lambda code: site.python(f"{dedent(POST)}\n{dedent(code)}", room=room)


def panel(page):
    """The thread in the panel."""
    return page.locator(".thread-panel")


def replies(page):
    """The texts of the thread, the first one included."""
    return panel(page).locator(".message .body")


def answer(page, text):
    """Write in the thread."""
    field = panel(page).locator(".compose-field")
    field.fill(text)
    if is_touch_screen(page):
        panel(page).locator(".send").tap()
    else:
        field.press("Enter")


def close(page):
    page.get_by_role("button", name="Close the panel").click()
    expect(panel(page)).to_have_count(0)


def threads_badge(page):
    return page.locator("[data-overview=threads] .unread")


def stored_replies(site, room):
    return site.python(REPLIES, room=room)


@pytest.mark.core
@by_mouse_and_touch
def test_bob_replies_in_a_thread_and_alice_sees_and_reads_it(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    wait_until_online(bob)
    send(alice, "Shall we sail?")
    expect(message(bob, "Shall we sail?")).to_have_count(1)
    choose_action(bob, "Shall we sail?", "thread")
    expect(replies(bob)).to_have_text(["Shall we sail?"])
    expect(panel(bob).locator(".thread-between-count")).to_have_text("No replies yet")
    answer(bob, "Aye, at noon")
    expect(replies(bob)).to_have_text(["Shall we sail?", "Aye, at noon"])
    expect(panel(bob).locator(".thread-follow")).to_have_attribute("aria-pressed", "true")

    # The room shows the summary, not the reply.
    link = message(alice, "Shall we sail?").locator(".thread-link")
    expect(link.locator(".thread-count")).to_have_text("1 reply")
    expect(link.locator(".thread-faces .avatar")).to_have_text(["B"])
    expect(link).to_contain_class("is-unread")
    expect(message(alice, "Aye, at noon")).to_have_count(0)
    expect(threads_badge(alice)).to_have_text("1")

    link.click()
    expect(replies(alice)).to_have_text(["Shall we sail?", "Aye, at noon"])
    expect(panel(alice).locator(".new")).to_have_count(1)
    expect(threads_badge(alice)).to_be_hidden()
    panel(alice).get_by_label("Also send to the room").check()
    answer(alice, "All hands at noon")
    expect(panel(alice).get_by_label("Also send to the room")).not_to_be_checked()
    expect(replies(bob)).to_have_text(["Shall we sail?", "Aye, at noon", "All hands at noon"])
    close(alice)
    expect(message(alice, "All hands at noon").locator(".thread-origin")).to_be_visible()
    expect(link.locator(".thread-count")).to_have_text("2 replies")
    expect(link).not_to_contain_class("is-unread")
    # Bob has the thread open, so he has read it.
    expect(threads_badge(bob)).to_be_hidden()
    assert stored_replies(site, room) == [
        ["Aye, at noon", False, "Shall we sail?"],
        ["All hands at noon", True, "Shall we sail?"],
    ]


def test_a_thread_is_opened_and_answered_by_keys_alone(site, room, open_page, post):
    post("post('alice', 'one')\npost('alice', 'two')")
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    bob.locator("#composer").focus()
    bob.keyboard.press("Shift+Tab")
    while not message(bob, "two").evaluate("(article) => article === document.activeElement"):
        bob.keyboard.press("Shift+Tab")
    bob.keyboard.press("ArrowUp")
    expect(message(bob, "one")).to_be_focused()
    bob.keyboard.press("t")
    expect(panel(bob).locator(".compose-field")).to_be_focused()
    bob.keyboard.type("by keys")
    bob.keyboard.press("Enter")
    expect(replies(bob)).to_have_text(["one", "by keys"])
    expect(panel(bob).locator(".message[data-id]")).to_have_count(2)
    # An edit of the last reply, as in the room.
    bob.keyboard.press("ArrowUp")
    expect(panel(bob).locator(".compose-field")).to_have_value("by keys")
    bob.keyboard.press("Control+A")
    bob.keyboard.type("by keys, again")
    bob.keyboard.press("Enter")
    expect(replies(bob)).to_have_text(["one", re.compile("by keys, again")])
    bob.keyboard.press("Escape")
    expect(panel(bob)).to_have_count(0)


@by_mouse_and_touch
def test_the_link_of_a_reply_opens_its_thread_with_the_reply_marked(site, room, open_page, post):
    wanted = post("""
    root = post('alice', 'the root')
    ids = [post('bob', f'reply {number}', thread=root) for number in range(130)]
    for number in range(60):
        post('alice', f'later {number}')
    result = ids[20]
    """)
    alice = open_page(site, "alice", f"/rooms/{room}/{wanted}/")
    reply = panel(alice).locator(f'.message[data-id="{wanted}"]')
    expect(reply).to_be_in_viewport()
    expect(reply).to_contain_class("marked")
    expect(reply.locator(".body")).to_have_text("reply 20")
    expect(panel(alice).locator(".thread-between-count")).to_have_text("130 replies")
    expect(replies(alice)).to_have_count(131)
    expect(panel(alice).locator(".thread-earlier")).to_be_hidden()


@pytest.mark.core
@by_mouse_and_touch
def test_a_reply_that_is_written_offline_is_sent_once_and_a_draft_stays(site, room, open_page, post):
    post("post('alice', 'the root')")
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    choose_action(bob, "the root", "thread")
    expect(replies(bob)).to_have_count(1)
    bob.context.set_offline(True)
    answer(bob, "from the sea")
    expect(panel(bob).locator(".message.pending")).to_have_count(1)
    # It is in its thread alone.
    expect(bob.locator("#timeline .message")).to_have_count(1)
    bob.context.set_offline(False)
    expect(panel(bob).locator(".message.pending")).to_have_count(0)
    expect(replies(bob)).to_have_text(["the root", "from the sea"])
    panel(bob).locator(".compose-field").fill("half a thought")
    bob.reload()
    wait_until_online(bob)
    message(bob, "the root").locator(".thread-link").click()
    expect(panel(bob).locator(".compose-field")).to_have_value("half a thought")
    expect(bob.locator("#composer")).to_have_value("")
    assert stored_replies(site, room) == [["from the sea", False, "the root"]]


@by_mouse_and_touch
def test_the_list_of_threads_has_the_unread_ones_first(site, room, open_page, post):
    second = post("""
    first, second = post('alice', 'first thread'), post('alice', 'second thread')
    post('bob', 'mine', thread=first)
    post('alice', 'unread one', thread=first)
    post('bob', 'also mine', thread=second)
    result = second
    """)
    bob = open_page(site, "bob", "/threads/")
    wait_until_online(bob)
    lines = bob.locator(".overview-thread").filter(has_text="thread")
    mine = bob.locator(".overview-thread", has_text=re.compile("first thread|second thread"))
    expect(mine.nth(0)).to_contain_text("first thread")
    expect(mine.nth(0)).to_contain_class("is-unread")
    expect(mine.nth(0)).to_contain_text("unread one")
    expect(lines.nth(0)).to_contain_text("Unread: 1")
    mine.nth(0).get_by_role("button", name="Mark as read").click()
    expect(bob.locator(".overview-thread.is-unread")).to_have_count(0)
    # A new reply: the list shows it without a reload.
    post(f"post('alice', 'news', thread={second})")
    expect(mine.nth(0)).to_contain_text("news")
    # And the next one of the same thread, which is unread already.
    post(f"post('alice', 'second news', thread={second})")
    expect(mine.nth(0)).to_contain_text("second news")
    expect(mine.nth(0)).to_contain_text("Unread: 2")
    # The same from a page of this process, which sends the hint.
    alice = open_page(site, "alice", f"/rooms/{room}/{second}/")
    wait_until_online(alice)
    choose_action(alice, "second thread", "thread")
    answer(alice, "third news")
    expect(mine.nth(0)).to_contain_text("third news")
    mine.nth(0).get_by_role("link", name="Open thread").click()
    expect(replies(bob)).to_have_text(["second thread", "also mine", "news", "second news", "third news"])
    panel(bob).locator(".thread-follow").click()
    expect(panel(bob).locator(".thread-follow")).to_have_attribute("aria-pressed", "false")
    # Said as something that was done, not as an error.
    expect(bob.locator("#notice.is-info")).to_contain_text("You no longer follow this thread.")
    close(bob)
    go_to_list(bob)
    post(f"post('alice', 'more news', thread={second})")
    bob.goto(f"{site.url}/threads/")
    expect(bob.locator(".overview-thread", has_text="second thread")).to_have_count(0)


def test_a_deleted_root_keeps_its_thread_and_a_moderator_removes_a_reply(site, room, open_page, post):
    root = post(
        "result = post('alice', 'the root')\npost('bob', 'one', thread=result)\npost('bob', 'two', thread=result)"
    )
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    for page in (alice, bob):
        wait_until_online(page)
        page.locator(f'#timeline [data-id="{root}"] .thread-link').click()
        expect(replies(page)).to_have_count(3)
    two = panel(alice).locator(".message", has_text="two")
    two.hover()
    two.locator("[data-more]").click()
    panel(alice).locator('.message-menu [data-action="delete"]').click()
    expect(panel(bob).locator(".message.deleted")).to_have_count(1)
    expect(panel(bob).locator(".thread-between-count")).to_have_text("1 reply")
    expect(bob.locator(f'#timeline [data-id="{root}"] .thread-count')).to_have_text("1 reply")
    close(alice)
    choose_action(alice, "the root", "delete")
    expect(panel(bob).locator(".message.deleted")).to_have_count(2)
    answer(bob, "still here")
    expect(alice.locator(f'#timeline [data-id="{root}"] .thread-count')).to_have_text("2 replies")
