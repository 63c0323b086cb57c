"""On a phone: a tap or a long press on a message opens a sheet of actions."""

import pytest
from playwright.sync_api import expect

from .pages import (
    expect_all_messages,
    message,
    put_failed_message,
    send,
    tap_message,
    wait_until_online,
    wait_until_stored,
)

pytestmark = pytest.mark.parametrize("hand", ["touch"], indirect=True)
SMALLEST_TARGET_PX = 44


@pytest.fixture
def phone(site, room, open_page):
    """Alice's page on a phone, with a message of Bob and one of hers."""
    bob = open_page(site, "bob", f"/rooms/{room}/")
    send(bob, "his word")
    wait_until_stored(bob, "his word")
    phone = open_page(site, "alice", f"/rooms/{room}/")
    send(phone, "her word")
    wait_until_stored(phone, "her word")
    return phone


@pytest.fixture
def sheet(phone):
    """The open sheet of Alice's own message."""
    tap_message(message(phone, "her word"))
    sheet = phone.locator("#action-sheet")
    expect(sheet).to_be_visible()
    return sheet


class Finger:
    """A finger on the screen: sends the touch events of the DevTools protocol."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)

    def down(self, x, y):
        """Touch the screen."""
        self.session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})

    def move(self, x, y):
        """Move it."""
        self.session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})

    def up(self):
        """Lift it."""
        self.session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def place_of(found) -> tuple[float, float]:
    """The coordinates of a point in the upper part of an element."""
    box = found.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + 12


def place_of_handle(sheet) -> tuple[float, float]:
    """The coordinates of the sheet's handle, after its animation."""
    sheet.evaluate("(one) => Promise.all(one.getAnimations().map((each) => each.finished))")
    box = sheet.locator(".sheet-handle").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + 2


def test_the_sheet_shows_the_text_of_a_message_without_its_markdown(phone):
    send(phone, "**bold** and `code`")
    wait_until_stored(phone, "bold and code")
    tap_message(message(phone, "bold and code"))
    expect(phone.locator("#action-sheet .sheet-text")).to_have_text("bold and code")


@pytest.mark.core
def test_the_sheet_is_a_dialog_with_buttons_large_enough_for_fingers(phone, sheet):
    expect(phone.get_by_role("dialog", name="alice")).to_be_visible()
    expect(sheet.locator(".sheet-text")).to_have_text("her word")
    for name in (
        "Reply",
        "Copy text",
        "Copy link",
        "Mark unread from here",
        "Edit",
        "Save for later",
        "Pin to this room",
        "Delete",
        "Cancel",
    ):
        expect(sheet.get_by_role("button", name=name, exact=True)).to_be_visible()
    sizes = sheet.locator("button:visible").evaluate_all(
        "(all) => all.map((one) => { const { width, height } = one.getBoundingClientRect(); return [width, height]; })"
    )
    assert len(sizes) == 20
    assert min(min(size) for size in sizes) >= SMALLEST_TARGET_PX
    assert phone.evaluate("document.getElementById('action-sheet').contains(document.activeElement)")
    expect(phone.locator(".actions")).to_have_count(0)


def close_by_cancel(phone, sheet):
    sheet.get_by_role("button", name="Cancel").tap()


def close_by_escape(phone, sheet):
    phone.keyboard.press("Escape")


def close_beside_it(phone, sheet):
    phone.touchscreen.tap(100, 100)


def close_by_back(phone, sheet):
    phone.go_back()


def close_by_a_swipe(phone, sheet):
    x, y = place_of_handle(sheet)
    finger = Finger(phone)
    finger.down(x, y)
    for step in range(1, 9):
        finger.move(x, y + 20 * step)
    finger.up()


@pytest.mark.parametrize("close", [close_by_cancel, close_by_escape, close_beside_it, close_by_back, close_by_a_swipe])
def test_the_sheet_closes_and_leaves_the_room_as_it_was(phone, sheet, close):
    address = phone.url
    close(phone, sheet)
    expect(sheet).to_be_hidden()
    expect(message(phone, "her word")).to_be_focused()
    phone.wait_for_function("() => !history.state?.sheet")
    assert phone.url == address
    # It can be opened again.
    tap_message(message(phone, "his word"))
    expect(sheet).to_be_visible()
    expect(sheet.locator(".sheet-text")).to_have_text("his word")
    expect(sheet.get_by_role("button", name="Edit")).to_be_hidden()


@pytest.fixture
def unread_room(site) -> str:
    """The slug of a room in which Bob has 60 unread messages of Alice."""
    site.python(
        """
        import uuid
        from django.contrib.auth import get_user_model
        from chat.domain import messages
        alice = get_user_model().objects.get_by_natural_key("alice")
        for number in range(60):
            messages.post(room=room, author=alice, body=f"Number {number}.", client_id=uuid.uuid4())
        """,
        room=(slug := site.add_room()),
    )
    return slug


# Where the reader is, and the message below the line “New”.
PLACE = "() => [timeline.scrollTop, document.querySelector('.new + article, .new + .day + article').id]"


@pytest.mark.parametrize("close", [close_by_cancel, close_by_escape, close_by_back])
def test_a_sheet_that_closes_leaves_bob_at_the_message_that_he_reads(site, unread_room, open_page, close):
    bob = open_page(site, "bob", f"/rooms/{unread_room}/")
    wait_until_online(bob)
    bob.evaluate("timeline.scrollTop += 300")
    tap_message(bob.locator("article.message").nth(8))
    sheet = bob.locator("#action-sheet")
    expect(sheet).to_be_visible()
    place = bob.evaluate(PLACE)
    close(bob, sheet)
    expect(sheet).to_be_hidden()
    bob.wait_for_function("!history.state?.sheet")
    # Long enough for a room that is drawn again.
    bob.wait_for_timeout(300)
    assert bob.evaluate(PLACE) == place
    bob.locator(".room-open").tap()
    expect(bob.locator(".side-panel")).to_be_visible()
    bob.locator("[data-close-panel]").tap()
    expect(bob.locator(".side-panel")).to_be_hidden()
    bob.wait_for_timeout(300)
    assert bob.evaluate(PLACE) == place


def test_a_short_swipe_leaves_the_sheet_open(phone, sheet):
    x, y = place_of_handle(sheet)
    finger = Finger(phone)
    finger.down(x, y)
    finger.move(x, y + 20)
    finger.up()
    expect(sheet).to_be_visible()
    assert sheet.evaluate("(one) => one.style.translate") == ""


@pytest.mark.core
def test_a_long_press_opens_the_sheet_and_lifting_the_finger_chooses_nothing(phone, site, room):
    x, y = place_of(message(phone, "his word"))
    finger = Finger(phone)
    finger.down(x, y)
    sheet = phone.locator("#action-sheet")
    expect(sheet).to_be_visible()
    finger.up()
    phone.wait_for_timeout(300)
    expect(sheet).to_be_visible()
    expect(sheet.locator(".sheet-text")).to_have_text("his word")
    sheet.locator('[data-emoji="👍"]').tap()
    expect(message(phone, "his word").locator(".reaction")).to_have_attribute("title", "👍: alice")
    expect_all_messages(phone, site, room)


def test_scrolling_by_finger_does_not_open_the_sheet(phone):
    send(phone, *[f"line {number}" for number in range(30)])
    x, y = place_of(wait_until_stored(phone, "line 25"))
    finger = Finger(phone)
    finger.down(x, y)
    for step in range(1, 20):
        finger.move(x, y + 10 * step)
        phone.wait_for_timeout(40)
    finger.up()
    expect(phone.locator(".jump")).to_be_visible()
    expect(phone.locator("#action-sheet")).to_be_hidden()


def test_a_tap_on_ones_reaction_removes_it(phone, site, room):
    tap_message(message(phone, "his word"))
    phone.locator('#action-sheet [data-emoji="🎉"]').tap()
    mine = message(phone, "his word").locator(".reaction")
    expect(mine).to_have_attribute("aria-pressed", "true")
    tap_message(message(phone, "his word"))
    expect(phone.locator('#action-sheet [data-emoji="🎉"]')).to_have_attribute("aria-pressed", "true")
    expect(phone.locator(".sheet-reactions")).to_have_text("🎉: alice")
    phone.keyboard.press("Escape")
    mine.tap()
    expect(mine).to_have_count(0)
    expect(phone.locator("#action-sheet")).to_be_hidden()
    expect_all_messages(phone, site, room)


def test_the_text_of_a_message_is_copied(phone, sheet):
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sheet.get_by_role("button", name="Copy text").tap()
    expect(sheet).to_be_hidden()
    phone.wait_for_function("async () => (await navigator.clipboard.readText()) === 'her word'")
    expect(phone.locator("#notice")).to_be_hidden()


def test_the_sheet_closes_when_its_message_is_deleted_elsewhere(phone, sheet, site, room, open_page):
    other = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(other)
    tap_message(message(other, "her word"))
    other.locator('#action-sheet [data-action="delete"]').tap()
    expect(phone.locator("article.deleted")).to_have_count(1)
    expect(sheet).to_be_hidden()


def test_a_deleted_message_has_no_actions(phone, sheet):
    sheet.get_by_role("button", name="Delete").tap()
    tap_message(phone.locator("article.deleted"))
    phone.wait_for_timeout(200)
    expect(sheet).to_be_hidden()


def test_a_message_that_is_discarded_opens_no_keyboard(phone, room):
    put_failed_message(phone, room)
    message(phone, "never sent").locator('[data-action="discard"]').tap()
    expect(message(phone, "never sent")).to_have_count(0)
    expect(phone.locator("#composer")).not_to_be_focused()
