"""Receipts: the author of a message sees who has read it, in small rooms, unless somebody does not want that."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.domain import direct_rooms, messages, profiles, reading, receipts, rooms, sites
from chat.domain.errors import NotFound
from chat.models import Profile
from chat.tests.cast import person
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db


def read(room, user, message):
    reading.read(room=room.slug, user=user, upto=message.seq)


def seen(message, author) -> tuple[bool, list[str], int]:
    """(shown, names of the readers, how many have not read it)."""
    found = receipts.receipts_of(message.pk, author)
    return found.shown, [reader.name for reader in found.readers], found.waiting


@pytest.fixture
def hers(harbour, alice):
    """Alice's message in the harbour."""
    return post_message(harbour, alice)


def hide_reading(user) -> None:
    profiles.change(user=user, shows_reading=False)


def test_alice_sees_who_has_read_her_message(harbour, hers, alice, bob, charlie):
    rooms.join(room=harbour, user=charlie, role="member")
    mine = post_message(harbour, alice, "Who is there?")
    assert seen(mine, alice) == (True, [], 2)
    read(harbour, bob, mine)
    assert seen(mine, alice) == (True, ["bob"], 1)
    read(harbour, charlie, mine)
    assert seen(mine, alice) == (True, ["bob", "charlie"], 0)


def test_who_has_read_only_earlier_messages_has_not_read_it(harbour, hers, alice, bob):
    later = post_message(harbour, alice, "And now?")
    read(harbour, bob, hers)
    assert seen(hers, alice) == (True, ["bob"], 0)
    assert seen(later, alice) == (True, [], 1)


def test_who_came_later_is_no_reader(harbour, hers, alice, charlie):
    """All messages before a person joined count as read."""
    rooms.join(room=harbour, user=charlie, role="member")
    assert seen(hers, alice) == (True, [], 1)


def test_nobody_sees_the_receipts_of_somebody_else(harbour, hers, alice, bob, charlie, gina):
    read(harbour, bob, hers)
    for user in (bob, charlie, gina):
        with pytest.raises(NotFound):
            receipts.receipts_of(hers.pk, user)
    messages.delete(message=hers.pk, by=alice)
    with pytest.raises(NotFound):
        receipts.receipts_of(hers.pk, alice)


def test_who_does_not_show_what_they_read_is_not_shown_and_sees_nothing(harbour, hers, alice, bob, capture_published):
    hide_reading(bob)
    with capture_published() as envelopes:
        read(harbour, bob, hers)
    assert "readers" not in {envelope.kind for envelope in envelopes}
    assert seen(hers, alice) == (True, [], 0)
    his = post_message(harbour, bob)
    read(harbour, alice, his)
    assert seen(his, bob) == (False, [], 0)


def test_a_reader_is_hinted_at_to_the_room_without_a_name(harbour, hers, bob, capture_published):
    with capture_published() as envelopes:
        read(harbour, bob, hers)
        read(harbour, bob, hers)
    (hint,) = [envelope for envelope in envelopes if envelope.kind == "readers"]
    assert (hint.text, hint.room, hint.version, hint.users) == (
        '{"type":"readers","room":"harbour"}',
        "harbour",
        0,
        (),
    )


def test_a_reply_that_only_its_thread_shows_has_no_receipts(harbour, hers, alice, bob):
    reply = post_message(harbour, alice, thread=hers.pk)
    read(harbour, bob, reply)
    assert seen(reply, alice) == (False, [], 0)


def test_a_site_without_receipts_shows_none(harbour, hers, alice, bob, capture_published):
    sites.show_read_receipts(on=False)
    with capture_published() as envelopes:
        read(harbour, bob, hers)
    assert "readers" not in {envelope.kind for envelope in envelopes}
    assert seen(hers, alice) == (False, [], 0)


def test_large_rooms_have_no_receipts(harbour, alice, bob, monkeypatch):
    for number in range(receipts.MAX_MEMBERS - 2):
        rooms.join(room=harbour, user=person(f"sailor-{number}"), role="member")
    message = post_message(harbour, alice)
    read(harbour, bob, message)
    assert seen(message, alice) == (True, ["bob"], receipts.MAX_MEMBERS - 2)
    rooms.join(room=harbour, user=person("one-more"), role="member")
    assert seen(message, alice) == (False, [], 0)


def test_a_direct_room_has_receipts(set_up_site, alice, bob):
    room = direct_rooms.find_or_make(people=[bob.pk], by=alice)
    message = post_message(room, alice)
    read(room, bob, message)
    assert seen(message, alice) == (True, ["bob"], 0)


def test_the_number_of_queries_does_not_grow_with_the_members(harbour, hers, alice):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            receipts.receipts_of(hers.pk, alice)
        return len(captured)

    few = count()
    for number in range(10):
        sailor = person(f"sailor-{number}")
        Profile.objects.get_or_create(user=sailor)
        rooms.join(room=harbour, user=sailor, role="member")
    assert count() == few <= 4
