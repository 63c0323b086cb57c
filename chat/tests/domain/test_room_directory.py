"""The list of rooms, the list of a room's members, and what a person may do in a room."""

import pytest

from chat.domain import direct_rooms, room_directory, room_policy, rooms
from chat.domain.errors import Forbidden, NotFound
from chat.models import GuestBan, Profile
from chat.tests.cast import person
from chat.tests.domain.test_query_counts import count_queries
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db


def names(person, search="", skip=0):
    return [room.name for room in room_directory.browse(person, search, skip).rooms]


def test_the_list_has_what_a_person_may_see_by_name(garden, harbour, lobby, alice, charlie, gina):
    rooms.archive(room=rooms.create(slug="attic", name="Attic", by=charlie))
    direct_rooms.find_or_make(people=[charlie.pk], by=alice)
    assert names(alice) == ["Garden", "Harbour", "Lobby"]
    assert names(charlie) == ["Garden", "Lobby"]
    assert names(gina) == ["Garden"]


def test_the_list_of_a_banned_guest_is_empty(garden, gina):
    assert names(gina) == ["Garden"]
    GuestBan.objects.create(guest_id=gina.id)
    assert names(gina) == []


def test_a_room_shows_its_members_its_last_message_and_my_role(garden, lobby, alice, bob, charlie):
    message = post_message(garden, alice)
    bob.is_active = False
    bob.save()
    found = {room.slug: room for room in room_directory.browse(alice).rooms}
    assert (found["garden"].members, found["garden"].last_at, found["garden"].role) == (1, message.created_at, "owner")
    assert (found["lobby"].members, found["lobby"].last_at, found["lobby"].role) == (0, None, None)
    assert room_directory.browse(charlie).rooms[0].role is None


def test_a_search_finds_parts_of_names_and_topics_in_any_case(alice):
    rooms.create(slug="art", name="Искусство", topic="Paint", by=alice)
    rooms.create(slug="fifty", name="50% off_", by=alice)
    assert names(alice, "ИСКУС") == names(alice, "искус") == names(alice, " paint ") == ["Искусство"]
    assert names(alice, "%") == names(alice, "f_") == ["50% off_"]
    assert names(alice, "x_y") == []


def test_a_search_finds_rooms_that_have_each_of_its_words(alice):
    rooms.create(slug="p42", name="Project 42 gamma", topic="Paint", by=alice)
    rooms.create(slug="p43", name="Project 43 gamma", by=alice)
    assert names(alice, "proj 42") == names(alice, "gamma project paint") == ["Project 42 gamma"]
    assert names(alice, "proj 44") == []
    # A search of many words is still a query of a few conditions.
    assert names(alice, "p " * 40) == []


def test_a_page_has_50_rooms_and_says_if_there_are_more(alice):
    for number in range(60):
        rooms.create(slug=f"room-{number}", name=f"Room {number:02}")
    first = room_directory.browse(alice)
    assert ([room.name for room in first.rooms], first.more) == ([f"Room {number:02}" for number in range(50)], True)
    second = room_directory.browse(alice, skip=50)
    assert (second.rooms[0].name, len(second.rooms), second.more) == ("Room 50", 10, False)


def test_the_list_says_which_kinds_of_rooms_a_person_may_create(set_up_site, alice, gina):
    assert room_directory.browse(alice).may_create == ["public", "private"]
    type(set_up_site).objects.update(who_creates_public="staff")
    assert room_directory.browse(alice).may_create == ["private"]
    assert room_directory.browse(gina).may_create == []


def test_members_are_listed_owners_first_then_by_name(garden, alice, bob):
    for name, role in {"zoe": "moderator", "adam": "member", "ben": "reader", "cleo": "owner"}.items():
        rooms.join(room=garden, user=person(name), role=role)
    person("erin", is_active=False)
    page = room_directory.members_of(bob, "garden", is_here={f"u:{alice.pk}"}.__contains__)
    assert [each.person.name for each in page.members] == ["alice", "cleo", "zoe", "adam", "bob", "ben"]
    assert [each.person.name for each in page.members if each.here] == ["alice"]
    assert (page.total, page.more) == (6, False)
    assert not any(each.roles or each.removable for each in page.members)


def test_the_list_of_members_says_whom_the_one_who_asks_may_manage(garden, alice, bob):
    mona, _adam = person("mona"), rooms.join(room=garden, user=person("adam"), role="reader")
    rooms.join(room=garden, user=mona, role="moderator")
    to_alice = {each.person.name: each for each in room_directory.members_of(alice, "garden").members}
    assert to_alice["mona"].roles == ["owner", "moderator", "member", "reader"]
    assert (to_alice["mona"].removable, to_alice["alice"].removable) == (True, False)
    to_mona = {each.person.name: each for each in room_directory.members_of(mona, "garden").members}
    assert (to_mona["adam"].roles, to_mona["adam"].removable) == (["member", "reader"], True)
    assert (to_mona["alice"].roles, to_mona["alice"].removable) == ([], False)


def test_members_are_searched_and_come_in_pages(harbour, alice):
    for number in range(60):
        rooms.join(room=harbour, user=person(f"sailor-{number:02}"))
    first = room_directory.members_of(alice, "harbour", "SAILOR")
    assert (len(first.members), first.total, first.more) == (50, 60, True)
    rest = room_directory.members_of(alice, "harbour", "sailor", 50)
    assert (rest.members[0].person.name, len(rest.members), rest.more) == ("sailor-50", 10, False)


def test_members_are_found_and_ordered_by_the_name_that_others_see(garden, alice, bob, charlie):
    rooms.join(room=garden, user=charlie)
    Profile.objects.create(user=bob, display_name="Robert")
    listed = room_directory.members_of(alice, "garden").members
    assert [each.person.name for each in listed] == ["alice", "charlie", "Robert"]
    for search in ("rober", "bob"):
        assert [each.person.id for each in room_directory.members_of(alice, "garden", search).members] == [bob.pk]


def test_strangers_and_guests_do_not_see_the_members(garden, harbour, charlie, gina):
    with pytest.raises(NotFound):
        room_directory.members_of(charlie, "harbour")
    with pytest.raises(Forbidden):
        room_directory.members_of(gina, "garden")
    assert room_directory.members_of(charlie, "garden").total == 2


def test_about_says_what_a_person_may_do(garden, harbour, alice, bob, charlie, gina):
    to_alice = room_directory.about(alice, "garden")
    assert (to_alice.members, to_alice.owners, to_alice.notify) == (2, 1, "mentions")
    settings = {*room_policy.CHANGED_BY}
    assert set(to_alice.may) == settings | {"add", "invite", "pin", "mention_all", "name_to_post"}
    assert set(to_alice.kinds) == {"public", "private"}
    assert room_directory.about(bob, "garden").may == ["add", "pin"]
    assert (room_directory.about(charlie, "garden").may, room_directory.about(charlie, "garden").notify) == ([], None)
    assert room_directory.about(gina, "garden").may == []
    # The harbour is private and closed to guests; Alice may not open it.
    assert "guests" not in room_directory.about(alice, "harbour").may
    assert room_directory.about(bob, "harbour").may == ["pin"]
    rooms.archive(room=garden)
    assert room_directory.about(alice, "garden").may == ["archived"]


def test_queries_do_not_grow_with_rooms_and_members(garden, alice, bob):
    def counts():
        return [
            count_queries(room_directory.browse, alice),
            count_queries(room_directory.about, alice, "garden"),
            count_queries(room_directory.members_of, alice, "garden"),
        ]

    before = counts()
    for number in range(30):
        room = rooms.create(slug=f"room-{number}", name=str(number), by=bob)
        post_message(room, bob)
        rooms.join(room=garden, user=person(f"sailor-{number}"))
    assert counts() == before
    assert before[0] <= 9
    assert before[1] <= 11
    assert before[2] <= 4
