"""Fingers on a phone: a tap or a long press on a message opens a sheet, and real taps choose from it."""

import pytest
from playwright.sync_api import expect

from .pages import is_online, is_stored, message, say, shows_all, tap_on

pytestmark = pytest.mark.parametrize("hand", ["touch"], indirect=True)
SMALLEST_TARGET_PX = 44


@pytest.fixture
def phone(site, room, arrive):
    """Alice's phone, with a message of Bob and one of hers."""
    bob = arrive(site, "bob", f"/rooms/{room}/")
    say(bob, "his word")
    is_stored(bob, "his word")
    phone = arrive(site, "alice", f"/rooms/{room}/")
    say(phone, "her word")
    is_stored(phone, "her word")
    return phone


@pytest.fixture
def sheet(phone):
    """The sheet, open for Alice's own message."""
    tap_on(message(phone, "her word"))
    sheet = phone.locator("#action-sheet")
    expect(sheet).to_be_visible()
    return sheet


class Finger:
    """One finger on a page's screen, moved as the screen itself would tell of it."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)

    def down(self, x, y):
        """Put it down."""
        self.session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})

    def move(self, x, y):
        """Move it."""
        self.session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})

    def up(self):
        """Lift it."""
        self.session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def place_of(found) -> tuple[float, float]:
    """A point in the upper part of an element."""
    box = found.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + 12


def place_of_handle(sheet) -> tuple[float, float]:
    """The handle of the sheet, once that has come up."""
    sheet.evaluate("(one) => Promise.all(one.getAnimations().map((each) => each.finished))")
    box = sheet.locator(".sheet-handle").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + 2


def test_the_sheet_shows_what_a_message_says_and_not_how_it_was_typed(phone):
    say(phone, "**bold** and `code`")
    is_stored(phone, "bold and code")
    tap_on(message(phone, "bold and code"))
    expect(phone.locator("#action-sheet .sheet-text")).to_have_text("bold and code")


def test_the_sheet_is_a_dialog_with_targets_for_fingers(phone, sheet):
    expect(phone.get_by_role("dialog", name="alice")).to_be_visible()
    expect(sheet.locator(".sheet-text")).to_have_text("her word")
    for name in ("Reply", "Copy text", "Edit", "Delete", "Cancel"):
        expect(sheet.get_by_role("button", name=name)).to_be_visible()
    sizes = sheet.locator("button:visible").evaluate_all(
        "(all) => all.map((one) => { const { width, height } = one.getBoundingClientRect(); return [width, height]; })"
    )
    assert len(sizes) == 13
    assert min(min(size) for size in sizes) >= SMALLEST_TARGET_PX
    assert phone.evaluate("document.getElementById('action-sheet').contains(document.activeElement)")
    expect(phone.locator(".actions")).to_have_count(0)


def close_by_cancel(phone, sheet):
    sheet.get_by_role("button", name="Cancel").tap()


def close_by_escape(phone, sheet):
    phone.keyboard.press("Escape")


def close_beside_it(phone, sheet):
    phone.touchscreen.tap(100, 100)


def close_by_the_way_back(phone, sheet):
    phone.go_back()


def close_by_a_swipe(phone, sheet):
    x, y = place_of_handle(sheet)
    finger = Finger(phone)
    finger.down(x, y)
    for step in range(1, 9):
        finger.move(x, y + 20 * step)
    finger.up()
    # A tap right after a swipe would only stop the scrolling that may follow it.
    phone.wait_for_timeout(500)


@pytest.mark.parametrize(
    "close", [close_by_cancel, close_by_escape, close_beside_it, close_by_the_way_back, close_by_a_swipe]
)
def test_the_sheet_closes_and_leaves_the_room_as_it_was(phone, sheet, close):
    address = phone.url
    close(phone, sheet)
    expect(sheet).to_be_hidden()
    expect(message(phone, "her word")).to_be_focused()
    phone.wait_for_function("!history.state?.sheet")
    assert phone.url == address
    # It opens again, also after a way back.
    tap_on(message(phone, "his word"))
    expect(sheet).to_be_visible()
    expect(sheet.locator(".sheet-text")).to_have_text("his word")
    expect(sheet.get_by_role("button", name="Edit")).to_be_hidden()


def test_a_short_swipe_leaves_the_sheet_open(phone, sheet):
    x, y = place_of_handle(sheet)
    finger = Finger(phone)
    finger.down(x, y)
    finger.move(x, y + 20)
    finger.up()
    expect(sheet).to_be_visible()
    assert sheet.evaluate("(one) => one.style.translate") == ""


def test_a_long_press_opens_the_sheet_and_its_end_chooses_nothing(phone, site, room):
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
    shows_all(phone, site, room)


def test_a_finger_that_scrolls_opens_nothing(phone):
    say(phone, *[f"line {number}" for number in range(30)])
    x, y = place_of(is_stored(phone, "line 25"))
    finger = Finger(phone)
    finger.down(x, y)
    for step in range(1, 20):
        finger.move(x, y + 10 * step)
        phone.wait_for_timeout(40)
    finger.up()
    expect(phone.locator("#jump")).to_be_visible()
    expect(phone.locator("#action-sheet")).to_be_hidden()


def test_a_reaction_is_taken_back_by_a_tap_on_it(phone, site, room):
    tap_on(message(phone, "his word"))
    phone.locator('#action-sheet [data-emoji="🎉"]').tap()
    mine = message(phone, "his word").locator(".reaction")
    expect(mine).to_have_attribute("aria-pressed", "true")
    tap_on(message(phone, "his word"))
    expect(phone.locator('#action-sheet [data-emoji="🎉"]')).to_have_attribute("aria-pressed", "true")
    expect(phone.locator(".sheet-reactions")).to_have_text("🎉: alice")
    phone.keyboard.press("Escape")
    mine.tap()
    expect(mine).to_have_count(0)
    expect(phone.locator("#action-sheet")).to_be_hidden()
    shows_all(phone, site, room)


def test_the_text_of_a_message_is_copied(phone, sheet):
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sheet.get_by_role("button", name="Copy text").tap()
    expect(sheet).to_be_hidden()
    phone.wait_for_function("async () => (await navigator.clipboard.readText()) === 'her word'")
    expect(phone.locator("#notice")).to_be_hidden()


def test_the_sheet_closes_when_its_message_is_deleted_elsewhere(phone, sheet, site, room, arrive):
    other = arrive(site, "alice", f"/rooms/{room}/")
    is_online(other)
    tap_on(message(other, "her word"))
    other.locator('#action-sheet [data-action="delete"]').tap()
    other.locator("#delete-dialog").get_by_role("button", name="Delete").tap()
    expect(phone.locator("article.deleted")).to_have_count(1)
    expect(sheet).to_be_hidden()


def test_a_deleted_message_offers_nothing(phone, sheet):
    sheet.get_by_role("button", name="Delete").tap()
    phone.locator("#delete-dialog").get_by_role("button", name="Delete").tap()
    tap_on(phone.locator("article.deleted"))
    phone.wait_for_timeout(200)
    expect(sheet).to_be_hidden()
