"""How far people have read, and counts of what they have not: exact up to a thousand."""

import pytest

from chat.domain import lists, messages, reading, rooms, timeline
from chat.domain.errors import NotFound
from chat.models import Membership
from chat.tests.domain.test_timeline import fill
from chat.tests.talk import frames, head, say

pytestmark = pytest.mark.django_db


def counts(user, room):
    """(unread, mentions), which must be the same in each of the three places that give them."""
    (listed,) = [state for state in timeline.rooms_of(user) if state.slug == room.slug]
    opened = timeline.open_room(user, room.slug).state
    ((_, unread, mentions),) = lists.unread_counts(room.pk, [user.pk])
    assert (listed.unread, listed.mentions) == (opened.unread, opened.mentions) == (unread, mentions)
    return unread, mentions


def read_seq(user, room):
    return Membership.objects.get(room=room, user=user).read_seq


# --- Reading


def test_bob_reads_and_all_his_devices_hear_of_it(harbour, alice, bob, heard):
    for _ in range(3):
        say(harbour, alice, "Ahoy @bob")
    assert counts(bob, harbour) == (3, 3)
    with heard() as envelopes:
        reading.read(room="harbour", user=bob, upto=2)
    assert frames(envelopes) == [{"type": "read", "room": "harbour", "upto": 2, "unread": 1, "mentions": 1}]
    assert envelopes[0].users == (bob.pk,)
    assert (envelopes[0].room, envelopes[0].version) == ("", 0)
    assert counts(bob, harbour) == (1, 1)
    assert timeline.open_room(bob, "harbour").state.read == 2


def test_what_was_read_stays_read(harbour, alice, bob, heard):
    for _ in range(3):
        say(harbour, alice)
    reading.read(room="harbour", user=bob, upto=2)
    with heard() as envelopes:
        reading.read(room="harbour", user=bob, upto=1)
        reading.read(room="harbour", user=bob, upto=2)
        reading.read(room="harbour", user=bob, upto=0)
    assert (read_seq(bob, harbour), envelopes) == (2, [])


def test_nobody_reads_what_is_not_yet_said(harbour, alice, bob):
    say(harbour, alice)
    reading.read(room="harbour", user=bob, upto=2**63 - 1)
    assert read_seq(bob, harbour) == 1
    say(harbour, alice)
    assert counts(bob, harbour) == (1, 0)


def test_charlie_reads_nothing_where_he_cannot_look(harbour, charlie):
    with pytest.raises(NotFound):
        reading.read(room="harbour", user=charlie, upto=1)


def test_those_without_a_membership_have_nothing_to_note(garden, alice, charlie, gina, heard):
    say(garden, alice)
    with heard() as envelopes:
        for person in (charlie, gina):
            reading.read(room="garden", user=person, upto=1)
            state = timeline.open_room(person, "garden").state
            assert (state.role, state.read, state.unread, state.mentions) == (None, 0, 0, 0)
    assert envelopes == []


def test_an_archived_room_can_still_be_read(harbour, alice, bob):
    say(harbour, alice)
    rooms.archive(room=harbour)
    reading.read(room="harbour", user=bob, upto=2)
    assert counts(bob, harbour) == (0, 0)


# --- Counting


def test_alice_counts_what_others_said(garden, alice, bob, gina):
    say(garden, alice)
    say(garden, bob)
    say(garden, gina, "@alice")
    assert counts(alice, garden) == (2, 1)


def test_counts_are_exact_right_after_edits_and_deletes(harbour, alice, bob):
    first, second = say(harbour, alice, "Ahoy @bob"), say(harbour, alice, "Aye")
    assert counts(bob, harbour) == (2, 1)
    messages.edit(message=second.pk, by=alice, body="Aye @bob")
    assert counts(bob, harbour) == (2, 2)
    messages.edit(message=first.pk, by=alice, body="Ahoy")
    assert counts(bob, harbour) == (2, 1)
    messages.delete(message=second.pk, by=alice)
    assert counts(bob, harbour) == (1, 0)
    messages.delete(message=first.pk, by=alice)
    assert counts(bob, harbour) == (0, 0)


def test_what_was_read_is_not_unread_again_after_an_edit(harbour, alice, bob):
    message = say(harbour, alice)
    reading.read(room="harbour", user=bob, upto=message.seq)
    messages.edit(message=message.pk, by=alice, body="Ahoy @bob")
    messages.react(message=message.pk, by=alice, emoji="👋", on=True)
    assert counts(bob, harbour) == (0, 0)
    # `upto` is a place in the room: the next message lies behind the edits' versions.
    assert say(harbour, alice).seq == 4
    assert counts(bob, harbour) == (1, 0)


def test_changes_of_the_room_itself_are_nothing_to_read(harbour, bob):
    rooms.change(room=harbour, topic="Mind the tide")
    assert counts(bob, harbour) == (0, 0)
    assert head(harbour) == 1


def test_a_newcomer_has_read_all(garden, alice, charlie):
    say(garden, alice)
    rooms.join(room=garden, user=charlie)
    assert counts(charlie, garden) == (0, 0)
    say(garden, alice)
    assert counts(charlie, garden) == (1, 0)


def test_each_is_counted_by_their_own_reading(harbour, alice, bob, charlie):
    rooms.join(room=harbour, user=charlie)
    say(harbour, alice)
    say(harbour, bob, "@charlie @alice")
    reading.read(room="harbour", user=bob, upto=1)
    everyone = [user.pk for user in (alice, bob, charlie)]
    assert sorted(lists.unread_counts(harbour.pk, everyone)) == sorted(
        [(alice.pk, 1, 1), (bob.pk, 0, 0), (charlie.pk, 2, 1)]
    )


def test_who_left_is_not_counted(harbour, alice, bob):
    say(harbour, alice)
    rooms.leave(room=harbour, user=bob)
    assert lists.unread_counts(harbour.pk, [bob.pk]) == []


def test_what_nobody_will_read_is_counted_up_to_a_thousand(harbour, alice, bob):
    fill(harbour, alice, 1003)
    assert counts(bob, harbour) == (1000, 0)
    reading.read(room="harbour", user=bob, upto=4)
    assert counts(bob, harbour) == (999, 0)
