"""Read marks and unread counts, which are exact up to a thousand."""

import pytest

from chat.domain import messages, reading, room_lists, rooms, timeline
from chat.domain.errors import Forbidden, NotFound
from chat.models import Membership
from chat.tests.talk import fill, frames, head, post_message

pytestmark = pytest.mark.django_db


def counts(user, room):
    """(unread, mentions), which must be equal in all three places that return them."""
    (listed,) = [state for state in timeline.rooms_of(user) if state.slug == room.slug]
    opened = timeline.open_room(user, room.slug).state
    ((_, unread, mentions, *_),) = room_lists.unread_counts(room.pk, [user.pk])
    assert (listed.unread, listed.mentions) == (opened.unread, opened.mentions) == (unread, mentions)
    return unread, mentions


def read_seq(user, room):
    return Membership.objects.get(room=room, user=user).read_seq


# --- Reading


def test_reading_is_published_to_all_connections_of_bob(harbour, alice, bob, capture_published):
    for _ in range(3):
        post_message(harbour, alice, "Ahoy @bob")
    assert counts(bob, harbour) == (3, 3)
    with capture_published() as envelopes:
        reading.read(room="harbour", user=bob, upto=2)
    assert frames(envelopes) == [
        {"type": "read", "room": "harbour", "upto": 2, "unread_marks": 0, "unread": 1, "mentions": 1}
    ]
    assert envelopes[0].users == (bob.pk,)
    assert (envelopes[0].room, envelopes[0].version) == ("", 0)
    assert counts(bob, harbour) == (1, 1)
    assert timeline.open_room(bob, "harbour").state.read == 2


def test_a_lower_read_mark_changes_nothing(harbour, alice, bob, capture_published):
    for _ in range(3):
        post_message(harbour, alice)
    reading.read(room="harbour", user=bob, upto=2)
    with capture_published() as envelopes:
        reading.read(room="harbour", user=bob, upto=1)
        reading.read(room="harbour", user=bob, upto=2)
        reading.read(room="harbour", user=bob, upto=0)
    assert (read_seq(bob, harbour), envelopes) == (2, [])


def test_a_read_mark_is_not_above_the_head(harbour, alice, bob):
    post_message(harbour, alice)
    reading.read(room="harbour", user=bob, upto=2**63 - 1)
    assert read_seq(bob, harbour) == 1
    post_message(harbour, alice)
    assert counts(bob, harbour) == (1, 0)


def test_charlie_cannot_mark_a_private_room_as_read(harbour, charlie):
    with pytest.raises(NotFound):
        reading.read(room="harbour", user=charlie, upto=1)


def test_reading_without_a_membership_does_nothing(garden, alice, charlie, gina, capture_published):
    post_message(garden, alice)
    with capture_published() as envelopes:
        for person in (charlie, gina):
            reading.read(room="garden", user=person, upto=1)
            state = timeline.open_room(person, "garden").state
            assert (state.role, state.read, state.unread, state.mentions) == (None, 0, 0, 0)
    assert envelopes == []


def test_messages_of_an_archived_room_can_be_marked_as_read(harbour, alice, bob):
    post_message(harbour, alice)
    rooms.archive(room=harbour)
    reading.read(room="harbour", user=bob, upto=2)
    assert counts(bob, harbour) == (0, 0)


# --- Marking as unread


def test_bob_marks_a_message_and_all_later_ones_as_unread(harbour, alice, bob, capture_published):
    posted = [post_message(harbour, alice, "Ahoy @bob") for _ in range(4)]
    reading.read(room="harbour", user=bob, upto=4)
    with capture_published() as envelopes:
        reading.mark_unread(message=posted[2].pk, user=bob)
    event = {"type": "read", "room": "harbour", "upto": 2, "unread_marks": 1, "unread": 2, "mentions": 2}
    assert frames(envelopes) == [event]
    assert envelopes[0].users == (bob.pk,)
    assert counts(bob, harbour) == (2, 2)
    state = timeline.open_room(bob, "harbour").state
    assert (state.read, state.unread_marks) == (2, 1)


def test_marking_an_unread_message_marks_those_before_it_as_read(harbour, alice, bob):
    posted = [post_message(harbour, alice) for _ in range(4)]
    reading.mark_unread(message=posted[3].pk, user=bob)
    assert (read_seq(bob, harbour), counts(bob, harbour)) == (3, (1, 0))


def test_a_device_that_does_not_know_of_the_mark_does_not_undo_it(harbour, alice, bob):
    posted = [post_message(harbour, alice) for _ in range(4)]
    reading.read(room="harbour", user=bob, upto=3, unread_marks=0)
    reading.mark_unread(message=posted[0].pk, user=bob)
    reading.read(room="harbour", user=bob, upto=4, unread_marks=0)
    assert read_seq(bob, harbour) == 0
    reading.read(room="harbour", user=bob, upto=4, unread_marks=1)
    assert read_seq(bob, harbour) == 4


def test_charlie_and_guests_cannot_mark_messages_as_unread(harbour, garden, alice, charlie, gina):
    private, public = post_message(harbour, alice), post_message(garden, alice)
    with pytest.raises(NotFound) as caught:
        reading.mark_unread(message=private.pk, user=charlie)
    assert caught.value.field == "message"
    for person in (charlie, gina):
        with pytest.raises(Forbidden):
            reading.mark_unread(message=public.pk, user=person)
    with pytest.raises(NotFound):
        reading.mark_unread(message=public.pk + 1, user=alice)


def test_messages_of_an_archived_room_can_be_marked_as_unread(harbour, alice, bob):
    message = post_message(harbour, alice)
    reading.read(room="harbour", user=bob, upto=1)
    rooms.archive(room=harbour)
    reading.mark_unread(message=message.pk, user=bob)
    assert counts(bob, harbour) == (1, 0)


# --- Counting


def test_own_messages_are_not_unread(garden, alice, bob, gina):
    post_message(garden, alice)
    post_message(garden, bob)
    post_message(garden, gina, "@alice")
    assert counts(alice, garden) == (2, 1)


def test_counts_are_exact_after_edits_and_deletions(harbour, alice, bob):
    first, second = post_message(harbour, alice, "Ahoy @bob"), post_message(harbour, alice, "Aye")
    assert counts(bob, harbour) == (2, 1)
    messages.edit(message=second.pk, by=alice, body="Aye @bob")
    assert counts(bob, harbour) == (2, 2)
    messages.edit(message=first.pk, by=alice, body="Ahoy")
    assert counts(bob, harbour) == (2, 1)
    messages.delete(message=second.pk, by=alice)
    assert counts(bob, harbour) == (1, 0)
    messages.delete(message=first.pk, by=alice)
    assert counts(bob, harbour) == (0, 0)


def test_an_edit_does_not_make_a_message_unread_again(harbour, alice, bob):
    message = post_message(harbour, alice)
    reading.read(room="harbour", user=bob, upto=message.seq)
    messages.edit(message=message.pk, by=alice, body="Ahoy @bob")
    messages.react(message=message.pk, by=alice, emoji="👋", on=True)
    assert counts(bob, harbour) == (0, 0)
    # `upto` is a seq: the next message's is higher than the versions of the edits.
    assert post_message(harbour, alice).seq == 4
    assert counts(bob, harbour) == (1, 0)


def test_changes_of_the_room_do_not_count_as_unread(harbour, bob):
    rooms.change(room=harbour, topic="Mind the tide")
    assert counts(bob, harbour) == (0, 0)
    assert head(harbour) == 1


def test_a_new_member_has_no_unread_messages(garden, alice, charlie):
    post_message(garden, alice)
    rooms.join(room=garden, user=charlie)
    assert counts(charlie, garden) == (0, 0)
    post_message(garden, alice)
    assert counts(charlie, garden) == (1, 0)


def test_unread_messages_are_counted_for_each_person(harbour, alice, bob, charlie):
    rooms.join(room=harbour, user=charlie)
    post_message(harbour, alice)
    post_message(harbour, bob, "@charlie @alice")
    reading.read(room="harbour", user=bob, upto=1)
    everyone = [user.pk for user in (alice, bob, charlie)]
    assert sorted(row[:3] for row in room_lists.unread_counts(harbour.pk, everyone)) == sorted(
        [(alice.pk, 1, 1), (bob.pk, 0, 0), (charlie.pk, 2, 1)]
    )


def test_former_members_have_no_counts(harbour, alice, bob):
    post_message(harbour, alice)
    rooms.leave(room=harbour, user=bob)
    assert room_lists.unread_counts(harbour.pk, [bob.pk]) == []


def test_unread_messages_are_counted_up_to_a_thousand(harbour, alice, bob):
    fill(harbour, alice, 1003)
    assert counts(bob, harbour) == (1000, 0)
    reading.read(room="harbour", user=bob, upto=4)
    assert counts(bob, harbour) == (999, 0)
