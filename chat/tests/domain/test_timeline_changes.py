"""What a hub fetches to close a hole."""

import pytest

from chat.domain import log, messages, rooms, timeline
from chat.tests.domain.test_timeline import fill, fill_large
from chat.tests.talk import say

pytestmark = pytest.mark.django_db


def test_a_hole_is_closed_with_what_changed(harbour, alice):
    first, second = say(harbour, alice, "one"), say(harbour, alice, "two")
    messages.edit(message=first.pk, by=alice, body="1")
    changes = timeline.changes(harbour.pk, after=1)
    assert (changes.room, changes.after, changes.upto, changes.state) == ("harbour", 1, 3, None)
    assert [(m.id, m.version, m.text) for m in changes.messages] == [(second.pk, 2, "two"), (first.pk, 3, "1")]


def test_there_is_no_hole_at_the_head(harbour, alice):
    say(harbour, alice)
    assert timeline.changes(harbour.pk, after=1) is None
    assert timeline.changes(harbour.pk, after=2) is None


def test_the_room_itself_comes_when_it_changed(harbour, alice):
    say(harbour, alice)
    rooms.change(room=harbour, name="Haven")
    say(harbour, alice)
    changes = timeline.changes(harbour.pk, after=0)
    assert (changes.state.name, changes.state.changed_version) == ("Haven", 2)
    assert timeline.changes(harbour.pk, after=1).state is not None
    assert timeline.changes(harbour.pk, after=2).state is None


def test_a_hole_with_nothing_left_of_it_still_moves_on(harbour, alice):
    message = say(harbour, alice)
    messages.edit(message=message.pk, by=alice, body="Aye")
    rooms.change(room=harbour, name="Haven")
    changes = timeline.changes(harbour.pk, after=2)
    assert (changes.messages, changes.upto) == ([], 3)


def test_a_large_hole_is_closed_in_pieces(harbour, alice):
    fill(harbour, alice, 2 * log.FILL_LIMIT + 5)
    after, sizes, versions = 0, [], []
    while changes := timeline.changes(harbour.pk, after):
        assert changes.after == after
        after = changes.upto
        sizes.append(len(changes.messages))
        versions += [message.version for message in changes.messages]
    assert sizes == [log.FILL_LIMIT, log.FILL_LIMIT, 5]
    assert versions == list(range(1, 2 * log.FILL_LIMIT + 6))


def test_the_first_piece_tells_of_a_room_that_changed_later(harbour, alice):
    # Or those who may no longer see the room would be handed pieces until then.
    fill(harbour, alice, log.FILL_LIMIT + 5)
    rooms.change(room=harbour, name="Haven")
    changes = timeline.changes(harbour.pk, after=0)
    assert changes.upto == log.FILL_LIMIT
    assert changes.state.changed_version == log.FILL_LIMIT + 6


def test_a_hole_of_the_largest_messages_is_closed_in_pieces_of_bounded_size(harbour, alice):
    fill_large(harbour, alice, 12)
    after, versions = 0, []
    while changes := timeline.changes(harbour.pk, after):
        assert len(changes.encode().encode()) < 2 * log.FILL_BYTES
        after = changes.upto
        versions += [message.version for message in changes.messages]
    assert versions == list(range(1, 13))
