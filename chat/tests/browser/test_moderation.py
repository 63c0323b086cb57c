"""Moderation in two windows: reports, removed and held messages, mutes. Moderators of a room need not be staff."""

import pytest
from playwright.sync_api import expect

from chat.tests.services import wait_until

from .pages import send, wait_until_online

HOLD = """
    from django.contrib.auth import get_user_model
    from chat.domain.filters import stored
    from chat.models import MessageFilter, Room
    admin = get_user_model().objects.get_by_natural_key("admin")
    stored.create(by=admin, name="Tea", kind="words", value="tea", action="hold", room=Room.objects.get(slug=room))
"""
FIND_DIRECT = """
    from chat.models import Message
    told = Message.objects.filter(room__kind="direct", room__members__handle="bob", text__contains="have acted on it")
    result = told.values_list("room__slug", flat=True).first()
"""


def message(page, text):
    """The article of the message with this text."""
    return page.locator(".log > article.message").filter(has_text=text)


def open_reports(page):
    """Open the reports of the room in its panel."""
    page.locator(".room-open").click()
    page.locator(".panel-reports [data-open-reports]").click()
    return page.locator(".reports-panel")


def report(page, text, reason, note):
    """Report a message by the menu of its actions."""
    message(page, text).hover()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Report…").click()
    dialog = page.get_by_role("dialog", name="Report this message")
    dialog.get_by_label(reason).check()
    dialog.get_by_label("More for the moderators").fill(note)
    dialog.get_by_role("button", name="Report").click()
    expect(page.get_by_text("The moderators were told. Thank you.")).to_be_visible()


def test_a_report_is_acted_upon_by_the_moderator_of_the_room_and_the_reporter_is_told(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    wait_until_online(bob)
    expect(bob.locator(".reports-button")).to_be_hidden()
    site.python(
        "from chat.domain import rooms\nfrom django.contrib.auth import get_user_model\nfrom chat.models import Room\n"
        "charlie = get_user_model().objects.get_by_natural_key('charlie')\n"
        "rooms.join(room=Room.objects.get(slug=room), user=charlie)",
        room=room,
    )
    charlie = open_page(site, "charlie", f"/rooms/{room}/")
    wait_until_online(charlie)
    send(charlie, "You are all fools")
    expect(message(bob, "You are all fools")).to_be_visible()
    alice.locator(".room-open").click()
    expect(alice.locator(".reports-count")).to_be_hidden()
    report(bob, "You are all fools", "Insults", "He does that each day")
    expect(alice.locator(".reports-count")).to_have_text("1")
    alice.locator(".panel-reports [data-open-reports]").click()
    item = alice.locator(".report-item")
    expect(item.locator(".report-text")).to_have_text("You are all fools")
    expect(item.locator(".report-note")).to_have_text("“He does that each day”")
    item.get_by_role("button", name="Context").click()
    expect(item.locator(".report-line.reported")).to_contain_text("You are all fools")
    item.get_by_role("button", name="Remove message").click()
    expect(alice.locator(".reports-none")).to_be_visible()
    for page in (alice, bob, charlie):
        expect(page.locator(".message.deleted .body")).to_have_text("A moderator removed this message.")
    expect(bob.locator(".removed-state button")).to_be_hidden()
    direct = wait_until(lambda: site.python(FIND_DIRECT))
    expect(bob.locator(f'a[data-room="{direct}"]').first).to_be_visible()
    bob.goto(f"{site.url}/rooms/{direct}/")
    expect(bob.locator(".message .body").last).to_contain_text("The moderators have acted on it.")

    alice.locator(".message.deleted").get_by_role("button", name="Restore").click()
    expect(message(charlie, "You are all fools")).to_be_visible()


@pytest.mark.core
def test_a_held_message_waits_and_is_posted_when_a_moderator_approves_it(site, room, open_page):
    site.python(HOLD, room=room)
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    wait_until_online(bob)
    panel = open_reports(alice)
    for text in ("Some tea?", "More tea?", "Too much tea"):
        bob.locator(".compose-field").first.fill(text)
        bob.keyboard.press("Enter")
        expect(message(bob, text).locator(".held-state")).to_contain_text("Waits for a moderator")
    expect(message(alice, "tea")).to_have_count(0)
    held = panel.locator(".held-list .report-item")
    expect(held).to_have_count(3)
    bob.reload()
    wait_until_online(bob)
    expect(message(bob, "Some tea?").locator(".held-state")).to_be_visible()
    message(bob, "Too much tea").get_by_role("button", name="Take back").click()
    expect(message(bob, "Too much tea")).to_have_count(0)
    expect(held).to_have_count(2)
    held.filter(has_text="Some tea?").get_by_role("button", name="Post").click()
    expect(message(alice, "Some tea?")).to_be_visible()
    expect(message(bob, "Some tea?").locator(".held-state")).to_have_count(0)
    expect(message(bob, "Some tea?")).to_have_count(1)
    held.filter(has_text="More tea?").get_by_role("button", name="Refuse").click()
    expect(message(bob, "More tea?").locator(".delivery-state")).to_contain_text(
        "A moderator did not allow this message."
    )
    expect(held).to_have_count(0)


def test_a_person_is_muted_from_their_card_and_told_until_when(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    wait_until_online(bob)
    send(bob, "Good morning")
    message(alice, "Good morning").locator(".author").click()
    alice.get_by_role("button", name="Mute…").click()
    alice.get_by_role("dialog", name="Mute bob in this room").get_by_role("button", name="Mute", exact=True).click()
    expect(bob.locator(".compose-closed")).to_contain_text("A moderator has muted you.")
    expect(bob.locator(".compose").first).to_be_hidden()
    bob.reload()
    expect(bob.locator(".compose-closed").first).to_contain_text("A moderator has muted you.")
    panel = open_reports(alice)
    panel.locator(".mute-item").get_by_role("button", name="End").click()
    expect(panel.locator(".mute-item")).to_have_count(0)
    expect(bob.locator(".compose").first).to_be_visible()
    send(bob, "Sorry")
    expect(message(alice, "Sorry")).to_be_visible()
