"""What a room's moderator without rights of staff does: by mouse on a desktop, by taps on a phone, by keyboard alone.

Each test makes its own room, of which Alice is the owner.
"""

import pytest
from playwright.sync_api import expect

from .axe import violations_light_and_dark
from .pages import (
    by_mouse_and_touch,
    choose_action,
    go_to_list,
    message,
    send,
    wait_until_online,
    wait_until_stored,
)


@pytest.fixture
def lobby(site) -> str:
    """A room where guests write; Alice owns it, Bob and Charlie are members."""
    return site.add_room(members=("bob", "charlie"), guests="write")


def open_reports(page):
    """Open what waits for the moderators by the button above the room."""
    page.locator(".reports-button").click()
    expect(page.locator(".reports-panel")).to_be_visible()
    return page.locator(".reports-panel")


def report(page, text, note=""):
    """Report a message as an insult."""
    choose_action(page, text, "report")
    dialog = page.get_by_role("dialog", name="Report this message")
    dialog.get_by_label("Insults").check()
    dialog.get_by_label("More for the moderators").fill(note)
    dialog.get_by_role("button", name="Report").click()
    expect(page.get_by_text("The moderators were told. Thank you.")).to_be_visible()


def open_both(site, open_page, slug):
    """The pages of Alice and Bob, with a message of Charlie that Bob has reported."""
    charlie = open_page(site, "charlie", f"/rooms/{slug}/")
    wait_until_online(charlie)
    send(charlie, "You are all fools")
    alice, bob = open_page(site, "alice", f"/rooms/{slug}/"), open_page(site, "bob", f"/rooms/{slug}/")
    wait_until_online(alice)
    wait_until_stored(bob, "You are all fools")
    report(bob, "You are all fools", "Each day")
    return alice, bob, charlie


@pytest.mark.core
@by_mouse_and_touch
def test_a_moderator_reads_the_context_writes_to_the_reporter_mutes_and_removes(site, lobby, open_page):
    alice, bob, charlie = open_both(site, open_page, lobby)
    expect(alice.locator(".reports-open")).to_have_text("1")
    panel = open_reports(alice)
    item = panel.locator(".report-item")
    item.get_by_role("button", name="Context").click()
    expect(item.locator(".report-line.reported")).to_contain_text("You are all fools")
    item.get_by_role("button", name="Write to the reporter").click()
    item.get_by_label("Message to the reporter").fill("Which of you?")
    # Another report comes while she writes: what she has opened and written stays.
    send(charlie, "And so are your friends")
    wait_until_stored(bob, "And so are your friends")
    report(bob, "And so are your friends", "Again")
    expect(panel.locator(".report-item")).to_have_count(2)
    item = panel.locator(".report-item").filter(has_text="Each day")
    expect(item.get_by_label("Message to the reporter")).to_have_value("Which of you?")
    item.get_by_role("button", name="Send").click()
    expect(panel.locator(".reports-done")).to_have_text("The reporter gets your message from the site.")
    expect(item.locator(".report-acts")).to_contain_text("wrote to the reporter")
    item.get_by_role("button", name="Remove message").click()
    expect(panel.locator(".reports-done")).to_have_text("The message was removed.")
    expect(panel.locator(".report-item")).to_have_count(1)
    for page in (bob, charlie):
        expect(page.locator(".message.deleted .body")).to_have_text("A moderator removed this message.")
    # Bob is told by a message of the site.
    go_to_list(bob)
    expect(bob.locator("#rooms").get_by_text("Parley").first).to_be_visible()
    panel.locator(".reports-which").select_option("ended")
    item = panel.locator(".report-item").filter(has_text="Each day")
    item.get_by_role("button", name="Mute…").click()
    alice.get_by_role("dialog", name="Mute charlie").get_by_role("button", name="Mute", exact=True).click()
    expect(charlie.locator(".compose-closed").first).to_contain_text("A moderator has muted you.")


@by_mouse_and_touch
def test_a_dismissed_report_ends_for_moderator_and_guest(site, lobby, open_page):
    alice, guest = (
        open_page(site, "alice", f"/rooms/{lobby}/"),
        open_page(site, None, f"/rooms/{lobby}/", unshared=True),
    )
    wait_until_online(alice)
    send(alice, "Please be quiet")
    wait_until_stored(guest, "Please be quiet")
    # Nobody decides about a report of themselves: Bob, who may as well, does.
    site.python(
        "from chat.domain import rooms\nfrom chat.models import Membership\n"
        "Membership.objects.filter(room__slug=room, user__handle='bob').update(role='moderator')",
        room=lobby,
    )
    bob = open_page(site, "bob", f"/rooms/{lobby}/")
    wait_until_stored(bob, "Please be quiet")
    report(guest, "Please be quiet")
    panel = open_reports(bob)
    panel.get_by_role("button", name="Dismiss").click()
    expect(panel.locator(".reports-done")).to_have_text("The report was dismissed.")
    expect(panel.get_by_text("Nothing waits for you.")).to_be_visible()
    expect(guest.get_by_text("found nothing against the rules")).to_be_visible()
    expect(bob.locator(".reports-button")).to_be_hidden()


@by_mouse_and_touch
def test_a_guest_is_muted_from_their_message_and_unmuted_in_the_panel(site, lobby, open_page):
    alice, guest = (
        open_page(site, "alice", f"/rooms/{lobby}/"),
        open_page(site, None, f"/rooms/{lobby}/", unshared=True),
    )
    wait_until_online(guest)
    send(guest, "Buy my watches")
    wait_until_stored(alice, "Buy my watches")
    choose_action(alice, "Buy my watches", "mute")
    dialog = alice.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Mute", exact=True)).to_be_visible()
    expect(dialog.get_by_role("button", name="End a mute")).to_be_hidden()
    dialog.get_by_role("button", name="Mute", exact=True).click()
    expect(guest.locator(".compose-closed").first).to_contain_text("A moderator has muted you.")
    guest.reload()
    expect(guest.locator(".compose-closed").first).to_contain_text("A moderator has muted you.")
    # There is a mute now that can be ended.
    choose_action(alice, "Buy my watches", "mute")
    expect(dialog.get_by_role("button", name="End a mute")).to_be_visible()
    alice.keyboard.press("Escape")
    alice.locator(".room-open").click()
    alice.locator(".panel-reports [data-open-reports]").click()
    alice.locator(".mute-item").get_by_role("button", name="End").click()
    expect(alice.locator(".reports-done")).to_contain_text("may write in this room again")
    expect(guest.locator(".compose").first).to_be_visible()
    send(guest, "Sorry")
    wait_until_stored(alice, "Sorry")


@by_mouse_and_touch
def test_a_moderator_adds_a_filter_tries_it_and_what_it_holds_is_the_same_on_all_devices(site, lobby, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{lobby}/"), open_page(site, "bob", f"/rooms/{lobby}/")
    wait_until_online(alice)
    wait_until_online(bob)
    send(bob, "Green tea")
    wait_until_stored(alice, "Green tea")
    alice.locator(".room-open").click()
    alice.locator(".panel-reports [data-open-reports]").click()
    alice.locator("[data-open-filters]").click()
    panel = alice.locator(".filters-panel")
    panel.get_by_role("button", name="Add a filter").click()
    form = panel.locator(".filter-form")
    form.get_by_label("Name").fill("Hot drinks")
    form.get_by_label("Words, patterns or domains").fill("tea")
    form.get_by_role("button", name="Dry run").click()
    expect(form.locator(".filter-result")).to_contain_text(
        "Of the last 1 messages of this room, the filter would have met 1."
    )
    form.get_by_label("Looks for").select_option("pattern")
    form.get_by_label("Words, patterns or domains").fill("(")
    form.get_by_role("button", name="Save").click()
    expect(form.locator(".form-error")).to_contain_text("is not a regular expression")
    form.get_by_label("Words, patterns or domains").fill("(?i)te+a+$")
    form.get_by_role("button", name="Save").click()
    expect(panel.locator(".filter-item")).to_contain_text("Hot drinks")

    # Bob's other device, which has its own storage, shows his message, too.
    other = open_page(site, "bob", f"/rooms/{lobby}/", unshared=True)
    wait_until_online(other)
    for text in ("More tea", "Black tea", "Too much tea"):
        send(bob, text)
        expect(message(other, text).locator(".held-state")).to_contain_text("Waits for a moderator")
    other.reload()
    expect(message(other, "More tea").locator(".held-state")).to_be_visible()
    message(other, "Too much tea").get_by_role("button", name="Take back").click()
    expect(message(bob, "Too much tea")).to_have_count(0)
    panel.get_by_role("button", name="Back to the reports").click()
    held = alice.locator(".held-list .report-item")
    expect(held).to_have_count(2)
    held.filter(has_text="More tea").get_by_role("button", name="Post").click()
    held.filter(has_text="Black tea").get_by_role("button", name="Refuse").click()
    for page in (bob, other):
        wait_until_stored(page, "More tea")
        expect(message(page, "Black tea")).to_contain_text("A moderator did not allow this message.")

    alice.locator("[data-open-filters]").click()
    switch = alice.locator(".filter-item").get_by_role("checkbox")
    switch.click()
    expect(alice.locator(".reports-done")).to_have_text("The filter was saved.")
    expect(switch).not_to_be_checked()
    send(bob, "At last tea")
    wait_until_stored(other, "At last tea")


def test_axe_finds_nothing_serious_in_reports_and_filters(site, lobby, open_page):
    alice = open_page(site, "alice", f"/rooms/{lobby}/")
    wait_until_online(alice)
    alice.locator(".room-open").click()
    alice.locator(".panel-reports [data-open-reports]").click()
    expect(alice.locator("[data-open-filters]")).to_be_visible()
    assert violations_light_and_dark(alice) == []
    alice.locator("[data-open-filters]").click()
    panel = alice.locator(".filters-panel")
    panel.get_by_role("button", name="Add a filter").click()
    form = panel.locator(".filter-form")
    form.get_by_label("Name").fill("Hot drinks")
    form.get_by_label("Words, patterns or domains").fill("tea")
    assert violations_light_and_dark(alice) == []
    form.get_by_role("button", name="Save").click()
    expect(panel.locator(".filter-item").first).to_be_visible()
    assert violations_light_and_dark(alice) == []


def press(page, *keys):
    """Press keys one after the other."""
    for key in keys:
        page.keyboard.press(key)


def test_reports_are_made_and_decided_by_keyboard_alone(site, lobby, open_page):
    charlie = open_page(site, "charlie", f"/rooms/{lobby}/")
    wait_until_online(charlie)
    send(charlie, "You are all fools", "And you know it")
    alice, bob = open_page(site, "alice", f"/rooms/{lobby}/"), open_page(site, "bob", f"/rooms/{lobby}/")
    wait_until_online(alice)
    wait_until_stored(bob, "And you know it")
    for up in (1, 2):
        bob.locator("#timeline").focus()
        press(bob, *["ArrowUp"] * up, "Enter")
        expect(bob.locator(".actions:visible [data-more]")).to_be_visible()
        bob.locator(".actions:visible [data-more]").focus()
        press(bob, "Enter")
        expect(bob.get_by_role("menuitem", name="Report…")).to_be_visible()
        focus_by_arrows(bob, "Report…")
        press(bob, "Enter")
        dialog = bob.get_by_role("dialog", name="Report this message")
        expect(dialog).to_be_visible()
        press(bob, "ArrowDown", "Enter")
        expect(dialog).to_be_hidden()
    button = alice.locator(".reports-button")
    expect(alice.locator(".reports-open")).to_have_text("2")
    button.focus()
    press(alice, "Enter")
    items = alice.locator(".report-item")
    expect(items).to_have_count(2)
    # Context, and back.
    tab_to(alice, "Context")
    press(alice, "Enter")
    expect(items.first.locator(".report-line.reported")).to_be_visible()
    tab_to(alice, "Dismiss")
    press(alice, "Enter")
    expect(items).to_have_count(1)
    # The focus goes to the next report, not to the beginning of the page.
    expect(items.first.locator(":focus")).to_have_count(1)
    tab_to(alice, "Write to the reporter")
    press(alice, "Enter")
    alice.keyboard.type("Thank you")
    tab_to(alice, "Send")
    press(alice, "Enter")
    expect(items.first.locator(".report-acts")).to_contain_text("wrote to the reporter")
    tab_to(alice, "Mute…")
    press(alice, "Enter")
    expect(alice.get_by_role("dialog", name="Mute charlie")).to_be_visible()
    tab_to(alice, "Mute")
    press(alice, "Enter")
    expect(alice.locator(".reports-done")).to_contain_text("can only read this room now")
    expect(charlie.locator(".compose-closed").first).to_contain_text("A moderator has muted you.")
    press(alice, "Escape")
    expect(alice.locator(".reports-panel")).to_have_count(0)


def tab_to(page, name):
    """Press Tab until the focus is on a button with this name."""
    for _step in range(40):
        press(page, "Tab")
        if (
            page.evaluate("document.activeElement?.tagName === 'BUTTON' && document.activeElement.textContent.trim()")
            == name
        ):
            return
    raise AssertionError(f"Tab does not reach “{name}”")


def focus_by_arrows(page, name):
    """Press the arrow until the focus is on the item of the menu with this name."""
    for _step in range(20):
        if page.evaluate("document.activeElement?.textContent.trim()").startswith(name):
            return
        press(page, "ArrowDown")
    raise AssertionError(f"The arrow does not reach “{name}”")
