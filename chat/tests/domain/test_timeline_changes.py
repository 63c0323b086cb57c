"""The changes that a hub reads to close a gap."""

import pytest

from chat.domain import message_log, messages, missed_changes, rooms
from chat.tests.domain.test_query_counts import count_queries
from chat.tests.talk import fill, fill_large, post_message

pytestmark = pytest.mark.django_db


def test_changes_have_the_changed_messages(harbour, alice):
    first, second = post_message(harbour, alice, "one"), post_message(harbour, alice, "two")
    messages.edit(message=first.pk, by=alice, body="1")
    changes = missed_changes.changes_after(harbour.pk, after=1)
    assert (changes.room, changes.after, changes.upto, changes.state) == ("harbour", 1, 3, None)
    assert [(m.id, m.version, m.text) for m in changes.messages] == [(second.pk, 2, "two"), (first.pk, 3, "1")]


def test_there_are_no_changes_after_the_head(harbour, alice):
    post_message(harbour, alice)
    assert missed_changes.changes_after(harbour.pk, after=1) is None
    assert missed_changes.changes_after(harbour.pk, after=2) is None


def test_changes_have_the_state_of_a_changed_room(harbour, alice):
    post_message(harbour, alice)
    rooms.change(room=harbour, name="Haven")
    post_message(harbour, alice)
    changes = missed_changes.changes_after(harbour.pk, after=0)
    assert (changes.state.name, changes.state.changed_version) == ("Haven", 2)
    assert missed_changes.changes_after(harbour.pk, after=1).state is not None
    assert missed_changes.changes_after(harbour.pk, after=2).state is None


def test_changes_without_messages_still_advance(harbour, alice):
    message = post_message(harbour, alice)
    messages.edit(message=message.pk, by=alice, body="Aye")
    rooms.change(room=harbour, name="Haven")
    changes = missed_changes.changes_after(harbour.pk, after=2)
    assert (changes.messages, changes.upto) == ([], 3)


def test_a_large_gap_is_closed_in_pieces(harbour, alice):
    fill(harbour, alice, 2 * message_log.DELTA_LIMIT + 5)
    after, sizes, versions = 0, [], []
    while changes := missed_changes.changes_after(harbour.pk, after):
        assert changes.after == after
        after = changes.upto
        sizes.append(len(changes.messages))
        versions += [message.version for message in changes.messages]
    assert sizes == [message_log.DELTA_LIMIT, message_log.DELTA_LIMIT, 5]
    assert versions == list(range(1, 2 * message_log.DELTA_LIMIT + 6))


@pytest.mark.parametrize("number", [message_log.CHUNK - 1, message_log.CHUNK, message_log.DELTA_LIMIT])
def test_a_gap_of_whole_chunks_is_closed_at_once(harbour, alice, number):
    fill(harbour, alice, number)
    changes = missed_changes.changes_after(harbour.pk, 0)
    assert [message.version for message in changes.messages] == list(range(1, number + 1))
    assert changes.upto == number


def test_only_one_chunk_of_the_largest_messages_is_read(harbour, alice):
    fill_large(harbour, alice, 2 * message_log.CHUNK)
    assert count_queries(missed_changes.changes_after, harbour.pk, 0) == 3


def test_the_first_piece_has_the_state_of_a_room_that_changed_later(harbour, alice):
    # Otherwise people who may no longer see the room would receive the pieces before.
    fill(harbour, alice, message_log.DELTA_LIMIT + 5)
    rooms.change(room=harbour, name="Haven")
    changes = missed_changes.changes_after(harbour.pk, after=0)
    assert changes.upto == message_log.DELTA_LIMIT
    assert changes.state.changed_version == message_log.DELTA_LIMIT + 6


def test_a_gap_of_the_largest_messages_is_closed_in_pieces_of_bounded_size(harbour, alice):
    fill_large(harbour, alice, 12)
    after, versions = 0, []
    while changes := missed_changes.changes_after(harbour.pk, after):
        assert len(changes.encode().encode()) < 2 * message_log.DELTA_BYTES
        after = changes.upto
        versions += [message.version for message in changes.messages]
    assert versions == list(range(1, 13))
