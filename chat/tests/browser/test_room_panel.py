"""The panel of a room: topic, members, links, settings, leaving. Each journey by mouse, and by taps on a phone."""

import re

import pytest
from playwright.sync_api import expect

from chat.tests.services import wait_until

from .pages import by_mouse_and_touch, is_touch_screen, send, wait_until_online, wait_until_stored

ROLES = """
    from chat.models import Membership
    result = dict(Membership.objects.filter(room__slug=room).values_list("user__handle", "role"))
"""


def open_panel(page):
    """Open the panel by the room's name."""
    page.locator(".room-open").click()
    expect(page.locator(".side-panel")).to_be_visible()
    return page.locator(".side-panel")


def in_list(page, room):
    return page.locator(f'#rooms a[data-room="{room}"]')


def leave(page):
    """Leave the room that is shown, in its panel."""
    open_panel(page)
    page.locator(".leave-link").click()
    page.get_by_role("dialog", name="Leave this room?").get_by_role("button", name="Leave").click()


def close_panel(page):
    """Close it by its button."""
    page.get_by_role("button", name="Close the panel").click()
    expect(page.locator(".side-panel")).to_be_hidden()


def member(page, name):
    """The line of a member."""
    return page.locator(".member").filter(has=page.locator(".person-name", has_text=re.compile(rf"^{name}$")))


def choose_role(page, name, choice):
    """Choose an entry of a member's menu."""
    member(page, name).locator("summary").click()
    member(page, name).get_by_role("button", name=choice).click()


@by_mouse_and_touch
def test_alice_changes_the_topic_in_place_and_bob_sees_it_at_once(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    wait_until_online(bob)
    open_panel(bob)
    expect(bob.locator(".member")).to_have_count(2)
    expect(bob.get_by_role("button", name="Change the topic")).to_be_hidden()
    expect(bob.locator(".settings")).to_be_hidden()

    open_panel(alice)
    alice.get_by_role("button", name="Change the topic").click()
    alice.get_by_label("Topic", exact=True).fill("Ropes\nand knots")
    alice.locator(".topic-form").get_by_role("button", name="Save").click()
    for page in (alice, bob):
        expect(page.locator(".topic-text")).to_have_text("Ropes and knots")
    alice.get_by_role("button", name="Change the topic").click()
    alice.get_by_label("Topic", exact=True).evaluate("(field) => { field.removeAttribute('maxlength'); }")
    alice.get_by_label("Topic", exact=True).fill("x" * 251)
    alice.get_by_label("Topic", exact=True).press("Enter")
    expect(alice.locator(".topic-form .form-error")).to_contain_text("250")
    expect(alice.get_by_label("Topic", exact=True)).to_have_attribute("aria-invalid", "true")
    alice.get_by_label("Topic", exact=True).press("Escape")
    expect(alice.locator(".side-panel")).to_be_visible()
    close_panel(bob)
    expect(bob.locator(".room-topic")).to_have_text("Ropes and knots")


@by_mouse_and_touch
def test_all_open_panels_follow_who_is_added_given_a_role_and_removed(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    charlie = open_page(site, "charlie", "/")
    for page in (alice, bob, charlie):
        wait_until_online(page)
    open_panel(alice)
    open_panel(bob)
    expect(member(alice, "bob").locator(".here")).to_be_visible()
    alice.get_by_role("button", name="Add people").click()
    picker = alice.locator(".people-picker")
    picker.get_by_role("combobox").press_sequentially("charl")
    picker.get_by_role("option", name="charlie").click()
    expect(picker.locator(".picker-chip")).to_have_text(["charlie"])
    alice.locator(".add-members").get_by_role("button", name="Add", exact=True).click()
    for page in (alice, bob):
        expect(member(page, "charlie")).to_be_visible()
        expect(page.locator(".member-count")).to_have_text("3")
    expect(charlie.locator(f"nav#rooms a[data-room={room}]")).to_have_count(1)

    choose_role(alice, "bob", "Moderator")
    expect(member(bob, "bob").locator(".role-tag")).to_have_text("Moderator")
    # Bob may manage members now, but not his owner.
    expect(member(bob, "charlie").locator("summary")).to_be_visible()
    expect(member(bob, "alice").locator("summary")).to_be_hidden()
    choose_role(bob, "charlie", "Reader")
    expect(member(alice, "charlie").locator(".role-tag")).to_have_text("Reader")

    choose_role(bob, "charlie", "Remove from the room")
    dialog = bob.get_by_role("dialog", name="Remove charlie from this room?")
    dialog.get_by_role("button", name="Remove").click()
    expect(member(alice, "charlie")).to_have_count(0)
    expect(charlie.locator(f"nav#rooms a[data-room={room}]")).to_have_count(0)
    assert site.python(ROLES, room=room) == {"alice": "owner", "bob": "moderator"}


@pytest.mark.core
@by_mouse_and_touch
def test_a_link_is_made_and_copied_at_one_click_and_lets_a_newcomer_in(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    wait_until_online(alice)
    open_panel(alice)
    alice.get_by_role("button", name="Make an invitation link").click()
    expect(alice.locator(".invite-state")).to_have_text("The link was copied.")
    link = alice.get_by_label("Invitation link").input_value()
    assert alice.evaluate("navigator.clipboard.readText()") == link
    newcomer = open_page(site, None, link.removeprefix(site.url))
    expect(newcomer.locator(".lead")).to_contain_text(room.capitalize())

    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    open_panel(bob)
    expect(bob.locator(".member")).to_have_count(2)
    expect(bob.get_by_role("button", name="Make an invitation link")).to_be_hidden()


@pytest.mark.core
@by_mouse_and_touch
def test_settings_are_saved_together_and_an_error_is_shown_at_its_field(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    wait_until_online(alice)
    open_panel(alice)
    alice.get_by_text("Room settings").click()
    alice.locator("#panel-name").fill("\u202e  ")
    alice.locator(".settings-form").get_by_role("button", name="Save").click()
    expect(alice.locator(".settings-form .form-error")).to_have_text("Choose a name.")
    expect(alice.locator("#panel-name")).to_be_focused()
    name = f"Scones & jam of {room} 🫖"
    alice.locator("#panel-name").fill(name)
    alice.get_by_label("Who can join").select_option("private")
    alice.get_by_label(re.compile("Slow mode")).select_option("30")
    alice.locator(".settings-form").get_by_role("button", name="Save").click()
    expect(alice.locator(".form-done")).to_have_text("Saved")
    for page in (alice, bob):
        expect(page.locator(".room-name-text")).to_have_text(name)
    expect(alice.locator(".side-panel-title")).to_have_text(name)
    expect(alice.locator(".room-kind-text")).to_have_text("Private: only its members see it")
    # The site lets only staff open rooms to guests.
    expect(alice.get_by_label("Guests without an account")).to_be_hidden()


@by_mouse_and_touch
def test_a_room_is_archived_and_restored_in_its_panel(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    wait_until_online(alice)
    open_panel(alice)
    alice.get_by_role("button", name="Archive this room").click()
    expect(alice.locator(".room-kind-text")).to_have_text("Archived: it can only be read")
    # The pressed button is gone: so that Escape and Tab go on from here, the next one has the focus.
    expect(alice.get_by_role("button", name="Restore this room")).to_be_focused()
    expect(bob.locator(".compose-closed")).to_contain_text("archived")
    expect(alice.get_by_role("button", name="Add people")).to_be_hidden()
    alice.get_by_role("button", name="Restore this room").click()
    expect(bob.locator(".compose")).to_be_visible()
    close_panel(alice)
    send(alice, "open again")
    wait_until_stored(bob, "open again")


@by_mouse_and_touch
def test_bob_is_asked_before_he_leaves_and_told_that_he_left(site, open_page, room):
    den = site.add_room(f"snug-{room}", kind="private", name="Snug")
    bob = open_page(site, "bob", f"/rooms/{den}/")
    wait_until_online(bob)
    open_panel(bob)
    bob.locator(".leave-link").click()
    dialog = bob.get_by_role("dialog", name="Leave this room?")
    expect(dialog).to_contain_text("you can come back only if")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    bob.locator(".leave-link").click()
    dialog.get_by_role("button", name="Leave").click()
    expect(bob.locator("#notice")).to_contain_text("You left Snug. It is private")
    expect(bob.locator(f"nav#rooms a[data-room={den}]")).to_have_count(0)

    bob.goto(f"{site.url}/rooms/{room}/")
    wait_until_online(bob)
    open_panel(bob)
    bob.locator(".leave-link").click()
    expect(dialog).to_contain_text("You can join it again")
    dialog.get_by_role("button", name="Leave").click()
    expect(bob.locator("#notice.is-info")).to_contain_text("You can join it again at any time")


@by_mouse_and_touch
def test_who_leaves_a_room_sees_the_list_of_rooms_without_a_page_load(site, open_page, room):
    den = site.add_room(f"nook-{room}", kind="private", name="Nook")
    bob = open_page(site, "bob", "/")
    wait_until_online(bob)
    in_list(bob, den).click()
    expect(bob.locator(".room-name-text")).to_have_text("Nook")
    bob.evaluate("window.isSameDocument = true")
    leave(bob)
    expect(bob).to_have_url(f"{site.url}/rooms/")
    expect(bob.locator("main.home")).to_be_visible()
    expect(bob.locator("#notice")).to_contain_text("You left Nook. It is private")
    expect(in_list(bob, den)).to_have_count(0)
    assert bob.evaluate("window.isSameDocument")


def test_who_leaves_a_room_in_a_tab_without_the_list_sees_the_former_room(site, open_page, room):
    den = site.add_room(f"loft-{room}", name="Loft")
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    in_list(bob, den).click()
    expect(bob.locator(".room-name-text")).to_have_text("Loft")
    bob.evaluate("window.isSameDocument = true")
    leave(bob)
    expect(bob).to_have_url(f"{site.url}/rooms/{room}/")
    expect(bob.locator("#notice")).to_contain_text("You left Loft. You can join it again")
    expect(in_list(bob, den)).to_have_count(0)
    assert bob.evaluate("window.isSameDocument")


@pytest.mark.parametrize("last", ['"owners"', '"reply"'], ids=["about the room", "the answer"])
def test_the_focus_goes_to_the_button_that_restores_whatever_comes_last_after_archiving(site, room, open_page, last):
    held = []
    is_holding = False

    def route(socket):
        server = socket.connect_to_server()

        def receive(text):
            is_about = '"owners"' in text
            is_last = is_about if last == '"owners"' else '"reply"' in text and not is_about
            if is_holding and is_last:
                held.append((socket, text))
            else:
                socket.send(text)

        server.on_message(receive)

    alice = open_page(site, "alice", f"/rooms/{room}/", before=lambda page: page.route_web_socket("**", route))
    wait_until_online(alice)
    open_panel(alice)
    restore = alice.get_by_role("button", name="Restore this room")
    expect(alice.get_by_role("button", name="Archive this room")).to_be_visible()
    is_holding = True
    alice.get_by_role("button", name="Archive this room").click()
    # A call of the page lets the held frames arrive.
    wait_until(lambda: alice.evaluate("true") and held, "what comes last")
    expect(alice.locator(".compose-closed")).to_contain_text("archived")
    if last == '"reply"':
        expect(restore).not_to_be_focused()
    is_holding = False
    for socket, text in held:
        socket.send(text)
    expect(restore).to_be_focused()


@by_mouse_and_touch
def test_the_only_owner_is_told_so_before_she_leaves(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    open_panel(alice)
    expect(alice.locator(".member-count")).to_have_text("2")
    alice.locator(".leave-link").click()
    expect(alice.get_by_role("dialog", name="Leave this room?")).to_contain_text("You are its only owner.")


@by_mouse_and_touch
def test_bobs_choice_of_notifications_is_kept(site, room, open_page):
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    open_panel(bob)
    choice = bob.get_by_label("Notify me of")
    expect(choice).to_have_value("mentions")
    choice.select_option("all")
    level = (
        "from chat.models import Membership as M\nresult = M.objects.get(room__slug=room, user__handle='bob').notify"
    )
    bob.reload()
    wait_until_online(bob)
    open_panel(bob)
    expect(bob.get_by_label("Notify me of")).to_have_value("all")
    assert site.python(level, room=room) == "all"


@by_mouse_and_touch
def test_the_panel_closes_by_its_button_by_escape_and_on_a_phone_by_the_way_back(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    panel, button = open_panel(alice), alice.locator(".room-open")
    expect(alice.locator(".side-panel-title")).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "true")
    alice.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(button).to_be_focused()
    open_panel(alice)
    if is_touch_screen(alice):
        alice.go_back()
        expect(panel).to_be_hidden()
        expect(alice).to_have_url(re.compile(f"/rooms/{room}/$"))
        open_panel(alice)
        alice.touchscreen.tap(195, 15)
    else:
        # On a desktop the room stays usable beside it.
        send(alice, "beside the panel")
        wait_until_stored(alice, "beside the panel")
        expect(panel).to_be_visible()
        button.click()
    expect(panel).to_be_hidden()


def test_a_large_room_shows_its_members_in_pages_and_finds_them(site, room, open_page):
    site.python(
        """
        from django.contrib.auth import get_user_model
        from chat.models import Membership, Room
        users = get_user_model().objects
        made = users.bulk_create(users.model(handle=f"crew{number:03}", password="!") for number in range(120))
        Membership.objects.bulk_create(Membership(room=Room.objects.get(slug=room), user=user) for user in made)
        """,
        room=room,
    )
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    open_panel(alice)
    expect(alice.locator(".member-count")).to_have_text("122")
    for shown in (10, 50, 100, 122):
        expect(alice.locator(".member")).to_have_count(shown)
        alice.locator(".more-members").dispatch_event("click")
    expect(alice.locator(".more-members")).to_be_hidden()
    alice.get_by_label("Find a member").fill("crew11")
    expect(alice.locator(".member .person-name")).to_have_text([f"crew{number}" for number in range(110, 120)])
    alice.get_by_label("Find a member").fill("nobody at all")
    expect(alice.locator(".no-members")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 900])
def test_the_panel_changes_into_a_sheet_when_the_window_becomes_narrow(site, room, open_page, width):
    alice = open_page(site, "alice", f"/rooms/{room}/", viewport={"width": width, "height": 800})
    wait_until_online(alice)
    panel = open_panel(alice)
    alice.set_viewport_size({"width": 400, "height": 800})
    expect(panel).to_be_visible()
    assert panel.evaluate("(dialog) => dialog.matches(':modal')")
    alice.set_viewport_size({"width": width, "height": 800})
    expect(panel).to_be_visible()
    assert not panel.evaluate("(dialog) => dialog.matches(':modal')")
    close_panel(alice)


@by_mouse_and_touch
def test_a_guest_sees_who_is_online_but_not_the_members(site, open_page, room):
    slug = site.add_room(f"plaza-{room}", guests="write")
    guest, alice = open_page(site, None, f"/rooms/{slug}/"), open_page(site, "alice", f"/rooms/{slug}/")
    wait_until_online(guest)
    wait_until_online(alice)
    open_panel(guest)
    expect(guest.locator(".here-names")).to_contain_text("alice")
    expect(guest.locator(".members-part")).to_be_hidden()
    expect(guest.locator(".leave-link")).to_be_hidden()
    open_panel(alice)
    expect(alice.locator(".here-names li")).to_have_count(1)
    expect(alice.get_by_role("heading", name="Guests who are here")).to_be_visible()
