"""Members of a room: who adds, removes, gives roles, leaves, and chooses notifications."""

import pytest

from chat.domain import direct_rooms, members, rooms
from chat.domain.errors import Archived, Forbidden, Invalid, NotFound
from chat.models import Membership, Restriction
from chat.tests.cast import person
from chat.tests.domain.test_query_counts import count_queries
from chat.tests.talk import head

pytestmark = pytest.mark.django_db


@pytest.fixture
def mona(garden, harbour):
    """A moderator of the garden and of the harbour."""
    mona = person("mona")
    for room in (garden, harbour):
        rooms.join(room=room, user=mona, role="moderator")
    return mona


@pytest.fixture
def rita(garden, harbour):
    """A reader of the garden and of the harbour."""
    rita = person("rita")
    for room in (garden, harbour):
        rooms.join(room=room, user=rita, role="reader")
    return rita


@pytest.fixture
def erin(db):
    """A user who is in no room."""
    return person("erin")


def role_of(user, room):
    return Membership.objects.filter(room=room, user=user).values_list("role", flat=True).first()


# --- Adding


def test_an_added_person_gets_the_room_on_their_list(harbour, alice, charlie, erin, capture_published):
    with capture_published() as envelopes:
        members.add(room="harbour", by=alice, people=[charlie.pk, erin.pk, erin.pk])
    assert role_of(charlie, harbour) == role_of(erin, harbour) == "member"
    (added,) = [envelope for envelope in envelopes if envelope.kind == "room_added"]
    assert sorted(added.users) == sorted([charlie.pk, erin.pk])
    assert [envelope.room for envelope in envelopes if envelope.kind == "members"] == ["harbour"]


@pytest.mark.parametrize(
    ("who", "public", "private"),
    [
        ("alice", True, True),
        ("mona", True, True),
        ("bob", True, False),
        ("rita", False, False),
        ("charlie", False, None),
        ("gina", False, None),
    ],
)
def test_who_may_add_people(garden, harbour, alice, bob, charlie, mona, rita, gina, erin, who, public, private):
    by = locals()[who]
    for room, expected in ((garden, public), (harbour, private)):
        if expected:
            members.add(room=room.slug, by=by, people=[erin.pk])
        else:
            # Charlie does not see the harbour at all.
            with pytest.raises(NotFound if expected is None else Forbidden):
                members.add(room=room.slug, by=by, people=[erin.pk])
        assert (role_of(erin, room) == "member") is bool(expected)


def test_those_who_are_members_keep_their_role_and_their_place(harbour, alice, rita):
    before = Membership.objects.values().get(room=harbour, user=rita)
    members.add(room="harbour", by=alice, people=[rita.pk])
    assert Membership.objects.values().get(room=harbour, user=rita) == before


def test_only_a_moderator_brings_back_a_person_who_was_removed(garden, alice, bob, charlie):
    rooms.remove(room=garden, user=charlie)
    with pytest.raises(Forbidden, match="charlie was removed"):
        members.add(room="garden", by=bob, people=[charlie.pk])
    assert role_of(charlie, garden) is None
    members.add(room="garden", by=alice, people=[charlie.pk])
    assert role_of(charlie, garden) == "member"
    assert not Restriction.objects.exists()


@pytest.mark.parametrize("broken", ["unknown", "inactive", "too many"])
def test_all_are_added_or_none(harbour, alice, charlie, erin, broken):
    ids = [charlie.pk, 10**9] if broken == "unknown" else [charlie.pk, erin.pk]
    if broken == "inactive":
        erin.is_active = False
        erin.save()
    if broken == "too many":
        ids = [*ids, *range(10**6, 10**6 + members.MAX_ADDED)]
    with pytest.raises(Invalid) as caught:
        members.add(room="harbour", by=alice, people=ids)
    assert caught.value.field == "people"
    assert role_of(charlie, harbour) is None


def test_nobody_is_added_to_an_archived_room(garden, alice, erin):
    rooms.archive(room=garden)
    with pytest.raises(Archived):
        members.add(room="garden", by=alice, people=[erin.pk])


def test_adding_many_takes_no_more_queries_than_adding_one(harbour, alice):
    crowd = [person(f"sailor-{number}").pk for number in range(40)]
    one = count_queries(members.add, room="harbour", by=alice, people=crowd[:1])
    assert count_queries(members.add, room="harbour", by=alice, people=crowd[1:]) <= one


# --- Removing


@pytest.mark.parametrize(
    ("who", "may_remove"),
    [
        ("alice", {"bob", "mona", "rita", "otto"}),
        ("mona", {"bob", "rita"}),
        ("bob", set()),
        ("rita", set()),
        ("charlie", set()),
    ],
)
def test_who_may_remove_whom(garden, alice, bob, charlie, mona, rita, who, may_remove):
    otto = person("otto")
    rooms.join(room=garden, user=otto, role="owner")
    by = locals()[who]
    for user in (bob, mona, rita, otto):
        if user.handle in may_remove:
            members.remove(room="garden", by=by, person=user.pk)
            assert role_of(user, garden) is None
            rooms.join(room=garden, user=user, role="member")
        elif user != by:
            with pytest.raises(Forbidden):
                members.remove(room="garden", by=by, person=user.pk)
            assert role_of(user, garden)


def test_a_removed_person_cannot_return_and_everyone_is_told(garden, alice, bob, capture_published):
    with capture_published() as envelopes:
        members.remove(room="garden", by=alice, person=bob.pk)
    assert [envelope.kind for envelope in envelopes] == ["room_removed", "members", "rules"]
    with pytest.raises(NotFound):
        rooms.join_public(room="garden", user=bob)


def test_nobody_removes_themselves_or_a_stranger(garden, alice, charlie):
    with pytest.raises(Forbidden):
        members.remove(room="garden", by=alice, person=alice.pk)
    with pytest.raises(NotFound) as caught:
        members.remove(room="garden", by=alice, person=charlie.pk)
    assert caught.value.field == "person"


# --- Roles


@pytest.mark.parametrize(
    ("who", "whom", "given"),
    [
        ("alice", "bob", {"owner", "moderator", "member", "reader"}),
        ("alice", "mona", {"owner", "moderator", "member", "reader"}),
        ("mona", "bob", {"member", "reader"}),
        ("mona", "rita", {"member", "reader"}),
        ("mona", "alice", set()),
        ("bob", "rita", set()),
        ("rita", "rita", set()),
        ("charlie", "bob", set()),
    ],
)
def test_who_may_give_which_role(garden, alice, bob, charlie, mona, rita, who, whom, given):
    by, user = locals()[who], locals()[whom]
    before = role_of(user, garden)
    for role in ("owner", "moderator", "member", "reader"):
        if role in given:
            members.set_role(room="garden", by=by, person=user.pk, role=role)
            assert role_of(user, garden) == role
        else:
            with pytest.raises(Forbidden):
                members.set_role(room="garden", by=by, person=user.pk, role=role)
            assert role_of(user, garden) == before
        Membership.objects.filter(room=garden, user=user).update(role=before)


def test_a_role_takes_a_version_unless_it_is_the_same(garden, alice, bob):
    before = head(garden)
    members.set_role(room="garden", by=alice, person=bob.pk, role="reader")
    members.set_role(room="garden", by=alice, person=bob.pk, role="reader")
    assert head(garden) == before + 1


def test_the_last_owner_stays_owner_until_there_is_another(garden, alice, bob):
    with pytest.raises(Forbidden, match="only owner"):
        members.set_role(room="garden", by=alice, person=alice.pk, role="member")
    members.set_role(room="garden", by=alice, person=bob.pk, role="owner")
    members.set_role(room="garden", by=alice, person=alice.pk, role="member")
    assert (role_of(alice, garden), role_of(bob, garden)) == ("member", "owner")


def test_an_unknown_role_and_an_archived_room_are_refused(garden, alice, bob):
    with pytest.raises(Invalid) as caught:
        members.set_role(room="garden", by=alice, person=bob.pk, role="king")
    assert caught.value.field == "role"
    rooms.archive(room=garden)
    with pytest.raises(Archived):
        members.set_role(room="garden", by=alice, person=bob.pk, role="reader")


# --- Leaving and notifications


def test_bob_leaves_and_a_stranger_who_leaves_changes_nothing(garden, bob, charlie, gina, capture_published):
    with capture_published() as envelopes:
        for who in (bob, bob, charlie, gina):
            members.leave(room="garden", user=who)
    assert role_of(bob, garden) is None
    assert [envelope.kind for envelope in envelopes] == ["room_removed", "members"]


def test_a_private_room_that_was_left_is_not_found(harbour, bob):
    members.leave(room="harbour", user=bob)
    with pytest.raises(NotFound):
        members.leave(room="harbour", user=bob)


def test_a_direct_conversation_cannot_be_left(harbour, alice, bob):
    room = direct_rooms.find_or_make(people=[alice.pk], by=bob)
    with pytest.raises(Forbidden):
        members.leave(room=room.slug, user=bob)


def test_bobs_choice_of_notifications_reaches_his_other_devices_only(harbour, bob, capture_published):
    with capture_published() as envelopes:
        members.set_notify(room="harbour", user=bob, level="none")
    assert Membership.objects.get(room=harbour, user=bob).notify == "none"
    assert [envelope.users for envelope in envelopes] == [(bob.pk,)]


def test_a_stranger_and_a_wrong_level_are_refused(garden, harbour, bob, charlie):
    with pytest.raises(Invalid) as caught:
        members.set_notify(room="harbour", user=bob, level="loud")
    assert caught.value.field == "level"
    with pytest.raises(Forbidden):
        members.set_notify(room="garden", user=charlie, level="all")
    with pytest.raises(NotFound):
        members.set_notify(room="harbour", user=charlie, level="all")
