"""Files are chosen, pasted and dropped, described, and sent with a message."""

import re

import pytest
from playwright.sync_api import expect

from .axe import violations
from .files import (
    card,
    cards,
    choose,
    count_requests,
    count_uploads,
    digest,
    file,
    photo,
    press_send,
    stored_files,
    transfer,
    wait_until_uploaded,
)
from .pages import (
    by_mouse_and_touch,
    is_touch_screen,
    send,
    wait_until_online,
    wait_until_stored,
)


@pytest.fixture
def alice(site, room, open_page, hand):
    """Alice's page."""
    page = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(page)
    return page


def describe(page, name: str, alt: str, *, spoiler: bool = False) -> None:
    """Give a file a description in its dialog."""
    card(page, name).locator(".upload-open").click()
    page.get_by_label("Description").fill(alt)
    if spoiler:
        page.get_by_label("Hide it as a spoiler").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#upload-dialog")).to_be_hidden()


@pytest.mark.core
@by_mouse_and_touch
def test_one_message_has_text_and_files_in_order_with_descriptions(site, room, alice, open_page):
    bob = open_page(site, "bob", f"/rooms/{room}/")
    harbour, notes, plan = photo(), file("notes.txt", b"Tea at four"), file("plan.pdf", b"%PDF-1.4", "application/pdf")
    choose(alice, harbour, notes)
    choose(alice, plan)
    wait_until_uploaded(alice, "harbour.jpg", "notes.txt", "plan.pdf")
    expect(card(alice, "harbour.jpg").locator("canvas")).to_be_visible()
    describe(alice, "harbour.jpg", "A harbour at night", spoiler=True)
    expect(card(alice, "harbour.jpg")).to_contain_text("Spoiler")
    alice.locator("#composer").fill("From the trip")
    press_send(alice)
    expect(cards(alice)).to_have_count(0)
    for page in (alice, bob):
        wait_until_stored(page, "From the trip")
    expect(alice.locator(".unsent-files")).to_have_count(0)
    stored = stored_files(site, room)
    assert [(one["text"], one["name"], one["alt"], one["spoiler"]) for one in stored] == [
        ("From the trip", "harbour.jpg", "A harbour at night", True),
        ("From the trip", "notes.txt", "", False),
        ("From the trip", "plan.pdf", "", False),
    ]
    assert [one["sha256"] for one in stored[1:]] == [digest(notes), digest(plan)]


@by_mouse_and_touch
def test_a_message_may_have_a_file_and_no_text(site, room, alice):
    send(alice, "words")
    wait_until_stored(alice, "words")
    expect(alice.locator(".compose .send")).to_be_disabled()
    choose(alice, file("notes.txt"))
    expect(alice.locator(".compose .send")).to_be_enabled()
    press_send(alice)
    expect(alice.locator("article.message[data-id]")).to_have_count(2)
    files = alice.locator(".message.follows > .attachments")
    expect(files).to_be_visible()
    space = files.bounding_box()["y"] - alice.locator(".message.follows").bounding_box()["y"]
    assert space < 16, "no empty line above the files"
    assert [(one["text"], one["name"]) for one in stored_files(site, room)] == [("", "notes.txt")]


@by_mouse_and_touch
def test_files_without_a_text_begin_below_the_name_of_their_sender(alice):
    choose(alice, photo())
    press_send(alice)
    sent = alice.locator("article.message[data-id]")
    expect(sent.locator("> .attachments")).to_be_visible()
    name, files = sent.locator(".byline").bounding_box(), sent.locator("> .attachments").bounding_box()
    assert files["y"] - (name["y"] + name["height"]) < 8


@by_mouse_and_touch
def test_a_file_that_is_removed_is_deleted_from_the_server(site, room, alice):
    choose(alice, file("first.txt"), file("second.txt"))
    wait_until_uploaded(alice, "first.txt", "second.txt")
    with alice.expect_response(lambda answer: answer.request.method == "DELETE"):
        card(alice, "first.txt").get_by_role("button", name="Remove").click()
    expect(cards(alice)).to_have_count(1)
    assert count_uploads(site, room) == 1
    press_send(alice)
    expect(alice.locator("article.message[data-id]")).to_have_count(1)
    assert [one["name"] for one in stored_files(site, room)] == ["second.txt"]


def test_files_that_are_pasted_become_part_of_the_message(site, room, alice):
    transfer(alice, "paste", "#composer", file("one.txt", b"one"), file("two.txt", b"two"))
    # After a click on a message nothing has the focus.
    transfer(alice, "paste", "body", file("three.txt", b"three"))
    wait_until_uploaded(alice, "one.txt", "two.txt", "three.txt")
    press_send(alice)
    expect(alice.locator("article.message[data-id]")).to_have_count(1)
    assert [one["name"] for one in stored_files(site, room)] == ["one.txt", "two.txt", "three.txt"]


def test_files_can_be_dropped_anywhere_in_the_room_and_not_beside_it(site, room, alice):
    overlay = alice.get_by_text("Drop to send")
    transfer(alice, "dragover", ".timeline", file("notes.txt"))
    expect(overlay).to_be_visible()
    transfer(alice, "dragover", "#rooms", file("notes.txt"))
    expect(overlay).to_be_hidden()
    transfer(alice, "drop", "#rooms", file("notes.txt"))
    transfer(alice, "dragover", ".room-head", file("notes.txt"))
    transfer(alice, "drop", ".room-head", file("notes.txt"))
    expect(overlay).to_be_hidden()
    wait_until_uploaded(alice, "notes.txt")
    expect(cards(alice)).to_have_count(1)


def test_a_draft_keeps_its_files_while_the_person_is_in_another_room_and_after_a_reload(site, room, alice):
    choose(alice, file("notes.txt"), photo())
    alice.locator("#composer").fill("Half a thought")
    wait_until_uploaded(alice, "notes.txt", "harbour.jpg")
    alice.locator("#rooms").get_by_role("link", name="Tea").click()
    expect(alice.locator(".room-name")).to_have_text("Tea")
    expect(cards(alice)).to_have_count(0)
    alice.go_back()
    expect(cards(alice)).to_have_count(2)
    alice.reload()
    wait_until_uploaded(alice, "notes.txt", "harbour.jpg")
    expect(card(alice, "harbour.jpg").locator("canvas")).to_be_visible()
    press_send(alice)
    wait_until_stored(alice, "Half a thought")
    assert len(stored_files(site, room)) == 2


def test_two_tabs_that_send_the_same_files_store_one_message(site, room, alice):
    other = alice.context.new_page()
    other.goto(alice.url)
    wait_until_online(other)
    choose(alice, file("notes.txt"))
    wait_until_uploaded(alice, "notes.txt")
    wait_until_uploaded(other, "notes.txt")
    for page in (alice, other):
        # Both before either can tell the other one.
        page.evaluate("setTimeout(() => document.querySelector('.compose').requestSubmit(), 200)")
    for page in (alice, other):
        expect(page.locator("article.message[data-id]")).to_have_count(1)
        expect(cards(page)).to_have_count(0)
    send(alice, "Later")
    wait_until_stored(other, "Later")
    assert len(stored_files(site, room)) == 1


FULL_DISK = """
    IDBObjectStore.prototype.put = () => { throw new DOMException("The quota is reached.", "QuotaExceededError"); };
"""


@by_mouse_and_touch
def test_a_file_that_the_browser_has_no_space_for_is_sent_and_its_page_asks_before_it_closes(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/", before=lambda page: page.add_init_script(FULL_DISK))
    wait_until_online(alice)
    choose(alice, file("notes.txt", b"Tea at four"))
    expect(alice.locator("#notice")).to_contain_text("This browser has no space to keep “notes.txt”.")
    expect(card(alice, "notes.txt")).to_contain_text("Keep this page open until it is sent")
    wait_until_uploaded(alice, "notes.txt")
    assert asks_before_it_closes(alice)
    alice.locator("#composer").fill("From memory")
    press_send(alice)
    wait_until_stored(alice, "From memory")
    assert [one["sha256"] for one in stored_files(site, room)] == [digest(file("notes.txt", b"Tea at four"))]
    assert not asks_before_it_closes(alice)


def asks_before_it_closes(page) -> bool:
    """Whether the page has the browser ask."""
    return page.evaluate("() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))")


def test_the_keyboard_chooses_describes_orders_and_removes_files(site, room, alice):
    # From now on Playwright takes the dialogs of files: it switches this on without waiting for the browser.
    alice.on("filechooser", lambda _chooser: None)
    alice.locator("#composer").focus()
    alice.keyboard.press("Shift+Tab")
    alice.keyboard.press("Shift+Tab")
    expect(alice.get_by_role("button", name="Attach files")).to_be_focused()
    with alice.expect_file_chooser() as chooser:
        alice.keyboard.press("Enter")
    chooser.value.set_files([file("a.txt"), file("b.txt"), file("c.txt")])
    wait_until_uploaded(alice, "a.txt", "b.txt", "c.txt")
    expect(alice.locator("#announcer")).to_have_text(re.compile(r"[abc]\.txt uploaded"))
    expect(alice.locator("#composer")).to_be_focused()
    alice.keyboard.press("Shift+Tab")
    alice.keyboard.press("Shift+Tab")
    alice.keyboard.press("Shift+Tab")
    expect(card(alice, "a.txt").locator(".upload-open")).to_be_focused()
    alice.keyboard.press("ArrowRight")
    alice.keyboard.press("Alt+ArrowRight")
    expect(alice.locator("#announcer")).to_have_text("b.txt is number 3 of 3")
    alice.keyboard.press("ArrowLeft")
    expect(card(alice, "c.txt").locator(".upload-open")).to_be_focused()
    alice.keyboard.press("Delete")
    expect(card(alice, "b.txt").locator(".upload-open")).to_be_focused()
    alice.keyboard.press("Enter")
    expect(alice.get_by_label("Description")).to_be_focused()
    alice.keyboard.type("The second letter")
    alice.keyboard.press("Escape")
    expect(card(alice, "b.txt").locator(".upload-open")).to_be_focused()
    alice.keyboard.press("Enter")
    expect(alice.get_by_label("Description")).to_have_value("")
    alice.keyboard.type("The second letter")
    alice.get_by_role("button", name="Save").press("Enter")
    alice.locator("#composer").press("Enter")
    expect(alice.locator("article.message[data-id]")).to_have_count(1)
    assert [(one["name"], one["alt"]) for one in stored_files(site, room)] == [
        ("a.txt", ""),
        ("b.txt", "The second letter"),
    ]


@by_mouse_and_touch
def test_a_finger_can_change_the_order_in_the_dialog(site, room, alice):
    choose(alice, file("a.txt"), file("b.txt"))
    card(alice, "b.txt").locator(".upload-open").click()
    alice.get_by_role("button", name="Move before").click()
    press_send(alice)
    expect(alice.locator("article.message[data-id]")).to_have_count(1)
    assert [one["name"] for one in stored_files(site, room)] == ["b.txt", "a.txt"]


@by_mouse_and_touch
def test_a_card_is_dragged_to_another_place(site, room, alice):
    choose(alice, file("a.txt"), file("b.txt"), file("c.txt"))
    wait_until_uploaded(alice, "a.txt", "b.txt", "c.txt")
    # On a phone the first card is not in view.
    before = card(alice, "b.txt").bounding_box()
    drag(alice, middle(card(alice, "c.txt")), (before["x"] + before["width"] - 40, before["y"] + 30))
    expect(alice.locator("#announcer")).to_have_text("c.txt is number 2 of 3")
    expect(cards(alice).locator(".upload-name")).to_have_text(["a.txt", "c.txt", "b.txt"])
    # The end of a drag is no click.
    expect(alice.locator("#upload-dialog")).to_be_hidden()
    press_send(alice)
    expect(alice.locator("article.message[data-id]")).to_have_count(1)
    assert [one["name"] for one in stored_files(site, room)] == ["a.txt", "c.txt", "b.txt"]


def middle(found) -> tuple[float, float]:
    box = found.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, begin: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag with the mouse, or with a finger after a long press."""
    steps = [
        (begin[0] + (end[0] - begin[0]) * step / 5, begin[1] + (end[1] - begin[1]) * step / 5) for step in range(1, 6)
    ]
    if not is_touch_screen(page):
        page.mouse.move(*begin)
        page.mouse.down()
        for x, y in steps:
            page.mouse.move(x, y)
        return page.mouse.up()
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    touch("touchStart", begin)
    expect(page.locator(".upload-card.dragged")).to_be_visible()
    for point in steps:
        touch("touchMove", point)
    touch("touchEnd")


def test_an_edit_gets_no_files(site, room, alice):
    send(alice, "to be edited")
    wait_until_stored(alice, "to be edited")
    choose(alice, file("draft.txt"))
    alice.locator("#composer").press("ArrowUp")
    expect(cards(alice)).to_be_hidden()
    expect(alice.get_by_role("button", name="Attach files")).to_be_hidden()
    transfer(alice, "paste", "#composer", file("notes.txt"))
    expect(alice.locator("#notice")).to_contain_text("Finish your edit first")
    alice.locator("#composer").press("Escape")
    expect(cards(alice)).to_have_count(1)


@by_mouse_and_touch
def test_a_file_that_cannot_be_sent_is_refused_before_its_upload_begins(make_site, open_page):
    site = make_site(MAX_FILE_BYTES=2048, FILE_TYPES="text/*,image/*")
    alice = open_page(site, "alice", "/rooms/tea/")
    wait_until_online(alice)
    requests = count_requests(alice, "POST")
    for chosen, reason in [
        (file("huge.txt", b"x" * 5000), "“huge.txt” has 5 kB. A file can have at most 2 kB."),
        (file("empty.txt", b""), "“empty.txt” is empty."),
        (file("run.zip", b"PK", "application/zip"), "“run.zip”: files of this type are not allowed here."),
    ]:
        choose(alice, chosen)
        expect(alice.locator("#notice")).to_contain_text(reason)
    assert requests == []
    choose(alice, *(file(f"{number}.txt") for number in range(12)))
    expect(cards(alice)).to_have_count(10)
    expect(alice.locator("#notice")).to_contain_text("A message can have at most 10 files.")


@by_mouse_and_touch
def test_a_file_that_the_server_refuses_says_why_and_can_be_tried_again(make_site, open_page):
    site = make_site(MAX_FILES_BYTES_PER_PERSON=1000)
    alice = open_page(site, "alice", "/rooms/tea/")
    wait_until_online(alice)
    choose(alice, file("first.txt", b"x" * 900))
    wait_until_uploaded(alice, "first.txt")
    choose(alice, file("second.txt", b"x" * 900))
    refused = card(alice, "second.txt")
    expect(refused).to_have_attribute("data-phase", "failed")
    expect(refused.locator(".upload-state")).not_to_have_text("")
    alice.locator("#composer").fill("Both of them")
    press_send(alice)
    expect(alice.locator("#notice")).to_contain_text("“second.txt” was not uploaded.")
    assert stored_files(site, "tea") == []
    card(alice, "first.txt").get_by_role("button", name="Remove").click()
    expect(cards(alice)).to_have_count(1)
    refused.get_by_role("button", name="Try again").click()
    wait_until_uploaded(alice, "second.txt")
    press_send(alice)
    wait_until_stored(alice, "Both of them")
    assert [one["name"] for one in stored_files(site, "tea")] == ["second.txt"]


@by_mouse_and_touch
def test_cards_and_their_dialog_have_no_accessibility_violations(alice):
    choose(alice, photo(), file("notes.txt"))
    wait_until_uploaded(alice, "harbour.jpg", "notes.txt")
    assert violations(alice) == []
    card(alice, "notes.txt").locator(".upload-open").click()
    expect(alice.locator("#upload-dialog")).to_be_visible()
    assert violations(alice) == []


@by_mouse_and_touch
def test_a_room_where_one_may_not_write_takes_no_files(site, open_page):
    room = site.add_room(members=("bob",), guests="read")
    guest = open_page(site, None, f"/rooms/{room}/")
    wait_until_online(guest)
    expect(guest.get_by_role("button", name="Attach files")).to_be_hidden()
    transfer(guest, "dragover", ".timeline", file("notes.txt"))
    expect(guest.get_by_text("Drop to send")).to_be_hidden()
    transfer(guest, "paste", "body", file("notes.txt"))
    expect(cards(guest)).to_have_count(0)
