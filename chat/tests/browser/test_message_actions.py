"""What people do with messages: pin, save for later, forward, look at the edits, react with any emoji."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from .axe import violations
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

REMIND_NOW = """
    from datetime import timedelta
    from django.utils import timezone
    from chat.jobs.messages import remind
    from chat.models import SavedMessage
    mine = SavedMessage.objects.filter(message__room__slug=room)
    result = mine.update(remind_at=timezone.now() - timedelta(minutes=1))
    # The server runs it.
    remind.enqueue()
"""


def speak_chinese(page) -> None:
    """Let the browser ask for Chinese first. The pages stay English."""
    page.add_init_script("Object.defineProperty(navigator, 'languages', { get: () => ['zh-CN', 'en'] })")


@by_mouse_and_touch
def test_alice_pins_a_message_and_bob_goes_to_it_and_unpins_it(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    send(alice, "The ferry leaves at nine", *[f"line {number}" for number in range(30)])
    wait_until_stored(bob, "line 29")
    wait_until_stored(alice, "line 29")
    choose_action(alice, "The ferry leaves", "pin")
    expect(message(alice, "The ferry leaves").locator(".marks")).to_contain_text("Pinned by alice")
    pins = bob.locator(".pins-button")
    expect(pins.locator(".pins-count")).to_have_text("1")
    pins.click()
    item = bob.locator(".pinned-item")
    expect(item).to_contain_text("The ferry leaves at nine")
    expect(item).to_contain_text("Pinned by alice")
    assert violations(bob) == []
    item.locator(".pinned-open").click()
    expect(message(bob, "The ferry leaves")).to_be_in_viewport()
    expect(message(bob, "The ferry leaves")).to_contain_class("marked")
    # The count is that of the server also on a page that is loaded later.
    alice.reload()
    expect(alice.locator(".pins-count")).to_have_text("1")
    choose_action(bob, "The ferry leaves", "unpin")
    for page in (alice, bob):
        expect(page.locator(".pins-button")).to_be_hidden()
        expect(page.locator(".marks")).to_have_count(0)
        expect_all_messages(page, site, room)


@pytest.mark.core
@by_mouse_and_touch
def test_bob_saves_a_message_is_reminded_on_another_page_and_is_done_with_it(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    other = bob.context.new_page()
    other.goto(bob.url)
    wait_until_online(other)
    text = f"Bring the charts to {room}"
    send(alice, text)
    wait_until_stored(bob, text)
    choose_action(bob, text, "save")
    for page in (bob, other):
        expect(message(page, text).locator("[data-mark='saved']")).to_have_text("Saved")
    expect(alice.locator("[data-mark='saved']")).to_have_count(0)
    bob.get_by_role("button", name="Remind me…").click()
    bob.get_by_role("button", name="Tomorrow").click()
    expect(message(other, text).locator("[data-mark='saved']")).to_contain_text("9:00")
    assert site.python(REMIND_NOW, room=room) == 1
    for page in (bob, other):
        expect(page.locator("#notice")).to_contain_text("Reminder")
        expect(message(page, text).locator("[data-mark='saved']")).to_have_text("Saved, reminder due")
    bob.locator("#notice").get_by_role("button", name="Show").click()
    bob.wait_for_url("**/saved/")
    entry = bob.locator("article", has_text=text)
    expect(entry).to_contain_class("is-unread")
    assert violations(bob) == []
    entry.get_by_role("button", name="Done").click()
    expect(entry).to_have_count(0)
    expect(other.locator("[data-mark='saved']")).to_have_count(0)


@by_mouse_and_touch
def test_bob_forwards_a_message_to_a_room_with_a_link_to_it(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    target = site.add_room()
    send(alice, "The **ferry** leaves at nine, @bob")
    wait_until_stored(bob, "leaves at nine")
    choose_action(bob, "leaves at nine", "forward")
    bob.locator("#switcher input").fill(target)
    bob.keyboard.press("Enter")
    dialog = bob.locator("#forward-dialog")
    expect(dialog.locator(".quoted-text")).to_have_text("The ferry leaves at nine, @bob")
    dialog.get_by_label("Comment").fill("Did you know?")
    dialog.get_by_role("button", name="Forward").click()
    expect(bob.locator("#notice")).to_contain_text("Forwarded to")
    alice.goto(f"{site.workers[0].url}/rooms/{target}/")
    forwarded = wait_until_stored(alice, "Did you know?")
    expect(forwarded.locator("blockquote strong")).to_have_text("ferry")
    expect(forwarded.locator(".mention")).to_have_count(0)
    # It has the address of the site, which is another one than that of the test's server.
    path = forwarded.get_by_role("link", name="alice").evaluate("(link) => new URL(link.href).pathname")
    alice.goto(site.workers[0].url + path)
    expect(message(alice, "leaves at nine")).to_contain_class("marked")


def test_the_edits_of_a_message_are_a_readable_difference(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    send(bob, "tea at four")
    wait_until_stored(bob, "tea at four")
    choose_action(bob, "tea at four", "edit")
    send(bob, "green tea at five")
    expect(message(alice, "green tea at five").locator(".edited")).to_be_visible()
    # Alice owns the room.
    for page in (alice, bob):
        choose_action(page, "green tea at five", "history")
        forms = page.locator("#history-dialog .history-text")
        expect(forms).to_have_text([re.compile("tea at"), "tea at four"])
        expect(forms.first.locator("ins")).to_have_text(["green ", "five"])
        expect(forms.first.locator("del")).to_have_text("four")
        assert violations(page) == []
        page.keyboard.press("Escape")


@by_mouse_and_touch
def test_alice_finds_an_emoji_and_its_skin_tone_is_kept(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    send(bob, "Who comes along?")
    wait_until_stored(alice, "Who comes along?")
    picker = alice.locator("#emoji-picker")

    def open_picker():
        if is_touch_screen(alice):
            tap_message(message(alice, "Who comes along?"))
            alice.locator("#action-sheet").get_by_role("button", name="More emoji").tap()
        else:
            choose_action(alice, "Who comes along?", "react")
        expect(picker).to_be_visible()

    open_picker()
    expect(picker.locator('[data-group="1"] button').first).to_be_attached()
    assert violations(alice) == []
    picker.get_by_role("radio", name="Skin tone 3").click()
    picker.get_by_label("Search emoji").fill("raised hand")
    picker.locator('[data-emoji="✋🏽"]').first.click()
    expect(message(bob, "Who comes along?").locator(".reaction")).to_have_attribute("title", "✋🏽: alice")
    alice.reload()
    wait_until_online(alice)
    open_picker()
    expect(picker.locator('[data-group="recent"] button').first).to_have_attribute("data-emoji", "✋🏽")
    expect(picker.get_by_role("radio", name="Skin tone 3")).to_have_attribute("aria-checked", "true")
    picker.get_by_label("Search emoji").fill("no such thing")
    expect(picker.locator(".emoji-none")).to_be_visible()


def test_bob_searches_emoji_in_chinese(site, room, open_page):
    bob = open_page(site, "bob", f"/rooms/{room}/", before=speak_chinese)
    send(bob, "晚上好")
    wait_until_stored(bob, "晚上好")
    choose_action(bob, "晚上好", "react")
    bob.locator("#emoji-picker input").fill("章鱼")
    bob.locator('#emoji-picker [data-emoji="🐙"]').first.click()
    expect(message(bob, "晚上好").locator(".reaction")).to_have_attribute("title", "🐙: bob")


def test_alice_adds_an_emoji_and_bob_uses_it_in_a_text_and_as_a_reaction(site, room, open_page):
    alice, bob = open_page(site, "alice", "/emoji/"), open_page(site, "bob", f"/rooms/{room}/")
    out = BytesIO()
    frames = [Image.new("RGB", (200, 100), (80 * number, 90, 120)) for number in range(3)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=80)
    name = f"skua-{room}"[:30]
    svg = {"name": "x.svg", "mimeType": "image/svg+xml", "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}
    alice.get_by_label("Picture").set_input_files(svg)
    alice.get_by_label("Name").fill(name)
    alice.get_by_role("button", name="Add emoji").click()
    expect(alice.get_by_role("alert")).to_contain_text("not a picture")
    expect(alice.get_by_label("Name")).to_have_value(name)
    assert violations(alice) == []
    alice.get_by_label("Picture").set_input_files({"name": "x.gif", "mimeType": "image/gif", "buffer": out.getvalue()})
    alice.get_by_role("button", name="Add emoji").click()
    expect(alice.locator(".emoji-list")).to_contain_text(f":{name}:")

    send(bob, f"Look: :{name}: :no-such-emoji:")
    stored = wait_until_stored(bob, "Look")
    picture = stored.locator(f'.body img[alt=":{name}:"]')
    assert picture.evaluate("async (one) => { await one.decode(); return one.naturalWidth; }") == 128
    expect(stored.locator(".body img")).to_have_count(1)
    react(bob, "Look", f":{name}:")
    expect(stored.locator(f'.reaction img[alt=":{name}:"]')).to_be_visible()
    # Its name takes its place when it is removed.
    alice.get_by_role("button", name=f"Remove :{name}:").click()
    expect(alice.locator("main, body").first).not_to_contain_text(f":{name}:", use_inner_text=True)
    bob.evaluate("async (name) => void (await fetch(`/emoji/${name}.webp`, { cache: 'reload' }))", name)
    bob.reload()
    expect(message(bob, "Look").locator(".reaction > .emoji")).to_have_text(f":{name}:")
    message(bob, "Look").locator(".reaction").click()
    expect(bob.locator(".reaction")).to_have_count(0)


def test_of_a_thousand_reactions_a_message_shows_some_and_the_others_on_demand(site, room, open_page):
    site.python(
        """
        import uuid
        from django.contrib.auth import get_user_model
        from chat.domain import messages
        from chat.models import Reaction
        User = get_user_model()
        alice = User.objects.get_by_natural_key("alice")
        message = messages.post(room=room, author=alice, body="Vote!", client_id=uuid.uuid4())
        crowd = [User.objects.create_user(f"{room}-{n}") for n in range(34)]
        emoji = [chr(0x1F600 + n) for n in range(30)]
        rows = (Reaction(message=message, user=user, emoji=each) for each in emoji for user in crowd)
        Reaction.objects.bulk_create(rows)
        Reaction.objects.create(message=message, user=alice, emoji=emoji[20])
        """,
        room=room,
    )
    alice = open_page(site, "alice", f"/rooms/{room}/", viewport={"width": 390, "height": 700})
    wait_until_online(alice)
    vote = message(alice, "Vote!")
    shown = vote.locator(".reaction:visible")
    # The first ten, Alice's own, and the button.
    expect(shown).to_have_count(12)
    more = vote.get_by_role("button", name="Show 19 more reactions")
    expect(more).to_have_text("+19")
    shown.first.click()
    expect(shown.first).to_have_attribute("aria-pressed", "true")
    expect(shown.first).to_contain_text("35")
    more.click()
    expect(shown).to_have_count(30)
    expect(more).to_have_count(0)
    expect(shown.nth(10)).to_be_focused()
    assert alice.evaluate("document.documentElement.scrollWidth") == 390
    shown.nth(25).click()
    expect(shown.nth(25)).to_contain_text("35")
    expect(shown).to_have_count(30)
