"""Rooms on open pages: changes in the admin, unread counts in the list, reading in two tabs."""

import re

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, go_to_list, message, send, wait_until_online, wait_until_stored


def in_list(page, room):
    """A room's link in the list."""
    return page.locator(f"nav#rooms a[data-room={room}]")


def change_in_admin(site, page, room, **fields):
    """Change a room's fields on its page in the admin."""
    page.goto(f"{site.url}/admin/chat/room/?q={room}")
    page.locator("#result_list th.field-name a").click()
    for name, value in fields.items():
        page.locator(f"#id_{name}").fill(value)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_a_room_that_is_renamed_in_the_admin_changes_on_open_pages(site, room, open_page):
    bob, admin = open_page(site, "bob", f"/rooms/{room}/"), open_page(site, "admin")
    wait_until_online(bob)
    change_in_admin(site, admin, room, name="Reading room", topic="Quiet, please")
    expect(bob.locator("#room-name")).to_have_text("Reading room")
    expect(bob.locator(".room-topic")).to_have_text("Quiet, please")
    expect(in_list(bob, room).locator(".room-link-name")).to_have_text("Reading room")
    expect(bob).to_have_title(re.compile("Reading room"))
    assert bob.locator("#composer").get_attribute("placeholder") == "Message Reading room"


@by_mouse_and_touch
def test_a_room_that_is_archived_in_the_admin_is_read_only_until_it_is_restored(site, room, open_page):
    bob, admin = open_page(site, "bob", f"/rooms/{room}/"), open_page(site, "admin", f"/admin/chat/room/?q={room}")
    wait_until_online(bob)

    def act(action):
        admin.locator("#result_list .action-select").check()
        admin.locator("select[name=action]").select_option(action)
        admin.get_by_role("button", name="Run").or_(admin.get_by_role("button", name="Go")).click()
        expect(admin.locator(".messagelist .success")).to_be_visible()

    act("archive")
    expect(bob.locator(".compose")).to_be_hidden()
    expect(bob.locator(".compose-closed")).to_contain_text("archived")
    act("restore")
    expect(bob.locator(".compose")).to_be_visible()
    send(bob, "open again")
    wait_until_stored(bob, "open again")


@by_mouse_and_touch
def test_a_room_that_is_made_in_the_admin_appears_in_its_members_lists(site, room, open_page):
    # The admin's form derives the slug from the name while it is typed.
    slug = f"brand-new-{room}"
    bob, admin = open_page(site, "bob", f"/rooms/{room}/"), open_page(site, "admin", "/admin/chat/room/add/")
    admins_list = admin.context.new_page()
    admins_list.goto(site.url)
    wait_until_online(bob)
    wait_until_online(admins_list)
    admin.locator("#id_name").press_sequentially(f"Brand new {room}")
    expect(admin.locator("#id_slug")).to_have_value(slug)
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(in_list(admins_list, slug)).to_contain_text("Brand new")
    expect(in_list(bob, slug)).to_have_count(0)

    site.python(
        """
        from django.contrib.auth import get_user_model
        from chat.domain import rooms
        from chat.models import Room
        rooms.join(room=Room.objects.get(slug=slug), user=get_user_model().objects.get_by_natural_key("bob"))
        """,
        slug=slug,
    )
    go_to_list(bob)
    in_list(bob, slug).click()
    expect(bob.locator("#room-name")).to_have_text(f"Brand new {room}")


LEAVE = """
    from django.contrib.auth import get_user_model
    from chat.domain import rooms
    from chat.models import Room
    rooms.leave(room=Room.objects.get(slug=slug), user=get_user_model().objects.get_by_natural_key("bob"))
"""


@pytest.mark.core
def test_the_page_of_a_private_room_says_that_bob_was_removed(site, open_page, room):
    slug = site.add_room(f"secret-{room}", kind="private")
    bob = open_page(site, "bob", f"/rooms/{slug}/")
    wait_until_online(bob)
    site.python(LEAVE, slug=slug)
    expect(in_list(bob, slug)).to_have_count(0)
    expect(bob.locator(".compose-closed")).to_contain_text("You no longer have access to this room.")
    expect(bob.locator(".compose")).to_be_hidden()


def test_a_page_that_was_loaded_before_the_removal_of_bob_keeps_its_messages(site, open_page, room):
    slug = site.add_room(f"secret-{room}", kind="private")
    bob = open_page(site, "bob", f"/rooms/{slug}/")
    wait_until_online(bob)
    send(bob, "a word before")
    wait_until_stored(bob, "a word before")

    def remove_bob(route):
        site.python(LEAVE, slug=slug)
        route.continue_()

    # The server has made the page, and its socket is not open yet.
    bob.route("**/app.*js", remove_bob, times=1)
    bob.reload()
    expect(bob.locator(".compose-closed")).to_contain_text("You no longer have access to this room.")
    expect(message(bob, "a word before")).to_be_visible()


@pytest.mark.core
@by_mouse_and_touch
def test_the_list_shows_unread_messages_and_mentions_of_another_room(site, room, open_page):
    elsewhere = site.add_room(f"else-{room}")
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{elsewhere}/")
    wait_until_online(bob)
    badge = in_list(bob, room).locator(".unread")
    expect(badge).to_be_hidden()
    send(alice, "one", "two")
    expect(badge).to_have_text("2")
    expect(badge).not_to_contain_class("mentioned")
    send(alice, "three, @bob")
    # After the sign @ it is the number of mentions: one of three messages.
    expect(badge).to_have_text("1")
    expect(badge).to_contain_class("mentioned")
    expect(badge).to_have_attribute("title", "Unread: 3, mentions of you: 1")
    expect(bob).to_have_title(re.compile(r"^\(\d+\+?\) "))
    expect(in_list(alice, room).locator(".unread")).to_be_hidden()

    go_to_list(bob)
    in_list(bob, room).click()
    expect(bob.locator(".log .new")).to_be_visible()
    expect(bob.locator("article.mentions-me .mention.me")).to_have_text("@bob")
    expect(badge).to_be_hidden()


def test_messages_that_bob_reads_in_one_tab_are_read_in_the_other(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob")
    wait_until_online(bob)
    send(alice, "one", "two")
    badge = in_list(bob, room).locator(".unread")
    expect(badge).to_have_text("2")
    tab = bob.context.new_page()
    tab.goto(f"{site.url}/rooms/{room}/")
    wait_until_stored(tab, "two")
    expect(badge).to_be_hidden()
    expect(in_list(tab, room).locator(".unread")).to_be_hidden()
    bob.reload()
    expect(in_list(bob, room)).to_be_visible()
    expect(badge).to_be_hidden()


def test_charlie_joins_a_public_room_by_writing_in_it(site, room, open_page):
    charlie = open_page(site, "charlie", f"/rooms/{room}/")
    wait_until_online(charlie)
    expect(charlie.get_by_role("button", name="Join")).to_be_visible()
    expect(in_list(charlie, room)).to_have_count(1)
    send(charlie, "may I?")
    wait_until_stored(charlie, "may I?")
    expect(charlie.get_by_role("button", name="Join")).to_be_hidden()
    member = "from chat.models import Membership as M\nresult = M.objects.get(room__slug=room, user__handle=name).role"
    assert site.python(member, room=room, name="charlie") == "member"


@pytest.mark.core
def test_a_private_room_is_not_found_for_charlie(site, open_page):
    charlie = open_page(site, "charlie", "/rooms/den/")
    expect(charlie.get_by_role("heading", name="Page not found")).to_be_visible()


def test_charlie_joins_and_leaves_a_room_with_the_buttons_of_its_page(site, room, open_page):
    page = open_page(site, "charlie", f"/rooms/{room}/")
    wait_until_online(page)
    page.locator(".join-button").click()
    expect(in_list(page, room)).to_be_visible()
    expect(page.locator(".join-button")).to_be_hidden()
    expect(page.locator("#room-name")).to_be_focused()
    page.locator(".room-open").click()
    page.locator(".leave-link").click()
    page.locator("#leave-dialog").get_by_role("button", name="Leave").click()
    page.wait_for_url("**/")
    expect(in_list(page, room)).to_have_count(0)


def test_without_a_readable_csrf_cookie_a_button_leads_to_a_page_that_asks(site, room, open_page):
    page = open_page(site, "charlie", f"/rooms/{room}/")
    wait_until_online(page)
    page.context.clear_cookies(name="csrftoken")
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign out?")).to_be_visible()
    # Other tests of this site use the session: stay.
    page.get_by_role("link", name="Stay signed in").click()
    expect(page.locator("nav#rooms")).to_be_visible()
