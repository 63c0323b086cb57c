"""Rooms that people create and manage over the socket, and what others hear of it."""

import pytest

from .asking import refusal

pytestmark = pytest.mark.sites("site_postgres_redis", "site")


async def test_a_new_room_is_announced_to_its_members_and_to_open_lists(connect):
    alice, bob, charlie = await connect("alice"), await connect("bob"), await connect("charlie")
    ids = {person["name"]: person["id"] for person in (await alice.ask("people"))["people"]}
    made = await alice.ask("create_room", name="Tea party 🫖", topic="At five", people=[ids["bob"]])
    assert made["room"].startswith("tea-party")
    assert (made["state"]["role"], made["state"]["topic"]) == ("owner", "At five")
    added = await bob.wait_for_frame("room_added", made["room"])
    assert added["state"]["role"] == "member"
    await charlie.until(lambda: [f for f in charlie.frames if f["type"] == "public_rooms"], "a hint")
    listed = (await charlie.ask("browse", search="TEA PARTY"))["rooms"]
    found = next(room for room in listed if room["slug"] == made["room"])
    assert (found["members"], found["role"], found["last_at"]) == (2, None, None)

    joined = await charlie.ask("join", room=made["room"])
    assert joined["state"]["role"] == "member"
    about = await alice.ask("about", room=made["room"])
    assert (about["members"], about["owners"], about["notify"]) == (3, 1, "mentions")


async def test_a_private_room_is_neither_listed_nor_announced_to_others(connect):
    alice, charlie = await connect("alice"), await connect("charlie")
    made = await alice.ask("create_room", name="Secret garden", kind="private")
    assert (await charlie.ask("browse", search="secret garden"))["rooms"] == []
    assert not [frame for frame in charlie.frames if frame["type"] == "public_rooms"]
    assert [room["slug"] for room in (await alice.ask("browse", search="secret gard"))["rooms"]] == [made["room"]]


async def test_guests_get_no_hint_of_public_rooms_that_are_closed_to_them(connect):
    alice, guest = await connect("alice"), await connect()
    await alice.ask("create_room", name="Members only")
    assert (await guest.ask("browse", search="members only"))["rooms"] == []
    assert not [frame for frame in guest.frames if frame["type"] == "public_rooms"]


async def test_watchers_get_changes_of_members_roles_and_settings(alice, bob, connect, room):
    charlie = await connect("charlie")
    ids = {person["name"]: person["id"] for person in (await alice.ask("people"))["people"]}
    await alice.ask("add_members", room=room, people=[ids["charlie"]])
    await charlie.wait_for_frame("room_added", room)
    await bob.wait_for_frame("members", room)
    listed = (await bob.ask("members", room=room))["members"]
    assert [each["person"]["name"] for each in listed] == ["alice", "bob", "charlie"]
    # Both workers tell each other who is here.
    await bob.until(lambda: [f for f in bob.frames if f["type"] == "presence" or alice.copies], "presence")
    assert {each["person"]["name"] for each in listed if each["here"]} >= {"bob"}

    await alice.ask("set_role", room=room, person=ids["bob"], role="moderator")
    promoted = await bob.until(
        lambda: next((f for f in bob.frames if f["type"] == "room_added" and f["state"]["role"] == "moderator"), None),
        "the role",
    )
    assert promoted["room"] == room
    await bob.ask("change_room", room=room, topic="Now with scones")
    changed = await alice.wait_for_frame("room", room)
    assert changed["state"]["topic"] == "Now with scones"
    assert (await refusal(bob.ask("change_room", room=room, name="Mine"))).code == "forbidden"

    await bob.ask("remove_member", room=room, person=ids["charlie"])
    await charlie.wait_for_frame("room_removed", room)
    assert (await refusal(charlie.ask("join", room=room))).code == "not_found"


async def test_a_link_works_for_another_person(alice, connect, room, place):
    made = await alice.ask("make_invite", room=room)
    assert made["path"].startswith("/join/")
    assert made["uses"] > 1
    assert place.visitor().get(made["path"]).status == 200
    charlie = await connect("charlie")
    assert (await refusal(charlie.ask("make_invite", room=room))).code == "forbidden"


async def test_a_person_who_leaves_loses_the_room_on_all_devices(alice, bob, connect, room):
    phone = await connect("bob")
    await bob.ask("leave", room=room)
    await phone.wait_for_frame("room_removed", room)
    await alice.wait_for_frame("members", room)
    assert (await alice.ask("about", room=room))["members"] == 1
