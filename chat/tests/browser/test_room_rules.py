"""What staff do with rooms in the admin, and owners in the panel, and what members see of it at once."""

import pytest
from playwright.sync_api import expect

from .pages import message, send, wait_until_online, wait_until_stored

NEW_GROUP = """
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    group, _ = Group.objects.get_or_create(name=name)
    group.user_set.add(get_user_model().objects.get(handle=person))
"""
LEAVE_GROUP = """
    from django.contrib.auth.models import Group
    Group.objects.get(name=name).user_set.clear()
"""
TEXTS = """
    from chat.models import Message
    result = list(Message.objects.filter(room__slug=room).order_by("seq").values_list("text", flat=True))
"""


def in_list(page, room):
    """A room's link in the list."""
    return page.locator(f"nav#rooms a[data-room={room}]")


def run_action(admin, site, room, action):
    """Choose a room in the admin's list and run an action."""
    admin.goto(f"{site.url}/admin/chat/room/?q={room}")
    admin.locator("#result_list .action-select").check()
    admin.locator("select[name=action]").select_option(action)
    admin.get_by_role("button", name="Run").or_(admin.get_by_role("button", name="Go")).click()


def open_room_in_admin(admin, site, room):
    """Open the page of a room in the admin."""
    admin.goto(f"{site.url}/admin/chat/room/?q={room}")
    admin.locator("#result_list th.field-name a").click()


def save(admin):
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.locator(".messagelist .success")).to_be_visible()


@pytest.mark.core
def test_an_announcement_and_a_read_only_room_are_seen_at_once(site, room, open_page):
    bob, admin = open_page(site, "bob", f"/rooms/{room}/"), open_page(site, "admin")
    wait_until_online(bob)
    run_action(admin, site, room, "announce")
    admin.get_by_label("Announcement").fill("Maintenance at **nine**")
    admin.get_by_role("button", name="Announce").click()
    expect(admin.locator(".messagelist .success")).to_contain_text("Announced in 1 room")
    expect(message(bob, "Maintenance at nine")).to_be_visible()
    run_action(admin, site, room, "make_read_only")
    expect(bob.locator(".compose")).to_be_hidden()
    expect(bob.locator(".compose-closed")).to_contain_text("This room is read-only.")
    run_action(admin, site, room, "disconnect")
    expect(admin.locator(".messagelist .success")).to_be_visible()
    run_action(admin, site, room, "let_everyone_post")
    expect(bob.locator(".compose")).to_be_visible()
    wait_until_online(bob)
    send(bob, "thanks")
    wait_until_stored(bob, "thanks")


def test_a_deleted_room_is_gone_from_open_pages_within_a_second(site, room, open_page):
    name, room = f"Quay {room}", site.add_room(f"quay-{room}", name=f"Quay {room}", guests="read")
    bob, admin = open_page(site, "bob", f"/rooms/{room}/"), open_page(site, "admin")
    guest = open_page(site, None, f"/rooms/{room}/")
    wait_until_online(bob)
    wait_until_online(guest)
    send(bob, "goes")
    wait_until_stored(bob, "goes")
    run_action(admin, site, room, "erase")
    expect(admin.locator(".chosen-rooms")).to_contain_text("1 message")
    field = admin.get_by_label(f"Type “{name}” to delete it")
    field.fill("something else")
    admin.get_by_role("button", name="Delete for ever").click()
    expect(admin.locator(".errorlist")).to_contain_text("This is not the name of the room.")
    field.fill(name)
    admin.get_by_role("button", name="Delete for ever").click()
    expect(in_list(bob, room)).to_have_count(0)
    expect(message(bob, "goes")).to_have_count(0)
    expect(guest.locator(".compose-closed")).to_contain_text("You no longer have access to this room.")
    expect(admin.get_by_text("No room is being deleted now")).to_be_visible()
    assert site.python(TEXTS, room=room) == []
    expect(bob).not_to_have_url(f"{site.url}/rooms/{room}/")


def test_a_member_is_removed_and_a_group_is_bound_on_the_page_of_the_room(site, room, open_page):
    group = f"crew-{room}"
    site.python(NEW_GROUP, name=group, person="charlie")
    bob, charlie = open_page(site, "bob", f"/rooms/{room}/"), open_page(site, "charlie")
    admin = open_page(site, "admin")
    wait_until_online(bob)
    wait_until_online(charlie)
    open_room_in_admin(admin, site, room)
    row = admin.locator("#memberships-group tr.has_original").filter(has_text="bob")
    row.get_by_role("checkbox", name="Delete").or_(row.locator("td.delete input")).check()
    admin.get_by_label(group).check()
    save(admin)
    expect(in_list(bob, room)).to_have_count(0)
    expect(in_list(charlie, room)).to_be_visible()
    site.python(LEAVE_GROUP, name=group)
    expect(in_list(charlie, room)).to_have_count(0)


def test_slow_mode_shows_the_wait_and_sends_afterwards(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    wait_until_online(bob)
    alice.locator(".room-open").click()
    alice.locator(".settings summary").click()
    alice.get_by_label("Slow mode: time between two messages of a person").select_option("10")
    alice.locator(".settings-form").get_by_role("button", name="Save").click()
    expect(bob.locator(".slow-mode")).to_have_text("Slow mode: one message in 10 s")
    send(bob, "first", "second")
    wait_until_stored(bob, "first")
    expect(bob.locator(".slow-mode")).to_contain_text("your message will be sent in")
    assert site.python(TEXTS, room=room) == ["first"]
    bob.reload()
    wait_until_stored(bob, "second")
    expect(bob.locator(".slow-mode")).to_contain_text("your next message can be sent in")
    assert site.python(TEXTS, room=room) == ["first", "second"]
    # Owners and moderators do not wait.
    expect(alice.locator(".slow-mode")).to_be_hidden()


def test_alice_says_who_posts_and_names_bob(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    wait_until_online(bob)
    send(alice, "Welcome")
    alice.locator(".room-open").click()
    alice.locator(".settings summary").click()
    alice.get_by_label("Who posts").select_option("named")
    alice.locator(".settings-form").get_by_role("button", name="Save").click()
    expect(bob.locator(".compose-closed")).to_contain_text("Only some people post in this room.")
    line = alice.locator(".member").filter(has_text="bob")
    line.locator("summary").click()
    line.get_by_role("button", name="May post").first.click()
    expect(line.locator(".role-tag")).to_have_text("may post")
    expect(bob.locator(".compose")).to_be_visible()
    send(bob, "Thank you")
    expect(message(alice, "Thank you")).to_be_visible()
