"""Creating, changing, archiving, joining and leaving rooms."""

import pytest

from chat.domain import rooms
from chat.domain.errors import Forbidden, Invalid, NotFound
from chat.models import Membership, Room, RoomHead
from chat.tests.talk import frames, head, post_message

pytestmark = pytest.mark.django_db


def role_of(user, room):
    return Membership.objects.filter(room=room, user=user).values_list("role", flat=True).first()


# --- Creating


def test_alice_owns_the_room_that_she_creates(alice):
    room = rooms.create(slug="pier-2", name="Pier", topic="Ropes", by=alice, slow_mode_s=5)
    assert role_of(alice, room) == "owner"
    stored = Room.objects.get(slug="pier-2")
    assert (stored.name, stored.topic, stored.kind, stored.guests, stored.slow_mode_s) == (
        ("Pier", "Ropes", "public", "none", 5)
    )


def test_a_new_room_has_version_0_and_no_members(db):
    room = rooms.create(slug="pier", name="Pier")
    assert head(room) == 0
    assert not room.memberships.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", ""),
        ("slug", "Pier"),
        ("slug", "a b"),
        ("slug", "-a"),
        ("slug", "a--b"),
        ("slug", "pier\n"),
        ("slug", "x" * 65),
        ("slug", "lobby"),
        ("name", ""),
        ("name", "x" * 81),
        ("topic", "x" * 251),
        ("kind", "secret"),
        ("guests", "maybe"),
        ("slow_mode_s", -1),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_field(lobby, field, value):
    with pytest.raises(Invalid) as caught:
        rooms.create(**{"slug": "pier", "name": "Pier"} | {field: value})
    assert caught.value.field == field
    assert Room.objects.count() == RoomHead.objects.count() == 1


def test_only_public_rooms_are_open_to_guests(db):
    with pytest.raises(Invalid) as caught:
        rooms.create(slug="pier", name="Pier", kind="private", guests="read")
    assert caught.value.field == "guests"
    assert rooms.create(slug="pier", name="Pier", kind="private").guests == "none"


# --- Changing


def test_a_change_takes_one_version_and_publishes_one_event(harbour, alice, capture_published):
    post_message(harbour, alice)
    with capture_published() as envelopes:
        changed = rooms.change(room=harbour, name="Old Harbour", topic="Mind the tide")
    assert (changed.name, changed.changed_version, head(harbour)) == ("Old Harbour", 2, 2)
    (event,) = frames(envelopes)
    assert (event["type"], event["room"], event["version"]) == ("room", "harbour", 2)
    assert event["state"]["name"] == "Old Harbour"
    assert event["state"]["topic"] == "Mind the tide"
    assert event["state"]["changed_version"] == 2
    assert (envelopes[0].room, envelopes[0].version, envelopes[0].users) == ("harbour", 2, ())


def test_a_change_without_effect_takes_no_version(harbour, capture_published):
    with capture_published() as envelopes:
        rooms.change(room=harbour, name="Harbour", kind="private")
    assert head(harbour) == 0
    assert envelopes == []


def test_the_slug_never_changes(harbour):
    with pytest.raises(Invalid) as caught:
        rooms.change(room=harbour, slug="haven")
    assert caught.value.field == "slug"
    assert Room.objects.filter(slug="harbour").exists()


def test_a_wrong_change_is_refused_and_takes_no_version(harbour):
    for field, value in {"name": "", "kind": "secret", "slow_mode_s": -3}.items():
        with pytest.raises(Invalid) as caught:
            rooms.change(room=harbour, **{field: value})
        assert caught.value.field == field
    assert head(harbour) == 0


def test_a_room_that_becomes_private_is_closed_to_guests(garden):
    changed = rooms.change(room=garden, kind="private")
    assert (changed.kind, changed.guests) == ("private", "none")
    assert Room.objects.get(pk=garden.pk).guests == "none"


def test_a_change_of_an_old_instance_keeps_newer_values(harbour):
    old = Room.objects.get(pk=harbour.pk)
    rooms.change(room=harbour, topic="Mind the tide")
    rooms.change(room=old, name="Haven")
    stored = Room.objects.get(pk=harbour.pk)
    assert (stored.name, stored.topic, stored.changed_version) == ("Haven", "Mind the tide", 2)


def test_archiving_and_restoring_take_versions(harbour, capture_published):
    with capture_published() as envelopes:
        archived = rooms.archive(room=harbour)
        rooms.archive(room=archived)
        restored = rooms.restore(room=archived)
        rooms.restore(room=restored)
    assert archived.archived_at is not None
    assert restored.archived_at is None
    assert [(event["version"], event["state"]["archived"]) for event in frames(envelopes)] == [(1, True), (2, False)]


def test_saving_a_room_does_not_change_its_head(harbour, alice):
    old = Room.objects.get(pk=harbour.pk)
    for _ in range(3):
        post_message(harbour, alice)
    old.name = "Haven"
    old.save()
    assert head(harbour) == 3


# --- Joining and leaving


def test_charlie_joins_a_public_room(garden, charlie, capture_published):
    post_message(garden, garden.members.first())
    with capture_published() as envelopes:
        membership = rooms.join_public(room="garden", user=charlie)
    assert membership.role == "member"
    (event,) = frames(envelopes)
    assert (event["type"], event["room"]) == ("room_added", "garden")
    expected = {"role": "member", "version": 1, "read": 1, "unread_marks": 0, "unread": 0, "mentions": 0}
    assert {key: event["state"][key] for key in expected} == expected
    assert envelopes[0].users == (charlie.pk,)


def test_charlie_cannot_join_a_private_room(harbour, charlie):
    with pytest.raises(NotFound):
        rooms.join_public(room="harbour", user=charlie)
    assert role_of(charlie, harbour) is None


def test_joining_again_changes_nothing(harbour, alice, capture_published):
    with capture_published() as envelopes:
        rooms.join_public(room="harbour", user=alice)
        rooms.join(room=harbour, user=alice, role="reader")
    assert role_of(alice, harbour) == "owner"
    assert envelopes == []


def test_joinable_rooms_are_public_and_not_joined_yet(harbour, garden, lobby, charlie):
    assert set(rooms.joinable(charlie)) == {garden, lobby}
    rooms.join(room=garden, user=charlie)
    rooms.archive(room=lobby)
    assert set(rooms.joinable(charlie)) == set()


def test_leaving_tells_bob_and_those_who_watch_the_room_once(harbour, bob, capture_published):
    with capture_published() as envelopes:
        rooms.leave(room=harbour, user=bob)
        rooms.leave(room=harbour, user=bob)
    assert role_of(bob, harbour) is None
    assert [(envelope.kind, envelope.users, envelope.version) for envelope in envelopes] == [
        ("room_removed", (bob.pk,), 0),
        ("members", (), 0),
        ("rules", (), 1),
    ]


def test_leaving_a_public_room_takes_no_version(garden, bob, capture_published):
    with capture_published() as envelopes:
        rooms.leave(room=garden, user=bob)
    assert [envelope.kind for envelope in envelopes] == ["room_removed", "members"]
    assert head(garden) == 0


def test_a_reader_who_leaves_and_joins_again_is_a_reader(garden, bob):
    rooms.set_role(room=garden, user=bob, role="reader")
    for _ in range(2):
        rooms.leave(room=garden, user=bob)
        assert role_of(bob, garden) is None
        with pytest.raises(Forbidden):
            post_message(garden, bob)
        assert rooms.join_public(room="garden", user=bob).role == "reader"
    assert not garden.restrictions.exists()


def test_a_removed_person_cannot_see_the_room_until_the_restriction_ends(garden, bob, charlie, capture_published):
    with capture_published() as envelopes:
        for person in (bob, charlie):
            rooms.remove(room=garden, user=person)
    assert [envelope.kind for envelope in envelopes] == ["room_removed", "members", "rules"] * 2
    for person in (bob, charlie):
        with pytest.raises(NotFound):
            rooms.join_public(room="garden", user=person)
        with pytest.raises(Forbidden):
            rooms.join(room=garden, user=person)
        assert garden not in rooms.joinable(person)
    rooms.lift(restriction=garden.restrictions.get(user=bob))
    assert rooms.join_public(room="garden", user=bob).role == "member"
    # A role that is given explicitly ends the restriction.
    assert rooms.join(room=garden, user=charlie, role="member").role == "member"
    assert not garden.restrictions.exists()


def test_a_new_role_is_published_to_bobs_pages(harbour, alice, bob, capture_published):
    post_message(harbour, alice, "Ahoy @bob")
    with capture_published() as envelopes:
        rooms.set_role(room=harbour, user=bob, role="moderator")
    assert role_of(bob, harbour) == "moderator"
    told = next(envelope for envelope in envelopes if envelope.kind == "room_added")
    (event,) = frames([told])
    assert (event["state"]["role"], event["state"]["unread"]) == ("moderator", 1)
    assert told.users == (bob.pk,)


def test_an_unknown_role_and_a_role_for_a_stranger_are_refused(harbour, bob, charlie):
    with pytest.raises(Invalid) as caught:
        rooms.set_role(room=harbour, user=bob, role="king")
    assert caught.value.field == "role"
    with pytest.raises(NotFound):
        rooms.set_role(room=harbour, user=charlie, role="member")
    assert role_of(bob, harbour) == "member"
