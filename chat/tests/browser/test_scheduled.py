"""The menu beside the button Send: send later, silently, or as a poll. Scheduled messages are listed and changed."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from .pages import ANYTHING, by_mouse_and_touch, go_to_list, message, send, wait_until_online, wait_until_stored


@pytest.fixture
def uma(site, room) -> str:
    """The name of a person of this test's own, who is a member of the room `tea-…`."""
    name = f"uma-{room}"
    site.add_person(name)
    site.add_room(slug=f"tea-{room}", name=f"Tea {room}", members=[name, "bob"])
    return name


@pytest.fixture
def page(site, open_page, uma, room):
    """Uma's page, with the room `tea-…`."""
    page = open_page(site, uma, f"/rooms/tea-{room}/", unshared=True)
    wait_until_online(page)
    return page


def choose(page, item: str) -> None:
    """Choose an item of the menu beside the button Send."""
    page.locator(".send-more").click()
    page.get_by_role("menuitem", name=item).click()


@pytest.mark.core
@by_mouse_and_touch
def test_a_message_is_sent_later_changed_and_sent_now(page, room):
    page.locator("#composer").fill("Good morning")
    choose(page, "Tomorrow")
    expect(page.locator("#notice.is-info")).to_contain_text("will be sent on")
    expect(page.locator("#composer")).to_have_value("")
    expect(message(page, "Good morning")).to_have_count(0)
    go_to_list(page)
    link = page.locator("[data-overview=scheduled]")
    expect(link.locator(".kept-count")).to_have_text("1")
    link.click()
    entry = page.locator(".scheduled")
    expect(entry).to_contain_text("Good morning")
    expect(entry.locator("time")).to_contain_text(re.compile("9:00"))
    entry.locator("summary").click()
    entry.get_by_label("Message").fill("Good evening")
    entry.get_by_label("Time").fill("2027-01-02T18:30")
    entry.get_by_role("button", name="Save").click()
    expect(entry.locator(".scheduled-text")).to_have_text("Good evening")
    expect(entry.locator("time")).to_contain_text(re.compile("January 2, 2027.*6:30"))
    entry.get_by_role("button", name="Send now").click()
    # The job sends it at once, and the list follows.
    expect(page.locator(".overview-empty")).to_be_visible()
    page.goto(re.sub("/scheduled/.*", f"/rooms/tea-{room}/", page.url))
    wait_until_stored(page, "Good evening")


def test_a_message_whose_author_lost_the_right_to_write_stays_in_the_list(site, page, uma, room):
    page.locator("#composer").fill("Good morning")
    choose(page, "In an hour")
    expect(page.locator("#composer")).to_have_value("")
    site.python(
        """
        from django.contrib.auth import get_user_model
        from chat.domain import rooms, scheduled
        from chat.models import Room, ScheduledMessage
        user = get_user_model().objects.get_by_natural_key(name)
        rooms.set_role(room=Room.objects.get(slug=slug), user=user, role="reader")
        row = ScheduledMessage.objects.get(user=user)
        from django.utils import timezone
        scheduled.change(message=row.pk, user=user, at=timezone.now())
        """,
        name=uma,
        slug=f"tea-{room}",
    )
    link = page.locator("[data-overview=scheduled]")
    expect(link).to_contain_class("failed")
    link.click()
    entry = page.locator(".scheduled")
    expect(entry.locator(".scheduled-failure")).to_contain_text("may not write")
    expect(entry.locator(".scheduled-text")).to_have_text("Good morning")
    entry.get_by_role("button", name="Delete").click()
    expect(page.locator(".overview-empty")).to_be_visible()


def test_a_chosen_time_and_a_cancelled_choice(page):
    page.locator("#composer").fill("Happy new year")
    choose(page, "Choose a time")
    dialog = page.locator("#time-dialog")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.locator("#composer")).to_have_value("Happy new year")
    choose(page, "Choose a time")
    year = timezone.now().year + 1
    dialog.get_by_label("Date and time").fill(f"{year}-01-01T00:00")
    dialog.get_by_label("Date and time").press("Enter")
    expect(page.locator("#notice")).to_contain_text(f"January 1, {year}")


@by_mouse_and_touch
def test_a_silent_message_and_a_poll_from_the_menu(page, room):
    send(page, "First one", "Second one")
    plain = wait_until_stored(page, "Second one")
    page.locator("#composer").fill("No hurry")
    choose(page, "Send silently")
    quiet = wait_until_stored(page, "No hurry")
    expect(quiet.locator(".silent-mark")).to_be_visible()
    # In a group of messages, the mark is beside the text: it takes no line of its own.
    assert quiet.bounding_box()["height"] == plain.bounding_box()["height"]
    # Without a text, only a poll can be asked.
    page.locator(".send-more").click()
    expect(page.get_by_role("menuitem")).to_have_count(1)
    page.get_by_role("menuitem", name="Ask a poll").click()
    dialog = page.locator("#poll-dialog")
    dialog.get_by_role("button", name="Ask").click()
    expect(dialog.get_by_role("alert")).to_have_text("A poll needs a question.")
    dialog.get_by_label("Question").fill("Lunch?")
    for number, name in enumerate(["Pizza", "Soup", "Salad"], 1):
        dialog.get_by_label(f"Option {number}", exact=True).fill(name)
    expect(dialog.get_by_label("Option 4", exact=True)).to_be_visible()
    dialog.get_by_label("People may choose several").check()
    dialog.get_by_role("button", name="Ask").click()
    poll = wait_until_stored(page, "Lunch?")
    expect(poll.locator(".poll-option")).to_have_count(3)
    expect(poll.get_by_role("checkbox").first).to_have_attribute("data-option", ANYTHING)


def test_a_silent_message_is_unread_but_not_in_the_title(site, open_page, uma, room):
    site.add_room(slug=f"den-{room}", name=f"Den {room}", members=[uma, "bob"])
    page = open_page(site, uma, f"/rooms/tea-{room}/", unshared=True)
    bob = open_page(site, "bob", f"/rooms/den-{room}/")
    for each in (page, bob):
        wait_until_online(each)
    badge = page.locator(f"#rooms a[href='/rooms/den-{room}/'] .unread")
    bob.locator("#composer").fill("No hurry")
    choose(bob, "Send silently")
    expect(badge).to_have_text("1")
    expect(page).to_have_title(re.compile("^Tea"))
    bob.locator("#composer").fill("Now")
    bob.locator("#composer").press("Enter")
    expect(badge).to_have_text("2")
    expect(page).to_have_title(re.compile(r"^\(1\) Tea"))


def test_tomorrow_is_that_of_the_zone_in_the_profile_and_the_dialogs_name_it(site, open_page, uma, room):
    site.python(
        """
        from django.contrib.auth import get_user_model
        from chat.domain import profiles
        profiles.change(user=get_user_model().objects.get_by_natural_key(name), time_zone="Asia/Tokyo")
        """,
        name=uma,
    )
    page = open_page(site, uma, f"/rooms/tea-{room}/", timezone_id="America/New_York")
    wait_until_online(page)
    page.locator("#composer").fill("Good morning")
    page.locator(".send-more").click()
    expect(page.get_by_role("menuitem", name="Tomorrow")).to_contain_text("9:00 AM GMT+9")
    page.get_by_role("menuitem", name="Choose a time").click()
    dialog = page.locator("#time-dialog")
    expect(dialog.locator(".zone-line")).to_have_text("Time zone of your profile: Asia/Tokyo")
    dialog.get_by_label("Date and time").fill("2027-01-01T00:00")
    dialog.get_by_role("button", name="Schedule").click()
    expect(page.locator("#notice")).to_contain_text("January 1, 2027 at 12:00 AM GMT+9")
    stored = "from chat.models import ScheduledMessage as S\nresult = S.objects.get(user__handle=name).at.isoformat()"
    assert site.python(stored, name=uma) == "2026-12-31T15:00:00+00:00"
    page.locator("[data-overview=scheduled]").click()
    entry = page.locator(".scheduled")
    expect(entry.locator("time")).to_contain_text("January 1, 2027 at 12:00 AM GMT+9")
    entry.locator("summary").click()
    expect(entry.get_by_label("Time", exact=True)).to_have_value("2027-01-01T00:00")
    expect(entry.locator(".zone-line")).to_contain_text("Asia/Tokyo")


def test_a_message_with_a_file_is_sent_later(page, room):
    page.locator("#composer").fill("The plan")
    page.locator(".compose input[name=files]").set_input_files(
        {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"Tea"}
    )
    expect(page.locator(".upload-card progress")).to_be_hidden()
    choose(page, "Tomorrow")
    expect(page.locator("#notice")).to_contain_text("will be sent on")
    expect(page.locator("#composer")).to_have_value("")
    expect(page.locator(".upload-card")).to_have_count(0)
    page.locator("[data-overview=scheduled]").click()
    entry = page.locator(".scheduled")
    expect(entry.locator(".scheduled-files li")).to_have_text(["plan.txt"])
    entry.get_by_role("button", name="Send now").click()
    expect(page.locator(".overview-empty")).to_be_visible()
    page.goto(re.sub("/scheduled/.*", f"/rooms/tea-{room}/", page.url))
    expect(wait_until_stored(page, "The plan").locator(".attachments")).to_contain_text("plan.txt")
