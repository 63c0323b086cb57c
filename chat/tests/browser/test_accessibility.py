"""Pages for people who use a keyboard, a screen reader, forced colours, paper, or no JavaScript."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from chat.tests import sample_files
from chat.tests.attached import encoded, post_files

from .axe import PLANT_FAULTS, violations, violations_light_and_dark
from .pages import by_mouse_and_touch, is_touch_screen, message, send, tap_message, wait_until_online, wait_until_stored

# Pages by name: path and who opens it. ROOM is a room with every kind of message.
PAGES = {
    "home": ("/rooms/", "alice"),
    "home of a guest": ("/", None),
    "unread messages": ("/unread/", "bob"),
    "mentions": ("/mentions/", "bob"),
    "threads": ("/threads/", "bob"),
    "saved messages": ("/saved/", "bob"),
    "search": ("/search/", "alice"),
    "search with results": ("/search/?q=answer+in:ROOM+has:cheese+", "alice"),
    "drafts": ("/drafts/", "bob"),
    "scheduled messages": ("/scheduled/", "bob"),
    "room": ("/rooms/ROOM/", "alice"),
    "room of another user": ("/rooms/ROOM/", "charlie"),
    "connection": ("/wire/", "alice"),
    "profile": ("/profile/", "alice"),
    "leaving": ("/rooms/ROOM/leave/", "bob"),
    "sign-in": ("/accounts/login/", None),
    "change of password": ("/accounts/password_change/", "alice"),
    "forgotten password": ("/accounts/password_reset/", None),
    "not found": ("/nothing/there/", None),
}
MAIN = ["home", "room", "search with results", "profile", "sign-in"]
POST_MESSAGES = """
    import uuid
    from django.contrib.auth import get_user_model
    from datetime import timedelta
    from django.utils import timezone
    from chat.domain import drafts, messages, polls, rooms, saved, scheduled
    from chat.models import Room
    from chat.protocol.things import PostedPoll
    person = get_user_model().objects.get_by_natural_key
    alice, bob = person("alice"), person("bob")
    rooms.change(room=Room.objects.get(slug=room), topic="What grows", guests="write")
    def send(author, body, **fields):
        return messages.post(room=room, author=author, body=body, client_id=uuid.uuid4(), **fields).pk
    first = send(bob, "A question with https://example.org/ in it, and `code`")
    answer = send(alice, "An **answer** for @bob", reply_to=first)
    messages.edit(message=answer, by=alice, body="A better answer for @bob")
    messages.react(message=answer, by=bob, emoji="👍", on=True)
    messages.react(message=answer, by=alice, emoji="🎉", on=True)
    send(bob, "```\\n" + "a long line of code " * 20 + "\\n```\\n\\n- one\\n- two\\n\\n> quoted, @alice")
    poll = send(bob, "Lunch?", poll=PostedPoll(options=["Pizza", "Soup"]), silent=True)
    polls.vote(message=poll, by=alice, options=[1])
    drafts.save(room=room, user=bob, body="Not yet", client_id=uuid.uuid4())
    later = timezone.now() + timedelta(days=1)
    scheduled.schedule(room=room, author=bob, body="Tomorrow", client_id=uuid.uuid4(), at=later, silent=True)
    reply = send(bob, "A reply in the thread", thread=first)
    send(alice, "Another one", thread=first)
    saved.save(message=reply, user=bob, on=True, remind_at=later)
    messages.delete(message=send(bob, "gone"), by=bob)
    send(bob, "Z" + "\\u0301\\u0327" * 60 + "algo")
"""
LUMINANCE = """
(one) => {
    const [r, g, b] = getComputedStyle(one).color.match(/[0-9.]+/g).map(Number);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
"""


@pytest.fixture
def busy_room(site, room) -> str:
    """The slug of a room with links, code, an answer, an edit, reactions, a mention, a deletion and stacked marks."""
    site.python(POST_MESSAGES, room=room)
    return room


def faults(site, busy_room, open_page, who, names) -> dict[str, list[str]]:
    """What axe finds on those of the pages that this visitor opens, by page."""
    opened, wrong = None, {}
    for page in names:
        path, visitor = PAGES[page]
        if visitor != who:
            continue
        path = path.replace("ROOM", busy_room)
        if opened is None:
            opened = open_page(site, who, path)
        else:
            opened.goto(site.url + path)
        opened.wait_for_load_state("load")
        if page.startswith("room"):
            wait_until_online(opened)
            if who == "alice":
                found = message(opened, "better answer")
                tap_message(found) if is_touch_screen(opened) else found.hover()
        if page == "search with results":
            expect(opened.locator(".search-hit").first).to_be_visible()
        if page == "connection":
            opened.locator('#wire-frames tr[data-opcode="10"] button').click()
            expect(opened.locator(".frame-detail")).to_be_visible()
        found = violations(opened)
        found += [f"{tag}: not one" for tag in ("h1", "main") if opened.locator(tag).count() != 1]
        if found:
            wrong[page] = found
    return wrong


@pytest.mark.core
@by_mouse_and_touch
@pytest.mark.parametrize("who", ["alice", None])
def test_axe_finds_nothing_serious_on_the_main_pages(site, busy_room, open_page, who):
    assert faults(site, busy_room, open_page, who, MAIN) == {}


@by_mouse_and_touch
@pytest.mark.parametrize("who", ["alice", "bob", "charlie", None])
def test_axe_finds_nothing_serious_on_the_other_pages(site, busy_room, open_page, who):
    assert faults(site, busy_room, open_page, who, [page for page in PAGES if page not in MAIN]) == {}


def test_axe_finds_planted_faults(site, open_page):
    alice = open_page(site, "alice", "/profile/")
    alice.evaluate(PLANT_FAULTS)
    assert {text.split(":")[0] for text in violations(alice)} == {"color-contrast", "image-alt"}


def test_axe_finds_nothing_serious_on_the_page_of_the_connection_in_dark_colours(site, open_page):
    alice = open_page(site, "alice", "/wire/", color_scheme="dark")
    alice.locator('#wire-frames tr[data-opcode="10"] button').click()
    expect(alice.locator(".frame-detail")).to_be_visible()
    assert violations(alice) == []


def test_axe_finds_nothing_serious_in_dialogs(site, busy_room, open_page):
    alice = open_page(site, "alice", f"/rooms/{busy_room}/")
    wait_until_online(alice)
    alice.locator(".room-open").click()
    expect(alice.locator(".member")).to_have_count(2)
    alice.locator(".settings summary").click()
    alice.locator(".member", has_text="bob").locator("summary").click()
    assert violations_light_and_dark(alice) == []
    # The header of the panel is no second header of the page.
    assert alice.get_by_role("banner").count() == 1
    alice.keyboard.press("Escape")
    alice.locator(".leave-link").click()
    expect(alice.get_by_role("dialog", name="Leave this room?")).to_be_visible()
    assert violations_light_and_dark(alice) == []
    alice.keyboard.press("Escape")
    # What the composer opens, and a thread.
    alice.locator('[data-tool="format"]').first.click()
    alice.locator("#composer").fill("**Tea** @b")
    alice.locator("#composer").press("End")
    expect(alice.get_by_role("option").first).to_be_visible()
    assert violations_light_and_dark(alice) == []
    alice.keyboard.press("Escape")
    alice.locator('[data-tool="preview"]').first.click()
    expect(alice.locator(".compose-preview strong").first).to_be_visible()
    assert violations_light_and_dark(alice) == []
    message(alice, "A question with").locator(".thread-link").click()
    expect(alice.locator(".thread-panel .message")).to_have_count(3)
    assert violations_light_and_dark(alice) == []


def test_axe_finds_nothing_serious_in_messages_with_files(site, room, open_page):
    files = [
        encoded(sample_files.picture("JPEG", size=(800, 600)), "quay.jpg", alt="The quay"),
        encoded(sample_files.picture("PNG"), "end.png", spoiler=True),
        encoded(b"import os  # system\nname = f'{os.name}: {1}'\n@final\nclass Tide: pass\n", "tide.py"),
        encoded(sample_files.sound(), "horn.wav"),
        encoded(sample_files.video(), "ferry.mp4"),
        encoded(sample_files.archive("a"), "logs.zip"),
        encoded(sample_files.png_that_says(10_000, 10_000), "bomb.png"),
        encoded(b"words", "later.txt", is_processed=False),
    ]
    site.call(post_files, room=room, author="bob", body="files", files=files)
    alice = open_page(site, "alice", f"/rooms/{room}/")
    expect(message(alice, "files").locator("code")).to_contain_text("class Tide")
    assert violations_light_and_dark(alice) == []
    alice.locator(".people-button[data-open-panel]").click()
    alice.locator("[data-open-files]").click()
    expect(alice.locator(".listed-file")).to_have_count(6)
    assert violations_light_and_dark(alice) == []
    message(alice, "files").get_by_role("button", name="Open quay.jpg").click()
    expect(alice.locator("#viewer")).to_be_visible()
    assert violations_light_and_dark(alice) == []


# How each of these is opened, and its dialog.
OPENED = {
    "switcher": (lambda page: page.keyboard.press("Control+k"), "#switcher"),
    "keys": (lambda page: page.keyboard.press("Control+/"), "#keys-dialog"),
    "new message": (lambda page: page.locator("[data-new-message]").click(), "#direct-dialog"),
    "menu of a room": (lambda page: page.locator(".room-item .room-more").first.click(), "#room-menu"),
}


@pytest.mark.parametrize("name", OPENED)
def test_axe_finds_nothing_serious_in_what_opens_over_the_room(site, busy_room, open_page, name):
    alice = open_page(site, "alice", f"/rooms/{busy_room}/")
    wait_until_online(alice)
    alice.locator(".room-item").first.hover()
    open_it, selector = OPENED[name]
    open_it(alice)
    opened = alice.locator(selector)
    expect(opened).to_be_visible()
    if name == "switcher":
        opened.get_by_role("combobox").fill("b")
        expect(opened.get_by_role("option").first).to_be_visible()
    assert violations_light_and_dark(alice) == []


def test_messages_have_names_and_code_can_have_the_focus(site, busy_room, open_page):
    alice = open_page(site, "alice", f"/rooms/{busy_room}/")
    named = re.compile(r"^alice A better answer for @bob \(edited\) \d+:\d\d")
    expect(alice.get_by_role("article", name=named)).to_be_visible()
    code = alice.get_by_role("group", name="Code")
    code.focus()
    expect(code).to_be_focused()
    # The arrow keys scroll a scrollable element that has the focus.
    assert code.evaluate("(one) => one.scrollWidth > one.clientWidth")


def test_the_home_page_on_a_phone_has_a_heading_and_a_main_part(site, open_page):
    alice = open_page(site, "alice", "/rooms/", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    expect(alice.get_by_role("main")).to_have_count(1)
    expect(alice.get_by_role("heading", level=1)).to_contain_text("More rooms")


def test_screen_readers_announce_a_lost_connection_once_and_its_return_once(fresh_site, open_page):
    alice = open_page(fresh_site, "alice", "/rooms/tea/")
    wait_until_online(alice)
    alice.evaluate(
        """() => {
            window.announced = [];
            for (const region of document.querySelectorAll("[role=status], [role=alert], [aria-live]")) {
                // What is in a closed dialog is not announced.
                const isShown = () => region.getClientRects().length > 0;
                const note = () => isShown() && window.announced.push(region.textContent.trim());
                new MutationObserver(note).observe(region, { childList: true, subtree: true, characterData: true });
            }
        }"""
    )
    server = fresh_site.workers[0]
    server.kill()
    expect(alice.locator("#status")).to_contain_text("Retrying in")
    alice.wait_for_timeout(8_000)
    lost = "No connection. Your messages are saved and will be sent later."
    assert alice.evaluate("window.announced") == [lost]
    server.start()
    wait_until_online(alice)
    assert alice.evaluate("window.announced") == [lost, "Connected again."]


def test_the_badge_of_a_mention_has_an_at_sign_and_another_accessible_name(site, room, open_page):
    elsewhere = site.add_room(f"else-{room}")
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{elsewhere}/")
    wait_until_online(bob)
    badge = bob.locator(f"nav#rooms a[data-room={room}] .unread")
    sign = "(one) => getComputedStyle(one, '::before').content"
    send(alice, "one")
    expect(badge).to_have_accessible_name("Unread: 1")
    assert badge.evaluate(sign) == "none"
    send(alice, "two, @bob")
    expect(badge).to_have_accessible_name("Unread: 2, mentions of you: 1")
    assert badge.evaluate(sign).startswith('"@')


def test_today_becomes_yesterday_at_midnight(site, busy_room, open_page):
    at_night = datetime.now().replace(hour=23, minute=59, second=50)
    options = {"unshared": True, "before": lambda page: page.clock.install(time=at_night)}
    alice = open_page(site, "alice", f"/rooms/{busy_room}/", **options)
    day = alice.locator(".log .day")
    expect(day).to_have_text("Today")
    alice.clock.fast_forward(timedelta(seconds=20).seconds * 1_000)
    expect(day).to_have_text("Yesterday")


def test_forced_colours_show_focus_the_current_room_and_pressed_reactions(site, busy_room, open_page):
    alice = open_page(site, "alice", f"/rooms/{busy_room}/", forced_colors="active")
    wait_until_online(alice)

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


def test_more_contrast_makes_text_darker(site, busy_room, open_page):
    shades = []
    for contrast in ("no-preference", "more"):
        alice = open_page(site, "alice", f"/rooms/{busy_room}/", contrast=contrast)
        shades.append(message(alice, "better answer").locator(".at").evaluate(LUMINANCE))
    assert shades[1] < shades[0] - 20


def test_a_printed_page_has_all_messages_and_no_controls(site, busy_room, open_page):
    alice = open_page(site, "alice", f"/rooms/{busy_room}/", color_scheme="dark")
    send(alice, *[f"line {number}" for number in range(40)])
    wait_until_stored(alice, "line 39")
    alice.emulate_media(media="print", color_scheme="dark")
    for gone in (".sidebar", ".compose", ".room-head .menu", ".actions"):
        expect(alice.locator(gone).first).to_be_hidden()
    heights = alice.evaluate(
        "() => [document.body.scrollHeight, document.querySelector('.log').getBoundingClientRect().height]"
    )
    assert heights[0] >= heights[1] > 1_000
    body = message(alice, "line 0").first
    assert body.evaluate(LUMINANCE) < 60
    code = alice.locator(".body pre")
    assert code.evaluate("(one) => one.scrollWidth <= one.clientWidth")


@by_mouse_and_touch
def test_pages_without_javascript_name_what_they_need_and_link_to_the_home_page(site, busy_room, open_page):
    bob = open_page(site, "bob", f"/rooms/{busy_room}/", java_script_enabled=False)
    expect(bob.locator("#room-name")).to_be_visible()
    expect(bob.locator(".no-script")).to_be_in_viewport()
    expect(bob.locator(".compose")).to_be_hidden()
    bob.locator(".no-script a").click()
    # Perhaps not in the viewport: other tests have made many rooms.
    expect(bob.locator(f'main a[href="/rooms/{busy_room}/"]')).to_be_visible()
    bob.goto(f"{site.url}/rooms/{busy_room}/leave/")
    bob.get_by_role("button", name="Leave").click()
    expect(bob.locator(".notes")).to_contain_text("You left")
    # It is public: he may join it again.
    expect(
        bob.locator(".other", has=bob.locator(f'[href="/rooms/{busy_room}/"]')).get_by_role("button")
    ).to_be_visible()


def test_stacked_marks_are_clipped_to_their_message(site, busy_room, open_page):
    alice = open_page(site, "alice", f"/rooms/{busy_room}/")
    tall = message(alice, "algo")
    expect(tall).to_be_visible()
    body = tall.locator(".body")
    overflow = "(one) => [getComputedStyle(one).overflowX, getComputedStyle(one).overflowY]"
    assert body.evaluate(overflow) == ["clip", "clip"]
    send(alice, "below")
    wait_until_stored(alice, "below")
    clip, other = body.bounding_box(), message(alice, "below").bounding_box()
    assert clip["y"] + clip["height"] <= other["y"] + 1
