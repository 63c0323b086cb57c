"""Switching rooms by links, Back and Forward: the page is not loaded again, and nothing of the room left is lost."""

import itertools
import re

import pytest
from playwright.sync_api import expect

from chat.tests.services import wait_until

from .pages import (
    bodies,
    by_mouse_and_touch,
    expect_all_messages,
    go_to_list,
    is_touch_screen,
    message,
    send,
    wait_until_online,
    wait_until_stored,
)

SHELL = "(await import(document.querySelector('script[type=module][src]').src)).shell"
FILL = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages, reading
    people = [get_user_model().objects.get_by_natural_key(name) for name in ("alice", "bob")]
    for number in range(count):
        body = f"Number {number}.\\n\\n" + "And so on. " * (number % 40)
        messages.post(room=room, author=people[number // 3 % 2], body=body, client_id=uuid.uuid4())
    for person in people:
        reading.read(room=room, user=person, upto=count)
"""
POST = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    author = get_user_model().objects.get_by_natural_key(name)
    for body in bodies:
        messages.post(room=room, author=author, body=body, client_id=uuid.uuid4())
"""
LOOK = """
() => {
    const view = document.querySelector(".timeline").getBoundingClientRect();
    const articles = [...document.querySelectorAll("article.message")];
    const [first, last] = [articles[0], articles.at(-1)].map((article) => article.getBoundingClientRect());
    return {
        messages: articles.length, firstTop: first.top, lastBottom: last.bottom,
        viewTop: view.top, viewBottom: view.bottom,
    };
}
"""
CLICK_AND_LOOK = f"""
(room) => {{
    document.querySelector(`#rooms a[data-room="${{room}}"]`).click();
    return new Promise((resolve) => requestAnimationFrame(() => resolve(({LOOK})())));
}}
"""
NEIGHBOUR = """
() => {
    const rooms = [...document.querySelectorAll("#rooms a[data-room]")].map((link) => link.dataset.room);
    const at = rooms.indexOf(document.querySelector(".room").dataset.room);
    return at + 1 < rooms.length ? ["ArrowDown", rooms[at + 1]] : ["ArrowUp", rooms[at - 1]];
}
"""
# In one task: nothing comes from the server between the keys.
PRESS_AND_TYPE = """
([key, text]) => {
    const options = { key, altKey: true, bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", options));
    document.execCommand("insertText", false, text);
}
"""
REMOVE = """
    from django.contrib.auth import get_user_model
    from chat.domain import rooms
    from chat.models import Room
    room = Room.objects.get(slug=room)
    rooms.change(room=room, kind="private")
    rooms.remove(room=room, user=get_user_model().objects.get_by_natural_key(name))
"""
_numbers = itertools.count(1)


@pytest.fixture
def other(site) -> str:
    """The slug of a second room of Alice and Bob."""
    return site.add_room(f"next-{next(_numbers)}")


@pytest.fixture
def documents():
    """The documents that the pages of a test loaded, in order: paths."""
    return []


@pytest.fixture
def open_counted(open_page, documents):
    """`open_page`, with its documents noted."""

    def note(request):
        if request.is_navigation_request():
            documents.append(re.sub(r"^https?://[^/]+", "", request.url))

    return lambda *args, **options: open_page(*args, before=lambda page: page.on("request", note), **options)


def in_list(page, room):
    """A room's link in the list."""
    return page.locator(f"nav#rooms a[data-room={room}]")


def choose(page, room):
    """Go to a room by its link in the list."""
    if page.locator(".room").count():
        go_to_list(page)
    in_list(page, room).click()
    expect_room(page, room)


def expect_room(page, room):
    """Wait until the room is shown, with its own address and title."""
    expect(page.locator(f".room[data-room={room}]")).to_be_visible()
    expect(page).to_have_url(re.compile(f"/rooms/{room}/$"))
    expect(page).to_have_title(re.compile(f"{room.capitalize()} · Parley$"))
    expect(page.locator("#room-name")).to_have_text(room.capitalize())


@pytest.mark.core
@by_mouse_and_touch
def test_alice_goes_between_rooms_and_back_and_forward_without_a_page_load(
    site, room, other, open_counted, documents, hand
):
    site.python(POST, room=room, name="bob", bodies=["in the first"])
    site.python(POST, room=other, name="bob", bodies=["in the second"])
    # A phone begins at the list.
    alice = open_counted(site, "alice", "/rooms/" if hand == "touch" else f"/rooms/{room}/")
    wait_until_online(alice)
    if hand == "touch":
        choose(alice, room)
    expect(bodies(alice)).to_have_text(["in the first"])
    choose(alice, other)
    expect(bodies(alice)).to_have_text(["in the second"])
    send(alice, "from the second")
    wait_until_stored(alice, "from the second")
    # On a phone the list is between the two rooms.
    steps = 2 if hand == "touch" else 1
    for _ in range(steps):
        alice.go_back()
    expect_room(alice, room)
    expect(bodies(alice)).to_have_text(["in the first"])
    for _ in range(steps):
        alice.go_forward()
    expect_room(alice, other)
    expect(bodies(alice)).to_have_text(["in the second", "from the second"])
    expect_all_messages(alice, site, other)
    assert len(documents) == 1

    alice.reload()
    expect_room(alice, other)
    wait_until_stored(alice, "from the second")
    assert documents[1:] == [f"/rooms/{other}/"]
    # The history that was made without page loads is there after one.
    alice.evaluate("(steps) => history.go(-steps)", steps)
    expect_room(alice, room)
    wait_until_stored(alice, "in the first")


@by_mouse_and_touch
def test_a_tab_that_began_at_a_room_goes_to_the_list_of_rooms_and_back_without_a_page_load(
    site, room, other, open_counted, documents, hand
):
    site.add_room(f"new-{other}", owner="bob", members=[])
    alice = open_counted(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    if hand == "touch":
        go_to_list(alice)
    else:
        alice.locator(".brand").click()
    expect(alice).to_have_url(re.compile("/rooms/$"))
    expect(alice).to_have_title(re.compile(r"^(\(\d+\) )?Parley$"))
    expect(alice.locator("main.home h1")).to_be_visible()
    expect(alice.locator("#main")).to_be_focused()
    alice.locator("main.home input[type=search]").fill(f"new-{other}")
    expect(alice.locator(f"main.home [data-room=new-{other}] .join-listed")).to_be_visible()
    alice.go_back()
    expect_room(alice, room)
    alice.go_forward()
    expect(alice.locator("main.home h1")).to_be_visible()
    choose(alice, other)
    send(alice, "There without a page load")
    wait_until_stored(alice, "There without a page load")
    assert documents == [f"/rooms/{room}/"]


def test_other_tabs_and_windows_open_as_for_any_link(site, room, other, open_counted, documents):
    alice = open_counted(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    for how in ({"modifiers": ["Control"]}, {"button": "middle"}, {"modifiers": ["Shift"]}):
        with alice.context.expect_page() as opened:
            in_list(alice, other).click(**how)
        expect_room(opened.value, other)
        opened.value.close()
    expect_room(alice, room)
    assert documents == [f"/rooms/{room}/"]


@pytest.mark.core
def test_the_place_and_the_draft_of_a_room_that_was_left_are_there_again(site, room, other, open_counted, documents):
    site.python(FILL, room=room, count=200)
    bob = open_counted(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    scroll_up = "() => { document.getElementById('timeline').scrollTop = 0; }"
    while message(bob, "Number 60.").count() == 0:
        bob.evaluate(scroll_up)
    reading = message(bob, "Number 60.")
    reading.scroll_into_view_if_needed()
    before = reading.bounding_box()["y"]
    bob.locator("#composer").fill("half a thought")
    choose(bob, other)
    expect(bob.locator("#composer")).to_have_value("")

    choose(bob, room)
    expect(bob.locator("#composer")).to_have_value("half a thought")
    expect(reading).to_be_in_viewport()
    wait_until(lambda: abs(reading.bounding_box()["y"] - before) <= 2, "the place that Bob left")
    choose(bob, other)
    bob.go_back()
    expect_room(bob, room)
    wait_until(lambda: abs(reading.bounding_box()["y"] - before) <= 2, "the same place by Back")
    assert documents == [f"/rooms/{room}/"]


@by_mouse_and_touch
def test_a_room_with_unread_messages_begins_at_the_first_of_them(site, room, other, open_page, hand):
    site.python(FILL, room=other, count=30)
    bob = open_page(site, "bob", "/rooms/" if hand == "touch" else f"/rooms/{room}/")
    wait_until_online(bob)
    choose(bob, other)
    expect(message(bob, "Number 29.")).to_be_in_viewport()
    choose(bob, room)
    site.python(POST, room=other, name="alice", bodies=[f"News {number}\n\n" + "more " * 80 for number in range(9)])
    go_to_list(bob)
    expect(in_list(bob, other).locator(".unread")).to_have_text("9")
    # The copy of the first visit is shown, and then what came since.
    in_list(bob, other).click()
    expect(bob.locator(".new + article")).to_contain_text("News 0")
    expect(bob.locator(".log .new")).to_be_in_viewport()
    expect(message(bob, "News 8")).not_to_be_in_viewport()
    bob.wait_for_timeout(1_500)
    left = site.python(
        """
        from chat.models import Membership, Message
        upto = Membership.objects.get(room__slug=room, user__handle="bob").read_seq
        result = Message.objects.filter(room__slug=room, seq__gt=upto).count()
        """,
        room=other,
    )
    assert 0 < left < 9


def test_a_room_seen_before_is_shown_at_once_and_then_brought_up_to_date(site, room, other, open_page):
    held = []

    def route(socket):
        server = socket.connect_to_server()
        socket.on_message(lambda text: held.append(text) if held_back and '"open"' in text else server.send(text))

    held_back = False
    bob = open_page(site, "bob", f"/rooms/{room}/", before=lambda page: page.route_web_socket("**", route))
    wait_until_online(bob)
    site.python(POST, room=other, name="alice", bodies=["seen before"])
    choose(bob, other)
    wait_until_stored(bob, "seen before")
    choose(bob, room)
    site.python(POST, room=other, name="alice", bodies=["while he was away"])
    expect(in_list(bob, other).locator(".unread")).to_have_text("1")
    held_back = True
    choose(bob, other)
    # The server has not even got the question.
    expect(bodies(bob)).to_have_text(["seen before"])
    wait_until(lambda: len(held) > 0, "the question")
    bob.locator("#composer").fill("typed meanwhile")
    held_back = False
    bob.evaluate(f"async () => {SHELL}.tab.connection.stop()")
    bob.evaluate(f"async () => {SHELL}.tab.connection.start()")
    wait_until_stored(bob, "while he was away")
    expect(bob.locator("#composer")).to_have_value("typed meanwhile")
    expect_all_messages(bob, site, other)


def test_the_first_frame_of_a_room_seen_before_has_the_messages_in_view_and_the_next_ones_have_all(
    site, room, other, open_page
):
    site.python(FILL, room=other, count=60)
    alice = open_page(site, "alice", f"/rooms/{other}/")
    wait_until_online(alice)
    expect(alice.locator('article.message[data-seq="60"]')).to_be_attached()
    choose(alice, room)
    # Just before the first frame is drawn.
    first = alice.evaluate(CLICK_AND_LOOK, other)
    assert 3 < first["messages"] < 45
    assert first["firstTop"] <= first["viewTop"]
    assert first["lastBottom"] <= first["viewBottom"]
    alice.wait_for_function("document.querySelectorAll('article.message').length >= 50")
    assert alice.evaluate(LOOK)["lastBottom"] <= first["viewBottom"]
    seqs = alice.evaluate("[...document.querySelectorAll('article.message')].map(({dataset}) => Number(dataset.seq))")
    assert seqs == list(range(seqs[0], 61))


@pytest.mark.core
def test_what_is_typed_at_once_after_a_switch_by_keys_is_in_the_next_room(site, room, other, open_page):
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    field = bob.locator(".compose-field")
    for number in range(3):
        field.focus()
        key, slug = bob.evaluate(NEIGHBOUR)
        bob.evaluate(PRESS_AND_TYPE, [key, f"Text {number}"])
        expect(bob.locator(f".room[data-room={slug}]")).to_be_attached()
        # The room had perhaps a draft already.
        expect(field).to_have_value(re.compile(f"Text {number}$"))


def test_messages_that_arrive_while_rooms_change_are_in_both_rooms(site, room, other, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    wait_until_online(bob)
    for number in range(12):
        send(alice, f"message {number}")
        in_list(bob, other if number % 2 == 0 else room).click()
    choose(bob, other)
    choose(bob, room)
    wait_until_stored(alice, "message 11")
    wait_until_stored(bob, "message 11")
    expect_all_messages(bob, site, room)
    expect(in_list(bob, room).locator(".unread")).to_be_hidden()


def test_without_a_connection_rooms_change_and_what_is_written_is_sent_later(fresh_site, open_page):
    site, worker = fresh_site, fresh_site.workers[0]
    first, second, third = (site.add_room(name) for name in ("first", "second", "third"))
    site.python(POST, room=first, name="bob", bodies=["seen"])
    alice = open_page(site, "alice", f"/rooms/{first}/")
    wait_until_online(alice)
    choose(alice, second)
    worker.kill()
    expect(alice.locator("#status")).to_have_attribute("data-state", "offline")
    choose(alice, first)
    expect(bodies(alice)).to_have_text(["seen"])
    send(alice, "written offline")
    # This one was never opened: its messages come with the connection.
    choose(alice, third)
    expect(bodies(alice)).to_have_count(0)
    send(alice, "also offline")
    expect(message(alice, "also offline")).to_contain_class("pending")
    # The page may have its connection back by itself by now, and then it shows no button for it.
    worker.start()
    alice.evaluate("window.dispatchEvent(new Event('online'))")
    wait_until_online(alice)
    wait_until_stored(alice, "also offline")
    choose(alice, first)
    wait_until_stored(alice, "written offline")
    expect_all_messages(alice, site, first)


def test_a_room_that_bob_was_removed_from_leads_to_the_page_that_says_so(site, room, other, open_counted, documents):
    bob = open_counted(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    choose(bob, other)
    choose(bob, room)
    site.python(REMOVE, room=other, name="bob")
    expect(in_list(bob, other)).to_have_count(0)
    # The copy that the page kept is gone, too.
    assert bob.evaluate(f"async (room) => {SHELL}.tab.store.copy(room) === undefined", other)
    bob.go_back()
    expect(bob.get_by_role("heading", name="Page not found")).to_be_visible()
    assert documents == [f"/rooms/{room}/", f"/rooms/{other}/"]


def test_links_to_pages_that_are_no_rooms_load_them(site, room, other, open_counted, documents):
    admin = open_counted(site, "alice", f"/rooms/{room}/")
    wait_until_online(admin)
    choose(admin, other)
    admin.locator(".account-menu summary").click()
    admin.get_by_role("link", name="Change password").click()
    admin.wait_for_url("**/password_change/")
    admin.go_back()
    expect_room(admin, other)
    wait_until_online(admin)
    assert documents[:2] == [f"/rooms/{room}/", "/accounts/password_change/"]


def test_the_focus_and_the_title_follow_the_room(site, room, other, open_page):
    site.python(POST, room=other, name="bob", bodies=["hello"])
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    in_list(alice, other).focus()
    alice.keyboard.press("Enter")
    expect_room(alice, other)
    expect(alice.locator("#composer")).to_be_focused()
    expect(alice.locator("#announcer")).to_contain_text(other.capitalize())
    # Where nobody may write, the name of the room has the focus.
    site.python(
        "from chat.domain import rooms\nfrom chat.models import Room\nrooms.archive(room=Room.objects.get(slug=room))",
        room=room,
    )
    # The section of archived rooms is folded: the link is not in the list until somebody opens it.
    expect(in_list(alice, room)).to_have_count(0)
    alice.get_by_role("button", name="Archived", exact=True).click()
    in_list(alice, room).click()
    expect_room(alice, room)
    expect(alice.locator("#room-name")).to_be_focused()


@by_mouse_and_touch
def test_a_reader_gets_no_composer_in_the_room_they_switch_to(site, room, other, open_page, hand):
    site.python(
        """
        from django.contrib.auth import get_user_model
        from chat.domain import rooms
        from chat.models import Room
        bob = get_user_model().objects.get_by_natural_key("bob")
        rooms.set_role(room=Room.objects.get(slug=room), user=bob, role="reader")
        """,
        room=other,
    )
    bob = open_page(site, "bob", "/rooms/" if hand == "touch" else f"/rooms/{room}/")
    wait_until_online(bob)
    choose(bob, other)
    expect(bob.locator(".compose")).to_be_hidden()
    expect(bob.locator(".compose-closed")).to_contain_text("You can read this room")
    choose(bob, room)
    expect(bob.locator(".compose")).to_be_visible()
    if not is_touch_screen(bob):
        expect(bob.locator("#composer")).to_be_focused()
