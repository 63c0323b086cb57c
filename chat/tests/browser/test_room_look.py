"""Sizes and marks in a room that people notice while they write: no gaps, no jumps, nothing covered."""

import re

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, choose_action, message, send, wait_until_online, wait_until_stored

TEXTS = [
    "One line",
    "Roses\nviolets",
    "First paragraph\n\nsecond one\nwith a line break",
    "Bring:\n\n- rope\n- `gloves`, **warm**\n  and dry\n- tea",
    "1. one\n2. two",
    "# Plan\nGo.",
    "> quoted\n> twice\n\nanswer",
    "```python\nx = 1\n\ny = 2\n```\nThat is all.",
    "before\n\n---\n\nafter",
    "A long line that needs several lines on any screen, because it has many words. " * 4,
]
HEIGHTS = """() => [...document.querySelectorAll("article.message")].map((one) => one.getBoundingClientRect().height)"""
GAP = """
() => {
    const last = [...document.querySelectorAll("article.message")].at(-1).getBoundingClientRect();
    return document.querySelector(".compose-box").getBoundingClientRect().top - last.bottom;
}
"""
WINDOW = {"width": 1280, "height": 800}
COVERED = """
(article) => {
    const bar = article.querySelector(".actions").getBoundingClientRect();
    const parts = [article.querySelector(".at"), article.previousElementSibling];
    return parts.some((part) => {
        const { top, bottom, left, right } = part.getBoundingClientRect();
        return top < bar.bottom && bottom > bar.top && left < bar.right && right > bar.left;
    });
}
"""


@by_mouse_and_touch
def test_the_last_message_ends_16_pixels_above_the_composer(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    send(alice, *(f"Number {number}." for number in range(25)))
    wait_until_stored(alice, "Number 24.")
    assert alice.evaluate(GAP) == pytest.approx(16, abs=0.5)


def test_a_message_has_its_final_height_while_it_waits(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    server = site.workers[0]
    server.pause()
    try:
        send(alice, *TEXTS)
        expect(alice.locator("article.pending")).to_have_count(len(TEXTS))
        waiting = alice.evaluate(HEIGHTS)
    finally:
        server.resume()
    expect(alice.locator("article.message[data-id]:not(.pending)")).to_have_count(len(TEXTS))
    differences = {
        text: (before, after)
        for text, before, after in zip(TEXTS, waiting, alice.evaluate(HEIGHTS), strict=True)
        if abs(before - after) > 0.5
    }
    assert differences == {}


def test_sending_is_shown_only_for_a_message_that_waits_half_a_second(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    server = site.workers[0]
    server.pause()
    try:
        send(alice, "on its way")
        sending = message(alice, "on its way").locator(".sending")
        assert sending.evaluate("(one) => getComputedStyle(one).animationDelay") == "0.5s"
        expect(message(alice, "on its way").locator(".at")).not_to_be_empty()
        expect(sending).to_be_visible()
    finally:
        server.resume()
    expect(wait_until_stored(alice, "on its way").locator(".sending")).to_have_count(0)


@by_mouse_and_touch
def test_the_message_that_is_edited_or_answered_is_marked(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    send(alice, "first", "second")
    wait_until_stored(alice, "second")
    choose_action(alice, "first", "reply")
    expect(message(alice, "first")).to_contain_class("in-reply")
    choose_action(alice, "second", "edit")
    expect(message(alice, "second")).to_contain_class("in-edit")
    expect(alice.locator(".in-reply")).to_have_count(0)
    alice.locator("#composer").fill("second, corrected")
    alice.reload()
    wait_until_online(alice)
    expect(message(alice, "second")).to_contain_class("in-edit")
    alice.locator("#composer").press("Escape")
    expect(alice.locator(".in-edit")).to_have_count(0)
    choose_action(alice, "first", "reply")
    send(alice, "answer")
    wait_until_stored(alice, "answer")
    expect(alice.locator(".in-reply")).to_have_count(0)


def test_on_a_narrow_page_the_toolbar_covers_neither_the_time_nor_the_message_above(site, room, open_page):
    site.python(
        """
        import uuid
        from django.contrib.auth import get_user_model
        from chat.domain import messages
        for name, body in [("bob", "A first message. " * 5), ("alice", "short"), ("bob", "An answer.")]:
            author = get_user_model().objects.get_by_natural_key(name)
            messages.post(room=room, author=author, body=body, client_id=uuid.uuid4())
        """,
        room=room,
    )
    alice = open_page(site, "alice", f"/rooms/{room}/", viewport={"width": 390, "height": 844})
    wait_until_online(alice)
    for text in ("short", "An answer."):
        found = message(alice, text)
        found.hover()
        expect(found.locator(".actions")).to_be_visible()
        assert not found.evaluate(COVERED)


def test_at_400_percent_the_header_leaves_space_for_messages(site, room, open_page):
    # A window of 1280 by 800 pixels at 400 %.
    alice = open_page(site, "alice", f"/rooms/{room}/", viewport={"width": 320, "height": 200})
    wait_until_online(alice)
    heights = {name: alice.locator(name).bounding_box()["height"] for name in (".room-head", ".timeline")}
    assert heights[".room-head"] <= 50
    assert heights[".timeline"] >= 80
    assert alice.evaluate("document.documentElement.scrollWidth") <= 320
    # The buttons below the field appear with the text, also when the field had the focus before.
    emoji = alice.locator('.compose [data-tool="emoji"]')
    alice.locator("#composer").click()
    expect(emoji).to_be_hidden()
    alice.keyboard.type("Hi")
    expect(emoji).to_be_visible()
    alice.keyboard.press("Enter")
    expect(emoji).to_be_hidden()
    assert alice.locator(".timeline").bounding_box()["height"] >= 80


def test_at_400_percent_the_bar_about_unread_messages_leaves_space_for_messages(site, long_room, open_page):
    alice = open_page(site, "alice", f"/rooms/{long_room}/", viewport={"width": 320, "height": 200})
    wait_until_online(alice)
    expect(alice.locator(".unread-bar")).to_be_visible()
    assert alice.locator(".unread-bar").bounding_box()["height"] <= 46
    assert visible_height(alice) >= 50


def visible_height(page) -> float:
    """How many pixels of the timeline are covered by nothing."""
    return page.evaluate(
        """() => {
            const { top, bottom, left, right } = document.getElementById("timeline").getBoundingClientRect();
            const timeline = document.getElementById("timeline");
            let free = 0;
            for (let y = Math.ceil(top) + 1; y < bottom - 1; y++) {
                if (timeline.contains(document.elementFromPoint((left + right) / 2, y))) free += 1;
            }
            return free;
        }"""
    )


@by_mouse_and_touch
def test_the_bar_about_unread_messages_covers_none_and_moves_none(site, long_room, open_page):
    alice = open_page(site, "alice", f"/rooms/{long_room}/")
    wait_until_online(alice)
    bar = alice.locator(".unread-bar")
    expect(bar).to_be_visible()
    alice.evaluate("timeline.scrollTop += 200")
    height = alice.locator("#timeline").bounding_box()["height"]
    assert visible_height(alice) >= height - 4
    found = alice.locator("article.message").nth(4)
    before = found.bounding_box()["y"]
    bar.locator("[data-mark-read]").click()
    expect(bar).to_be_hidden()
    assert found.bounding_box()["y"] == pytest.approx(before, abs=1)
    assert visible_height(alice) >= alice.locator("#timeline").bounding_box()["height"] - 4


def test_the_line_above_new_messages_is_in_the_upper_part_also_when_a_few_are_read(site, long_room, open_page):
    site.python(
        """
        from django.contrib.auth import get_user_model
        from chat.domain import reading
        from chat.models import Message
        alice = get_user_model().objects.get_by_natural_key("alice")
        tenth = Message.objects.filter(room__slug=room).order_by("seq")[9]
        reading.read(room=room, user=alice, upto=tenth.seq)
        """,
        room=long_room,
    )
    alice = open_page(site, "alice", f"/rooms/{long_room}/", viewport={"width": 1440, "height": 1200})
    wait_until_online(alice)
    line, timeline = alice.locator(".log .new"), alice.locator("#timeline").bounding_box()
    # A fifth of the height, as in every room.
    assert line.bounding_box()["y"] < timeline["y"] + timeline["height"] / 4


def test_a_long_list_of_rooms_scrolls_by_itself_and_the_page_does_not(site, room, open_page):
    site.add_person(name := f"busy-{room}")
    for number in range(40):
        site.add_room(f"{room}-{number}", owner=name, members=("bob",))
    page = open_page(site, name, f"/rooms/{room}-0/", viewport=WINDOW)
    wait_until_online(page)
    heights = "() => [document.scrollingElement.scrollHeight, innerHeight]"
    assert page.evaluate("rooms.scrollHeight > 1.5 * innerHeight")
    assert page.evaluate(heights) == [WINDOW["height"], WINDOW["height"]]
    page.locator(".room-open").click()
    expect(page.locator(".side-panel")).to_be_visible()
    assert page.evaluate(heights) == [WINDOW["height"], WINDOW["height"]]
    page.locator(".home-link, .brand").first.click()
    expect(page.locator("main.home")).to_be_visible()
    assert page.evaluate(heights) == [WINDOW["height"], WINDOW["height"]]


def test_a_long_name_of_a_room_takes_one_line_and_one_in_arabic_begins_like_the_others(site, room, open_page):
    long = site.add_room(name="A long name " * 6)
    arabic = site.add_room(name="مرحبا")
    bob = open_page(site, "bob", f"/rooms/{long}/", viewport={"width": 390, "height": 844})
    composer = bob.locator("#composer")
    expect(composer).to_have_attribute("placeholder", re.compile("A long name A long name"))
    assert composer.evaluate("(one) => one.scrollHeight <= one.clientHeight")
    bob.goto(f"{site.url}/rooms/")
    starts = [
        bob.locator(f"#rooms [data-room='{slug}'] .room-link-name").evaluate(
            """(one) => {
                const range = document.createRange();
                range.selectNodeContents(one);
                return range.getBoundingClientRect().left;
            }"""
        )
        for slug in (arabic, room)
    ]
    assert starts[0] == pytest.approx(starts[1], abs=4)


def test_the_status_of_a_sender_is_shown_once_in_a_group_of_messages(site, room, open_page):
    site.add_person(name := f"away-{room}")
    site.python(
        """
        import uuid
        from django.contrib.auth import get_user_model
        from chat.domain import messages, profiles, rooms
        from chat.models import Room
        person = get_user_model().objects.get_by_natural_key(name)
        rooms.join(room=Room.objects.get(slug=room), user=person)
        profiles.set_status(user=person, emoji="🌴", line="On holiday")
        for number in range(3):
            messages.post(room=room, author=person, body=f"Number {number}.", client_id=uuid.uuid4())
        """,
        room=room,
        name=name,
    )
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    expect(message(alice, "Number 0.").locator(".status-emoji")).to_be_visible()
    for text in ("Number 1.", "Number 2."):
        expect(message(alice, text).locator(".status-emoji")).to_be_hidden()


@pytest.fixture
def long_room(site, room) -> str:
    """The slug of a room with 40 messages of Bob."""
    site.python(
        """
        import uuid
        from django.contrib.auth import get_user_model
        from chat.domain import messages
        bob = get_user_model().objects.get_by_natural_key("bob")
        for number in range(40):
            messages.post(room=room, author=bob, body=f"{number}. " + "More words. " * 12, client_id=uuid.uuid4())
        """,
        room=room,
    )
    return room


def test_the_day_is_shown_while_bob_scrolls_back(site, long_room, open_page):
    bob = open_page(site, "bob", f"/rooms/{long_room}/", viewport={"width": 1280, "height": 800})
    wait_until_online(bob)
    bob.evaluate("document.getElementById('timeline').scrollTop = 1e6")
    chip = bob.locator(".day-chip")
    expect(chip).not_to_contain_class("shown")
    bob.locator("#timeline").hover()
    bob.mouse.wheel(0, -600)
    expect(chip).to_contain_class("shown")
    expect(chip).to_have_text("Today")
    expect(chip).not_to_contain_class("shown")


@pytest.mark.parametrize("width", [1280, 1600])
def test_the_button_to_the_latest_message_covers_no_words(site, long_room, open_page, width):
    bob = open_page(site, "bob", f"/rooms/{long_room}/", viewport={"width": width, "height": 800})
    wait_until_online(bob)
    bob.evaluate("document.getElementById('timeline').scrollTop = 300")
    jump = bob.locator(".jump")
    expect(jump).to_have_accessible_name("Jump to latest")
    right = bob.evaluate(
        "Math.max(...[...document.querySelectorAll('.body p')].map((p) => p.getBoundingClientRect().right))"
    )
    assert jump.bounding_box()["x"] >= right


def test_one_click_on_the_toolbar_reacts_and_a_second_one_takes_it_back(site, long_room, open_page):
    bob = open_page(site, "bob", f"/rooms/{long_room}/")
    wait_until_online(bob)
    found = bob.locator("article.message").last
    found.hover()
    found.locator('.quick [data-emoji="👍"]').click()
    expect(found.locator(".reaction")).to_have_attribute("aria-pressed", "true")
    found.locator('.quick [data-emoji="👍"]').click()
    expect(found.locator(".reaction")).to_have_count(0)


def test_the_icon_of_the_tab_has_a_dot_while_there_are_unread_messages(site, room, open_page):
    site.add_person("tabitha")
    site.add_room(slug := f"{room}-tab", owner="bob", members=("tabitha",))
    tabitha, bob = open_page(site, "tabitha", "/rooms/"), open_page(site, "bob", f"/rooms/{slug}/")
    wait_until_online(tabitha)
    wait_until_online(bob)
    icon = tabitha.locator("link[rel=icon]")
    expect(icon).to_have_attribute("href", re.compile(r"/icon\."))
    send(bob, "news")
    expect(icon).to_have_attribute("href", re.compile(r"/icon-unread\."))
    assert tabitha.evaluate("fetch(document.querySelector('link[rel=icon]').href).then(({ status }) => status)") == 200
    tabitha.goto(f"{site.url}/rooms/{slug}/")
    expect(icon).to_have_attribute("href", re.compile(r"/icon\."))


def test_the_key_for_a_new_line_is_named_while_alice_writes(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    hint = alice.locator(".compose-hint")
    expect(hint).to_be_hidden()
    alice.locator("#composer").fill("hello")
    expect(hint).to_be_visible()
    expect(hint).to_have_text("Shift + Enter for a new line", use_inner_text=True)
    alice.locator("#composer").fill("")
    expect(hint).to_be_hidden()


# Between the left edge of the page and the time beside a message, and between the time and the text, in pixels.
TIMES = """
() => [...document.querySelectorAll(".follows > .byline > .at")].map((time) => {
    time.textContent = "12:34 PM";
    const range = document.createRange();
    range.selectNodeContents(time);
    const { left, right } = range.getBoundingClientRect();
    const body = time.closest(".message").querySelector(".body").getBoundingClientRect();
    return [left - document.querySelector(".timeline").getBoundingClientRect().left, body.left - right];
})
"""


@pytest.mark.parametrize("width", [360, 1000])
@pytest.mark.parametrize("density", ["normal", "compact"])
def test_a_time_of_the_12_hour_clock_covers_no_text(site, room, open_page, width, density):
    bob = open_page(site, "bob", f"/rooms/{room}/", viewport={"width": width, "height": 700})
    wait_until_online(bob)
    for text in ("One", "Two"):
        send(bob, text)
        wait_until_stored(bob, text)
    bob.evaluate(f"document.documentElement.dataset.density = '{density}'")
    ((before, after),) = bob.evaluate(TIMES)
    assert before >= 0
    assert after >= 2


def test_compact_density_shows_more_messages_with_the_sender_beside_the_text(site, room, open_page):
    site.add_person(name := f"dense-{room}")
    site.python(
        """
        import uuid
        from django.contrib.auth import get_user_model
        from chat.domain import messages, profiles, rooms
        from chat.models import Room
        person = get_user_model().objects.get_by_natural_key
        rooms.join(room=Room.objects.get(slug=room), user=person(name))
        profiles.change(user=person(name), density="compact")
        for number in range(10):
            author = person(("alice", "bob")[number % 2])
            messages.post(room=room, author=author, body=f"Number {number}.", client_id=uuid.uuid4())
        """,
        room=room,
        name=name,
    )
    pages = {who: open_page(site, who, f"/rooms/{room}/", viewport=WINDOW) for who in ("alice", name)}
    heights = {}
    for who, page in pages.items():
        wait_until_online(page)
        boxes = [page.locator("article.message").nth(at).bounding_box() for at in (0, 9)]
        heights[who] = boxes[1]["y"] + boxes[1]["height"] - boxes[0]["y"]
    assert heights[name] < 0.6 * heights["alice"]
    last = pages[name].locator("article.message").last
    author, body = last.locator(".author").bounding_box(), last.locator(".body").bounding_box()
    assert author["x"] + author["width"] <= body["x"]
    assert abs(author["y"] - body["y"]) < 6
