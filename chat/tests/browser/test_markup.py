"""What Markdown makes of messages, and how people use it: spoilers, code, tables, tasks, times, rooms."""

import re

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, expect_all_messages, message, send, wait_until_online, wait_until_stored

CODE = "```js\n" + "\n".join(f"const value{number} = {number};" for number in range(30)) + "\n```"
TABLE = "| who | how many |\n|---|--:|\n" + "| somebody with a very long name indeed | 12 |\n" * 3
MOMENT = "the launch is at <time:2026-12-01T18:00+01:00>"


def press(page, target) -> None:
    """Click, or on a phone tap."""
    target.tap() if page.evaluate("matchMedia('(pointer: coarse)').matches") else target.click()


@by_mouse_and_touch
def test_a_spoiler_is_covered_until_a_reader_opens_it(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    send(alice, "ends so: ||[he](https://example.org/) *dies*||, sadly")
    spoiler = wait_until_stored(bob, "ends so").locator(".spoiler")
    expect(spoiler).to_have_role("button")
    expect(spoiler).to_have_accessible_name("Spoiler, hidden")
    expect(spoiler.get_by_role("link")).to_have_count(0)
    width, pages = spoiler.bounding_box()["width"], len(bob.context.pages)
    press(bob, spoiler)
    expect(spoiler).to_contain_class("open")
    expect(spoiler.get_by_role("link", name="he")).to_be_visible()
    assert spoiler.bounding_box()["width"] == width
    # The first touch opened the spoiler, not the link that it covers, nor the sheet.
    assert len(bob.context.pages) == pages
    expect(bob.locator("dialog[open]")).to_have_count(0)


def test_a_spoiler_is_opened_by_keyboard_and_hidden_in_quotes(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    send(alice, "it was ||the gardener||")
    article = wait_until_stored(bob, "it was")
    bob.locator(".compose-field").press("Shift+Tab")
    article.focus()
    bob.keyboard.press("r")
    expect(bob.locator(".compose-mode .mode-text")).to_have_text("it was ▒▒▒")
    bob.keyboard.press("Escape")
    article.focus()
    bob.keyboard.press("ArrowRight")
    if bob.evaluate("document.activeElement.matches('.author')"):
        bob.keyboard.press("ArrowRight")
    expect(article.locator(".spoiler")).to_be_focused()
    bob.keyboard.press("Enter")
    expect(article.locator(".spoiler")).to_contain_class("open")


@by_mouse_and_touch
def test_code_has_its_language_a_copy_button_and_is_folded(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    bob.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    wait_until_online(alice)
    send(alice, f"see this:\n{CODE}", "plain:\n```\none\n```")
    block = wait_until_stored(bob, "see this").locator(".code-block")
    expect(block.locator(".code-language")).to_have_text("JavaScript")
    expect(block.get_by_role("group", name="Code in JavaScript")).to_be_visible()
    assert block.locator(".k, .kd").first.evaluate("(one) => getComputedStyle(one).color") == "rgb(116, 37, 224)"
    folded = block.bounding_box()["height"]
    unfold = block.get_by_role("button", name="Show all 30 lines")
    expect(unfold).to_have_attribute("aria-expanded", "false")
    press(bob, unfold)
    assert block.bounding_box()["height"] > folded + 100
    press(bob, block.get_by_role("button", name="Show less"))
    assert block.bounding_box()["height"] == folded
    press(bob, block.get_by_role("button", name="Copy the code"))
    bob.wait_for_function("window.copied")
    assert bob.evaluate("window.copied") == CODE.removeprefix("```js\n").removesuffix("\n```")
    plain = message(bob, "plain:").locator(".code-block")
    expect(plain.locator(".code-language")).to_be_empty()
    expect(plain.locator(".code-unfold")).to_be_hidden()
    expect(bob.locator("dialog[open]")).to_have_count(0)


@pytest.mark.core
@by_mouse_and_touch
def test_alice_ticks_her_tasks_and_bob_sees_it(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    send(alice, "to buy:\n- [ ] milk\n- [x] bread")
    hers, his = wait_until_stored(alice, "to buy"), wait_until_stored(bob, "to buy")
    expect(his.get_by_role("checkbox", name="milk")).to_be_disabled()
    milk = hers.get_by_role("checkbox", name="milk")
    press(alice, milk)
    expect(his.get_by_role("checkbox", name="milk")).to_be_checked()
    press(alice, hers.get_by_role("checkbox", name="bread"))
    expect(his.get_by_role("checkbox", name="bread")).not_to_be_checked()
    expect(hers.locator(".edited")).to_have_count(0)
    expect(alice.locator("dialog[open]")).to_have_count(0)
    for page in (alice, bob):
        expect_all_messages(page, site, room)


def test_a_task_is_ticked_by_keyboard_and_keeps_the_focus(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    send(alice, "by key:\n- [ ] milk")
    article = wait_until_stored(alice, "by key")
    article.focus()
    box = article.get_by_role("checkbox", name="milk")
    for _step in range(3):
        if not box.evaluate("(one) => one === document.activeElement"):
            alice.keyboard.press("ArrowRight")
    expect(box).to_be_focused()
    alice.keyboard.press("Space")
    expect(article.locator(".task-box[checked]")).to_be_focused()
    expect(box).to_be_checked()


def test_a_moment_is_shown_in_the_zone_of_each_reader(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/", timezone_id="Europe/Berlin")
    bob = open_page(site, "bob", f"/rooms/{room}/", timezone_id="Asia/Tokyo")
    wait_until_online(alice)
    send(alice, MOMENT)
    expect(wait_until_stored(alice, "the launch").locator("time.moment")).to_have_text(re.compile("Dec 1.*6:00.PM"))
    expect(wait_until_stored(bob, "the launch").locator("time.moment")).to_have_text(re.compile("Dec 2.*2:00.AM"))


@by_mouse_and_touch
def test_a_room_in_a_text_is_a_link_by_its_name_and_a_table_scrolls(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    send(alice, f"see #lobby\n\n{TABLE}", "🎉 👍", "#no-such-room")
    article = wait_until_stored(bob, "see ")
    expect(wait_until_stored(bob, "#no-such-room").locator(".body a")).to_have_count(0)
    expect(bob.locator(".only-emoji")).to_have_count(1)
    frame = article.locator(".table-frame")
    assert frame.evaluate("(one) => one.getBoundingClientRect().right <= innerWidth")
    assert bob.evaluate("document.documentElement.scrollWidth <= innerWidth")
    link, pages = article.get_by_role("link", name="#Lobby"), len(bob.context.pages)
    press(bob, link)
    bob.wait_for_url("**/rooms/lobby/")
    expect(bob.locator(".room-name-text")).to_have_text("Lobby")
    assert len(bob.context.pages) == pages


def test_alice_is_told_how_many_people_she_is_about_to_tell(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    hint, field = alice.locator(".group-hint").first, alice.locator("#composer")
    expect(hint).to_be_hidden()
    field.fill("please, @all")
    expect(hint).to_have_text("@all tells everyone in this room. Other people: 1")
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    field.fill("please, @here")
    expect(hint).to_have_text("@here tells those who have this room open now. Other people: 1")
    field.fill("please, `@here`")
    expect(hint).to_be_hidden()
    bob.locator("#composer").fill("please, @all")
    expect(bob.locator(".group-hint").first).to_have_text(
        "In this room you cannot mention everyone: it will be plain text."
    )
    bob.locator("#composer").fill("")
