"""The lists over all rooms of a person: unread messages, and mentions."""

import pytest

from chat.domain import direct_rooms, messages, overviews, reading, rooms, saved, timeline
from chat.tests.domain.test_query_counts import count_queries
from chat.tests.talk import fill, post_message

pytestmark = pytest.mark.django_db


def unread(user):
    return overviews.unread_rooms(user, timeline.welcome(user))


# --- Unread


def test_the_list_has_the_first_unread_messages_of_each_room(harbour, garden, alice, bob):
    for number in range(1, 6):
        post_message(harbour, alice, f"**Number** {number}")
    post_message(garden, alice, "In the garden, @bob")
    reading.read(room="harbour", user=bob, upto=1)
    inside, by_the_sea = unread(bob)
    assert [line.text for line in inside.first] == ["In the garden, @bob"]
    assert (inside.state.slug, inside.state.mentions, inside.more, inside.upto) == ("garden", 1, 0, 1)
    assert [line.text for line in by_the_sea.first] == ["Number 2", "Number 3", "Number 4"]
    assert (by_the_sea.first[0].sender, by_the_sea.state.unread, by_the_sea.more) == ("alice", 4, 1)


def test_the_list_says_that_a_number_is_the_largest_that_is_counted(harbour, alice, bob, monkeypatch):
    for number in range(1, 4):
        post_message(harbour, alice, f"Number {number}")
    monkeypatch.setattr(overviews.annotations, "MAX_COUNT", 4)
    assert unread(bob)[0].is_counted
    monkeypatch.setattr(overviews.annotations, "MAX_COUNT", 3)
    assert not unread(bob)[0].is_counted


def test_read_rooms_own_messages_and_deleted_ones_are_not_in_the_list(harbour, garden, alice, bob):
    post_message(garden, alice)
    reading.read(room="garden", user=bob, upto=1)
    gone = post_message(harbour, alice, "gone")
    post_message(harbour, bob, "mine")
    post_message(harbour, alice, "hers")
    messages.delete(message=gone.pk, by=alice)
    (listed,) = unread(bob)
    assert [line.text for line in listed.first] == ["hers"]
    assert unread(alice)[0].first[0].text == "mine"


def test_the_list_takes_two_queries_however_many_rooms_there_are(harbour, alice, bob):
    def take():
        return count_queries(overviews.unread_rooms, bob, listed)

    fill(harbour, alice, 500)
    listed = timeline.welcome(bob)
    assert take() == 2
    for number in range(10):
        room = rooms.create(slug=f"room-{number}", name=str(number), by=alice)
        rooms.join(room=room, user=bob)
        post_message(room, alice)
    listed = timeline.welcome(bob)
    assert take() == 2


# --- Mentions


def test_mentions_of_all_rooms_are_listed_the_newest_first(harbour, garden, alice, bob):
    post_message(harbour, alice, "Ahoy @bob")
    post_message(garden, alice, "Tea, @bob?")
    post_message(harbour, alice, "@all hands")
    post_message(harbour, alice, "nobody")
    reading.read(room="harbour", user=bob, upto=1)
    found, more = overviews.mentions(bob, timeline.welcome(bob))
    assert [(line.slug, line.place, line.message.text, line.is_unread) for line in found] == [
        ("harbour", "in Harbour", "@all hands", True),
        ("garden", "in Garden", "Tea, @bob?", True),
        ("harbour", "in Harbour", "Ahoy @bob", False),
    ]
    assert more is None
    assert overviews.mentions(alice, timeline.welcome(alice))[0] == []


def test_mentions_in_rooms_that_bob_may_no_longer_see_are_not_listed(harbour, garden, alice, bob):
    post_message(harbour, alice, "Ahoy @bob")
    gone = post_message(garden, alice, "Never mind, @bob")
    messages.delete(message=gone.pk, by=alice)
    rooms.leave(room=harbour, user=bob)
    assert overviews.mentions(bob, timeline.welcome(bob))[0] == []


def test_mentions_of_a_public_room_that_bob_left_are_listed_as_read(garden, alice, bob):
    post_message(garden, alice, "Tea, @bob?")
    rooms.leave(room=garden, user=bob)
    ((line,), _more) = overviews.mentions(bob, timeline.welcome(bob))
    assert (line.slug, line.place, line.is_unread) == ("garden", "in Garden", False)


def test_a_message_of_a_direct_room_is_not_said_to_be_in_its_author(alice, bob, charlie):
    two = direct_rooms.find_or_make(people=[bob.pk], by=alice)
    three = direct_rooms.find_or_make(people=[bob.pk, charlie.pk], by=alice)
    notes = direct_rooms.find_or_make(people=[bob.pk], by=bob)
    hers, among_three = post_message(two, alice, "Tea, @bob?"), post_message(three, alice, "Tea, @bob?")
    found, _more = overviews.mentions(bob, timeline.welcome(bob))
    assert [line.place for line in found] == ["in a direct message with charlie", ""]
    for message in (hers, post_message(two, bob), among_three, post_message(notes, bob)):
        saved.save(message=message.pk, user=bob, on=True)
    messages.delete(message=hers.pk, by=alice)
    found, _more = overviews.saved_messages(bob, timeline.welcome(bob))
    assert [line.place for line in found] == [
        "in Notes to yourself",
        "in a direct message with charlie",
        "in a direct message with alice",
        "in a direct message with alice",
    ]


def test_mentions_come_in_pages_by_one_query(harbour, alice, bob, monkeypatch):
    monkeypatch.setattr(overviews, "MENTIONS_PAGE", 2)
    for number in range(5):
        post_message(harbour, alice, f"{number} @bob")
    welcome = timeline.welcome(bob)
    pages, before = [], None
    while True:
        page, before = overviews.mentions(bob, welcome, before)
        pages.append([line.message.text[0] for line in page])
        if before is None:
            break
    assert pages == [["4", "3"], ["2", "1"], ["0"]]
    assert count_queries(overviews.mentions, bob, welcome) == 1
