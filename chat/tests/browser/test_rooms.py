"""Rooms on open pages: changed in the admin, counted in the list, read in two tabs."""

import re

from playwright.sync_api import expect

from .pages import by_mouse_and_touch, is_online, is_stored, say, to_list


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


def test_a_room_renamed_in_the_admin_is_so_on_open_pages(site, room, arrive):
    bob, admin = arrive(site, "bob", f"/rooms/{room}/"), arrive(site, "admin")
    is_online(bob)
    change_in_admin(site, admin, room, name="Reading room", topic="Quiet, please")
    expect(bob.locator("#room-name")).to_have_text("Reading room")
    expect(bob.locator("#room-topic")).to_have_text("Quiet, please")
    expect(in_list(bob, room).locator(".room-link-name")).to_have_text("Reading room")
    expect(bob).to_have_title(re.compile("Reading room"))
    assert bob.locator("#composer").get_attribute("placeholder") == "Message Reading room"


@by_mouse_and_touch
def test_a_room_archived_in_the_admin_is_closed_on_open_pages_until_it_is_opened_again(site, room, arrive):
    bob, admin = arrive(site, "bob", f"/rooms/{room}/"), arrive(site, "admin", f"/admin/chat/room/?q={room}")
    is_online(bob)

    def act(action):
        admin.locator("#result_list .action-select").check()
        admin.locator("select[name=action]").select_option(action)
        admin.get_by_role("button", name="Run").or_(admin.get_by_role("button", name="Go")).click()
        expect(admin.locator(".messagelist .success")).to_be_visible()

    act("archive")
    expect(bob.locator("#compose")).to_be_hidden()
    expect(bob.locator("#closed")).to_contain_text("archived")
    act("restore")
    expect(bob.locator("#compose")).to_be_visible()
    say(bob, "open again")
    is_stored(bob, "open again")


@by_mouse_and_touch
def test_a_room_made_in_the_admin_is_in_the_list_of_whoever_is_added(site, room, arrive):
    # The admin's form makes the slug of the name, as it is typed.
    slug = f"brand-new-{room}"
    bob, admin = arrive(site, "bob", f"/rooms/{room}/"), arrive(site, "admin", "/admin/chat/room/add/")
    admins_list = admin.context.new_page()
    admins_list.goto(site.url)
    is_online(bob)
    is_online(admins_list)
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
    to_list(bob)
    in_list(bob, slug).click()
    expect(bob.locator("#room-name")).to_have_text(f"Brand new {room}")


def test_bob_taken_out_of_a_private_room_is_told_so_on_its_page(site, arrive, room):
    slug = site.add_room(f"secret-{room}", kind="private")
    bob = arrive(site, "bob", f"/rooms/{slug}/")
    is_online(bob)
    site.python(
        """
        from django.contrib.auth import get_user_model
        from chat.domain import rooms
        from chat.models import Room
        rooms.leave(room=Room.objects.get(slug=slug), user=get_user_model().objects.get_by_natural_key("bob"))
        """,
        slug=slug,
    )
    expect(in_list(bob, slug)).to_have_count(0)
    expect(bob.locator("#closed")).to_contain_text("You can no longer see this room.")
    expect(bob.locator("#compose")).to_be_hidden()


@by_mouse_and_touch
def test_bob_elsewhere_sees_how_much_is_unread_and_that_he_is_named(site, room, arrive):
    elsewhere = site.add_room(f"else-{room}")
    alice, bob = arrive(site, "alice", f"/rooms/{room}/"), arrive(site, "bob", f"/rooms/{elsewhere}/")
    is_online(bob)
    badge = in_list(bob, room).locator(".unread")
    expect(badge).to_be_hidden()
    say(alice, "one", "two")
    expect(badge).to_have_text("2")
    expect(badge).not_to_contain_class("mentioned")
    say(alice, "three, @bob")
    # With the sign @ before it: one of the three mentions him.
    expect(badge).to_have_text("1")
    expect(badge).to_contain_class("mentioned")
    expect(badge).to_have_attribute("title", "Unread: 3, mentions of you: 1")
    expect(bob).to_have_title(re.compile(r"^\(\d+\+?\) "))
    expect(in_list(alice, room).locator(".unread")).to_be_hidden()

    to_list(bob)
    in_list(bob, room).click()
    expect(bob.locator("#log .new")).to_be_visible()
    expect(bob.locator("article.mentions-me .mention.me")).to_have_text("@bob")
    expect(badge).to_be_hidden()


def test_what_bob_reads_in_one_tab_is_read_in_the_other(site, room, arrive):
    alice, bob = arrive(site, "alice", f"/rooms/{room}/"), arrive(site, "bob")
    is_online(bob)
    say(alice, "one", "two")
    badge = in_list(bob, room).locator(".unread")
    expect(badge).to_have_text("2")
    tab = bob.context.new_page()
    tab.goto(f"{site.url}/rooms/{room}/")
    is_stored(tab, "two")
    expect(badge).to_be_hidden()
    expect(in_list(tab, room).locator(".unread")).to_be_hidden()
    bob.reload()
    expect(in_list(bob, room)).to_be_visible()
    expect(badge).to_be_hidden()


def test_charlie_reads_a_public_room_and_joins_it_by_speaking(site, room, arrive):
    charlie = arrive(site, "charlie", f"/rooms/{room}/")
    is_online(charlie)
    expect(charlie.get_by_role("button", name="Join")).to_be_visible()
    expect(in_list(charlie, room)).to_have_count(1)
    say(charlie, "may I?")
    is_stored(charlie, "may I?")
    expect(charlie.get_by_role("button", name="Join")).to_be_hidden()
    member = (
        "from chat.models import Membership as M\nresult = M.objects.get(room__slug=room, user__username=name).role"
    )
    assert site.python(member, room=room, name="charlie") == "member"


def test_a_private_room_is_nothing_to_charlie(site, arrive):
    charlie = arrive(site, "charlie", "/rooms/den/")
    expect(charlie.get_by_role("heading", name="There is nothing here")).to_be_visible()
