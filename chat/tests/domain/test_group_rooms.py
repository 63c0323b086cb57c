"""Members by Django group, rooms for newcomers, and lists of people that are added at once."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from chat.domain import accounts, bulk_members, default_rooms, direct_rooms, group_rooms, members, rooms
from chat.domain.errors import Forbidden, Invalid, NotFound
from chat.models import Membership, RecordedAction, Restriction, Room
from chat.tests.cast import PASSWORD, person
from chat.tests.talk import frames

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew(charlie):
    """The group “crew”, with Charlie."""
    crew = Group.objects.create(name="crew")
    charlie.groups.add(crew)
    return crew


def is_member(room, user) -> bool:
    return Membership.objects.filter(room=room, user=user).exists()


def test_the_people_of_a_group_become_members_of_its_room(harbour, charlie, crew, capture_published):
    with capture_published() as envelopes:
        group_rooms.bind(room=harbour, groups=[crew])
    assert is_member(harbour, charlie)
    assert ("room_added", (charlie.pk,)) in [(envelope.kind, envelope.users) for envelope in envelopes]
    assert RecordedAction.objects.get(verb="room.groups").after == {"groups": ["crew"]}


def test_who_joins_or_leaves_a_group_joins_or_leaves_its_rooms(harbour, charlie, crew):
    group_rooms.bind(room=harbour, groups=[crew])
    charlie.groups.clear()
    assert not is_member(harbour, charlie)
    crew.user_set.add(charlie)
    assert is_member(harbour, charlie)
    crew.user_set.remove(charlie)
    assert not is_member(harbour, charlie)
    charlie.groups.set([crew])
    assert is_member(harbour, charlie)
    crew.delete()
    assert not is_member(harbour, charlie)


def test_who_leaves_with_a_group_is_not_banned(harbour, charlie, crew):
    group_rooms.bind(room=harbour, groups=[crew])
    charlie.groups.clear()
    assert not Restriction.objects.filter(user=charlie).exists()


def test_members_by_hand_stay_when_the_group_goes(harbour, bob, charlie, crew):
    bob.groups.add(crew)
    group_rooms.bind(room=harbour, groups=[crew])
    rooms.set_role(room=harbour, user=charlie, role="moderator")
    group_rooms.bind(room=harbour, groups=[])
    assert is_member(harbour, bob)
    assert is_member(harbour, charlie)


def test_who_is_in_two_groups_of_a_room_stays_until_they_leave_both(harbour, charlie, crew):
    deck = Group.objects.create(name="deck")
    charlie.groups.add(deck)
    group_rooms.bind(room=harbour, groups=[crew, deck])
    crew.user_set.remove(charlie)
    assert is_member(harbour, charlie)
    group_rooms.bind(room=harbour, groups=[])
    assert not is_member(harbour, charlie)


def test_who_was_removed_or_has_left_does_not_come_back_by_a_group(harbour, charlie, crew):
    group_rooms.bind(room=harbour, groups=[crew])
    rooms.remove(room=harbour, user=charlie)
    crew.user_set.remove(charlie)
    crew.user_set.add(charlie)
    assert not is_member(harbour, charlie)


def test_closed_accounts_and_direct_rooms_are_left_out(harbour, alice, bob, charlie, crew):
    get_user_model().objects.filter(pk=charlie.pk).update(is_active=False)
    group_rooms.bind(room=harbour, groups=[crew])
    assert not is_member(harbour, charlie)
    with pytest.raises(Forbidden):
        group_rooms.bind(room=direct_rooms.find_or_make(people=[bob.pk], by=alice), groups=[crew])


def test_a_group_of_a_hundred_is_bound_with_as_many_queries_as_one_of_two(
    harbour, garden, crew, django_assert_max_num_queries
):
    crew.user_set.add(*[person(f"hand-{number}") for number in range(100)])
    with django_assert_max_num_queries(30):
        group_rooms.bind(room=harbour, groups=[crew])
    assert Membership.objects.filter(room=harbour, by_group=True).count() == 101


def test_newcomers_join_the_rooms_for_newcomers(harbour, lobby, garden):
    default_rooms.choose(room=harbour, on=True)
    rooms.archive(room=garden)
    default_rooms.choose(room=garden, on=True)
    user = accounts.create(username="nina", password=PASSWORD)
    assert set(Room.objects.filter(memberships__user=user)) == {harbour, lobby}
    default_rooms.choose(room=harbour, on=False)
    assert not is_member(harbour, accounts.create(username="otto", password=PASSWORD))


def test_a_list_of_names_and_addresses_is_added_with_a_report(harbour, bob, charlie, capture_published):
    nina = person("Nina")
    rooms.remove(room=harbour, user=charlie)
    text = "@Charlie, nina; Bob <bob@example.org>\nnobody nobody@example.org\nNINA@example.org"
    with capture_published() as envelopes:
        report = bulk_members.add(room=harbour, text=text)
    assert set(report.added) == {charlie, nina}
    assert report.already == [bob]
    assert report.unknown == ["nobody", "nobody@example.org"]
    assert "room_added" in {frame["type"] for frame in frames(envelopes)}
    assert not Restriction.objects.filter(user=charlie).exists()


def test_an_address_of_two_people_is_nobodys(harbour, charlie):
    person("dup-one").__class__.objects.filter(handle="dup-one").update(email=charlie.email)
    report = bulk_members.add(room=harbour, text=charlie.email)
    assert (report.added, report.ambiguous) == ([], [charlie.email])


def test_ten_thousand_names_are_answered_and_more_refused(harbour, django_assert_max_num_queries):
    person("sailor-1")
    names = "\n".join(f"sailor-{number}" for number in range(bulk_members.MAX_ENTRIES))
    with django_assert_max_num_queries(80):
        report = bulk_members.add(room=harbour, text=names)
    assert (len(report.added), len(report.unknown)) == (1, bulk_members.MAX_ENTRIES - 1)
    for text in (names + "\none-more", "x" * (bulk_members.MAX_CHARACTERS + 1)):
        with pytest.raises(Invalid):
            bulk_members.add(room=harbour, text=text)


@pytest.mark.parametrize("text", ["", " ,;\n", "\0", "<>", "@", "'; DROP TABLE", "a" * 300, "Ann <>", "ann@", "@@"])
def test_any_list_is_answered(harbour, text):
    assert not bulk_members.add(room=harbour, text=text).added


def test_nobody_is_added_to_a_room_that_is_being_deleted(harbour, charlie):
    Room.objects.filter(pk=harbour.pk).update(deleted_at="2026-01-01T00:00:00Z")
    harbour.refresh_from_db()
    with pytest.raises(NotFound):
        bulk_members.add(room=harbour, text="charlie")
    with pytest.raises(NotFound):
        rooms.join(room=harbour, user=charlie)


def test_bob_may_still_be_added_by_hand_to_a_room_of_a_group(harbour, alice, charlie, crew):
    group_rooms.bind(room=harbour, groups=[crew])
    members.add(room="harbour", by=alice, people=[charlie.pk])
    assert Membership.objects.filter(room=harbour, user=charlie).count() == 1
