"""Edits, deletions and reactions appear in every open browser."""

import pytest
from playwright.sync_api import expect

from .pages import (
    by_mouse_and_touch,
    choose_action,
    expect_all_messages,
    is_touch_screen,
    message,
    react,
    send,
    tap_message,
    wait_until_online,
    wait_until_stored,
)

pytestmark = by_mouse_and_touch
KEEP = {"save", "remind", "copy", "link", "forward"}
"""What every user may do with a message."""


def offered_actions(page, text) -> set[str]:
    """The actions that a message's toolbar or sheet offers."""
    if is_touch_screen(page):
        tap_message(message(page, text))
        sheet = page.locator("#action-sheet")
        expect(sheet).to_be_visible()
        found = sheet.locator("[data-needs]").evaluate_all(
            "(all) => all.filter((one) => !one.hidden).map((one) => one.dataset.needs)"
        )
        sheet.get_by_role("button", name="Cancel").tap()
        expect(sheet).to_be_hidden()
    else:
        message(page, text).hover()
        buttons = message(page, text).locator(".actions [data-action]")
        expect(buttons.first).to_be_visible()
        shown = "(all) => all.filter((one) => !one.hidden).map((one) => one.dataset.action)"
        found = buttons.evaluate_all(shown) + page.locator("#message-menu [data-action]").evaluate_all(shown)
    return set(found)


@pytest.mark.core
def test_bob_sees_what_alice_edits_and_deletes(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    send(alice, "wonderfull", "never mind", "the end")
    wait_until_stored(bob, "the end")
    wait_until_stored(alice, "the end")

    choose_action(alice, "wonderfull", "edit")
    composer = alice.locator("#composer")
    expect(composer).to_have_value("wonderfull")
    send(alice, "wonderful")
    expect(message(bob, "wonderful").locator(".edited")).to_be_visible()
    expect(message(bob, "wonderfull")).to_have_count(0)

    choose_action(alice, "never mind", "delete")
    expect(bob.locator("article.deleted .body")).to_have_text("This message was deleted.")
    expect(message(bob, "never mind")).to_have_count(0)
    for page in (alice, bob):
        expect(page.locator("article.deleted")).to_have_count(1)
        expect_all_messages(page, site, room)


def test_alice_undoes_a_deletion(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    send(alice, "rather **good**")
    wait_until_stored(bob, "rather good")
    react(bob, "rather good", "🎉")
    expect(message(alice, "rather good").locator(".reaction")).to_be_visible()
    choose_action(alice, "rather good", "delete")
    expect(bob.locator("article.deleted")).to_have_count(1)
    alice.get_by_role("button", name="Undo").click()
    for page in (alice, bob):
        expect(message(page, "rather good").locator("strong")).to_have_text("good")
        expect(page.locator("article.deleted")).to_have_count(0)
        expect_all_messages(page, site, room)
    expect(alice.locator("#notice")).to_be_hidden()


def test_bob_cannot_change_alices_message_but_alice_as_owner_can_delete_his(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    send(alice, "hers")
    send(bob, "his")
    wait_until_stored(bob, "his")
    wait_until_stored(bob, "hers")
    wait_until_stored(alice, "his")
    assert offered_actions(bob, "hers") == {*KEEP, "react", "reply", "thread", "pin", "unread", "report"}
    assert offered_actions(alice, "his") == {
        *KEEP,
        "react",
        "reply",
        "thread",
        "pin",
        "unread",
        "report",
        "mute",
        "delete",
    }
    choose_action(alice, "his", "delete")
    expect(bob.locator("article.deleted")).to_have_count(1)


@pytest.mark.core
def test_alice_and_bob_see_each_others_reactions_added_and_removed(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    send(alice, "cake at four")
    wait_until_stored(bob, "cake at four")
    react(bob, "cake at four", "🎉")
    hers = message(alice, "cake at four").locator(".reaction")
    expect(hers).to_have_attribute("title", "🎉: bob")
    expect(hers).to_have_attribute("aria-pressed", "false")
    hers.click()
    his = message(bob, "cake at four").locator(".reaction")
    expect(his.locator(".count")).to_have_text("2")
    for page in (alice, bob):
        expect(page.locator(".reaction[aria-pressed=true]")).to_have_count(1)
        expect_all_messages(page, site, room)
    his.click()
    expect(hers.locator(".count")).to_have_text("1")
    hers.click()
    expect(his).to_have_count(0)
    for page in (alice, bob):
        expect_all_messages(page, site, room)


def test_an_edit_on_one_page_of_alice_appears_on_her_other_page(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    other = alice.context.new_page()
    other.goto(alice.url)
    wait_until_online(other)
    send(alice, "from here")
    wait_until_stored(other, "from here")
    choose_action(other, "from here", "edit")
    send(other, "from there")
    wait_until_stored(alice, "from there")
    for page in (alice, other):
        expect_all_messages(page, site, room)
