"""Pages for those who use them by keyboard, by ear, in forced colours, on paper or without JavaScript."""

import re
from datetime import datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, is_online, is_stored, is_touched, message, say, tap_on

# Pages by name: path, who looks. ROOM is a room with every kind of message in it.
PAGES = {
    "home": ("/", "alice"),
    "home of a guest": ("/", None),
    "room": ("/rooms/ROOM/", "alice"),
    "room of a stranger": ("/rooms/ROOM/", "charlie"),
    "leaving": ("/rooms/ROOM/leave/", "bob"),
    "sign-in": ("/accounts/login/", None),
    "change of password": ("/accounts/password_change/", "alice"),
    "forgotten password": ("/accounts/password_reset/", None),
    "nothing there": ("/nothing/there/", None),
}
TALK = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages, rooms
    from chat.models import Room
    person = get_user_model().objects.get_by_natural_key
    alice, bob = person("alice"), person("bob")
    rooms.change(room=Room.objects.get(slug=room), topic="What grows", guests="write")
    def say(author, body, **fields):
        return messages.post(room=room, author=author, body=body, client_id=uuid.uuid4(), **fields).pk
    first = say(bob, "A question with https://example.org/ in it, and `code`")
    answer = say(alice, "An **answer** for @bob", reply_to=first)
    messages.edit(message=answer, by=alice, body="A better answer for @bob")
    messages.react(message=answer, by=bob, emoji="👍", on=True)
    messages.react(message=answer, by=alice, emoji="🎉", on=True)
    say(bob, "```\\n" + "a long line of code " * 20 + "\\n```\\n\\n- one\\n- two\\n\\n> quoted, @alice")
    messages.delete(message=say(bob, "gone"), by=bob)
    say(bob, "Z" + "\\u0301\\u0327" * 60 + "algo")
"""
SERIOUS = {"serious", "critical"}
LUMINANCE = """
(one) => {
    const [r, g, b] = getComputedStyle(one).color.match(/[0-9.]+/g).map(Number);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
"""


@pytest.fixture
def talk(site, room) -> str:
    """A room with links, code, an answer, an edit, reactions, a mention, a deletion, and stacked marks."""
    site.python(TALK, room=room)
    return room


def violations(page) -> list[str]:
    """What axe finds on the page that is serious or worse."""
    # The timeline is one stop of Tab: code in it is reached by the arrows, which axe does not know of.
    options = {"rules": {"scrollable-region-focusable": {"enabled": False}}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in SERIOUS]


@by_mouse_and_touch
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_serious(site, talk, arrive, page):
    path, who = PAGES[page]
    opened = arrive(site, who, path.replace("ROOM", talk))
    opened.wait_for_load_state("load")
    if page.startswith("room"):
        is_online(opened)
        if who == "alice":
            found = message(opened, "better answer")
            tap_on(found) if is_touched(opened) else found.hover()
    assert violations(opened) == []
    assert opened.locator("h1").count() == 1
    assert opened.locator("main").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_dialogs(site, talk, arrive, scheme):
    alice = arrive(site, "alice", f"/rooms/{talk}/", color_scheme=scheme)
    is_online(alice)
    alice.locator("#people summary").click()
    assert violations(alice) == []
    alice.locator("#leave").click()
    expect(alice.get_by_role("dialog", name="Leave this room?")).to_be_visible()
    assert violations(alice) == []


def test_messages_have_names_and_code_can_have_the_focus(site, talk, arrive):
    alice = arrive(site, "alice", f"/rooms/{talk}/")
    named = re.compile(r"^alice A better answer for @bob \(edited\) \d+:\d\d")
    expect(alice.get_by_role("article", name=named)).to_be_visible()
    code = alice.get_by_role("group", name="Code")
    code.focus()
    expect(code).to_be_focused()
    # And is scrolled by the arrows of a keyboard: a scrollable element with the focus is.
    assert code.evaluate("(one) => one.scrollWidth > one.clientWidth")


def test_the_home_page_of_a_phone_has_a_heading_and_a_main_part(site, arrive):
    alice = arrive(site, "alice", "/", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    expect(alice.get_by_role("main")).to_have_count(1)
    expect(alice.get_by_role("heading", level=1)).to_have_text("Choose a room")


def test_a_lost_connection_is_said_once_and_its_end_once(fresh_site, arrive):
    alice = arrive(fresh_site, "alice", "/rooms/tea/")
    is_online(alice)
    alice.evaluate(
        """() => {
            window.said = [];
            for (const region of document.querySelectorAll("[role=status], [role=alert], [aria-live]")) {
                const note = () => window.said.push(region.textContent.trim());
                new MutationObserver(note).observe(region, { childList: true, subtree: true, characterData: true });
            }
        }"""
    )
    server = fresh_site.workers[0]
    server.kill()
    expect(alice.locator("#status")).to_contain_text("Next try in")
    alice.wait_for_timeout(8_000)
    lost = "No connection. What you write is kept and sent later."
    assert alice.evaluate("window.said") == [lost]
    server.start()
    is_online(alice)
    assert alice.evaluate("window.said") == [lost, "Connected again."]


def test_a_badge_of_a_mention_differs_by_a_sign_and_by_its_name(site, room, arrive):
    elsewhere = site.add_room(f"else-{room}")
    alice, bob = arrive(site, "alice", f"/rooms/{room}/"), arrive(site, "bob", f"/rooms/{elsewhere}/")
    is_online(bob)
    badge = bob.locator(f"nav#rooms a[data-room={room}] .unread")
    sign = "(one) => getComputedStyle(one, '::before').content"
    say(alice, "one")
    expect(badge).to_have_accessible_name("Unread: 1")
    assert badge.evaluate(sign) == "none"
    say(alice, "two, @bob")
    expect(badge).to_have_accessible_name("Unread: 2, mentions of you: 1")
    assert badge.evaluate(sign) == '"@"'


def test_today_becomes_yesterday_at_midnight(site, talk, arrive):
    at_night = datetime.now().replace(hour=23, minute=59, second=50)
    alice = arrive(site, "alice", f"/rooms/{talk}/", before=lambda page: page.clock.install(time=at_night))
    day = alice.locator("#log .day")
    expect(day).to_have_text("Today")
    alice.clock.fast_forward(timedelta(seconds=20).seconds * 1_000)
    expect(day).to_have_text("Yesterday")


def test_forced_colours_show_focus_the_current_room_and_pressed_reactions(site, talk, arrive):
    alice = arrive(site, "alice", f"/rooms/{talk}/", forced_colors="active")
    is_online(alice)

    def differs(one, other, *properties):
        styles = "(one, names) => names.map((name) => getComputedStyle(one)[name])"
        return one.evaluate(styles, list(properties)) != other.evaluate(styles, list(properties))

    links = alice.locator("nav#rooms a")
    current, other = alice.locator("nav#rooms a[aria-current]"), alice.locator("nav#rooms a:not([aria-current])").first
    assert differs(current, other, "borderInlineStartWidth", "outlineStyle")
    pressed = alice.locator('.reaction[aria-pressed="true"]')
    assert differs(pressed, alice.locator('.reaction[aria-pressed="false"]'), "backgroundColor", "outlineStyle")
    box = alice.locator(".compose-box")
    alice.locator("#composer").focus()
    assert box.evaluate("(one) => getComputedStyle(one).outlineStyle") != "none"
    links.first.focus()
    alice.keyboard.press("Tab")
    focused = alice.locator(":focus")
    assert focused.evaluate("(one) => getComputedStyle(one).outlineStyle") != "none"
    mentioning = alice.locator("article.mentions-me")
    assert mentioning.evaluate("(one) => getComputedStyle(one).borderInlineStartWidth") == "4px"


def test_more_contrast_makes_text_darker(site, talk, arrive):
    shades = []
    for contrast in ("no-preference", "more"):
        alice = arrive(site, "alice", f"/rooms/{talk}/", contrast=contrast)
        shades.append(message(alice, "better answer").locator(".at").evaluate(LUMINANCE))
    assert shades[1] < shades[0] - 20


def test_paper_has_the_whole_conversation_and_nothing_to_press(site, talk, arrive):
    alice = arrive(site, "alice", f"/rooms/{talk}/", color_scheme="dark")
    say(alice, *[f"line {number}" for number in range(40)])
    is_stored(alice, "line 39")
    alice.emulate_media(media="print", color_scheme="dark")
    for gone in (".sidebar", "#compose", ".room-head .menu", ".actions"):
        expect(alice.locator(gone).first).to_be_hidden()
    heights = alice.evaluate(
        "() => [document.body.scrollHeight, document.getElementById('log').getBoundingClientRect().height]"
    )
    assert heights[0] >= heights[1] > 1_000
    body = message(alice, "line 0").first
    assert body.evaluate(LUMINANCE) < 60
    code = alice.locator(".body pre")
    assert code.evaluate("(one) => one.scrollWidth <= one.clientWidth")


@by_mouse_and_touch
def test_pages_without_javascript_say_what_they_need_and_lead_on(site, talk, arrive):
    bob = arrive(site, "bob", f"/rooms/{talk}/", java_script_enabled=False)
    expect(bob.locator("#room-name")).to_be_visible()
    expect(bob.locator(".no-script")).to_be_in_viewport()
    expect(bob.locator("#compose")).to_be_hidden()
    bob.locator(".no-script a").click()
    # Not in the viewport: the tests before this one have made many rooms.
    expect(bob.locator(f"nav#rooms a[data-room={talk}]")).to_be_visible()
    bob.goto(f"{site.url}/rooms/{talk}/leave/")
    bob.get_by_role("button", name="Leave").click()
    expect(bob.locator("nav#rooms")).to_be_visible()
    expect(bob.locator(f"nav#rooms a[data-room={talk}]")).to_have_count(0)


def test_marks_that_are_stacked_on_a_letter_cover_no_other_message(site, talk, arrive):
    alice = arrive(site, "alice", f"/rooms/{talk}/")
    tall = message(alice, "algo")
    expect(tall).to_be_visible()
    body = tall.locator(".body")
    overflow = "(one) => [getComputedStyle(one).overflowX, getComputedStyle(one).overflowY]"
    assert body.evaluate(overflow) == ["clip", "clip"]
    say(alice, "below")
    is_stored(alice, "below")
    clip, other = body.bounding_box(), message(alice, "below").bounding_box()
    assert clip["y"] + clip["height"] <= other["y"] + 1
