"""Pages of a room's log: older ones, newer ones, and those around a place."""

import pytest

from chat.domain import message_log, messages, timeline
from chat.domain.errors import Invalid, NotFound
from chat.tests.talk import fill, fill_large, post_message

pytestmark = pytest.mark.django_db


def seqs(page) -> list[int]:
    return [message.seq for message in page]


# --- Older pages


def test_older_pages_reach_the_first_message(harbour, alice):
    fill(harbour, alice, 25)
    pages, before, more = [], 26, True
    while more:
        page, more, _newer = timeline.history(alice, "harbour", before=before, limit=10)
        before = page[0].seq
        pages.append(seqs(page))
    assert pages == [list(range(16, 26)), list(range(6, 16)), list(range(1, 6))]
    assert timeline.history(alice, "harbour", before=1) == ([], False, None)


def test_the_page_with_the_first_message_has_no_older_ones(harbour, alice):
    fill(harbour, alice, 10)
    page, more, _newer = timeline.history(alice, "harbour", before=11, limit=10)
    assert (len(page), more) == (10, False)


@pytest.mark.parametrize("limit", [0, -1, 101])
def test_a_page_has_between_1_and_100_messages(harbour, alice, limit):
    with pytest.raises(Invalid) as caught:
        timeline.history(alice, "harbour", before=1, limit=limit)
    assert caught.value.field == "limit"


def test_charlie_cannot_read_older_pages_of_a_private_room(harbour, alice, charlie):
    post_message(harbour, alice)
    with pytest.raises(NotFound):
        timeline.history(charlie, "harbour", before=2)
    assert seqs(timeline.history(alice, "harbour", before=2).messages) == [1]


# --- Newer pages, and pages around a place


def test_newer_pages_reach_the_last_message(harbour, alice):
    fill(harbour, alice, 25)
    pages, after, more = [], 0, True
    while more:
        page, _older, more = timeline.history(alice, "harbour", after=after, limit=10)
        after = page[-1].seq
        pages.append(seqs(page))
    assert pages == [list(range(1, 11)), list(range(11, 21)), list(range(21, 26))]
    assert timeline.history(alice, "harbour", after=25) == ([], None, False)


@pytest.mark.parametrize(
    ("around", "found", "more_before", "more_after"),
    [
        (13, range(8, 18), True, True),
        (6, range(1, 11), False, True),
        (1, range(1, 6), False, True),
        (0, range(1, 6), False, True),
        (21, range(16, 26), True, False),
        (25, range(20, 26), True, False),
        (99, range(21, 26), True, False),
    ],
)
def test_a_page_around_a_place_has_half_of_its_messages_before_it(
    harbour, alice, around, found, more_before, more_after
):
    fill(harbour, alice, 25)
    page = timeline.history(alice, "harbour", around=around, limit=10)
    assert (seqs(page.messages), page.more_before, page.more_after) == (list(found), more_before, more_after)


@pytest.mark.parametrize("limit", [1, 7, 50, 51, 99, 100])
def test_a_page_around_a_message_has_it_and_as_many_messages_as_the_limit(harbour, alice, limit):
    fill(harbour, alice, 300)
    page = seqs(timeline.history(alice, "harbour", around=150, limit=limit).messages)
    assert page == list(range(150 - limit // 2, 150 - limit // 2 + limit))


def test_pages_are_of_one_room_whose_seqs_have_gaps(harbour, garden, alice, bob):
    for body in ("one", "two", "three"):
        message = post_message(harbour, alice, body)
        messages.react(message=message.pk, by=bob, emoji="👋", on=True)
        post_message(garden, alice, body)
    page = timeline.history(alice, "harbour", around=4)
    assert [(m.seq, m.text, len(m.reactions)) for m in page.messages] == [(1, "one", 1), (3, "two", 1), (5, "three", 1)]
    assert seqs(timeline.history(alice, "harbour", after=1).messages) == [3, 5]


@pytest.mark.parametrize("places", [{}, {"before": 3, "after": 1}, {"before": 3, "after": 1, "around": 2}])
def test_history_takes_exactly_one_place(harbour, alice, places):
    with pytest.raises(Invalid) as caught:
        timeline.history(alice, "harbour", **places)
    assert caught.value.field == "before"


@pytest.mark.parametrize("place", ["before", "after", "around"])
def test_charlie_cannot_read_any_page_of_a_private_room(harbour, alice, charlie, place):
    post_message(harbour, alice)
    with pytest.raises(NotFound):
        timeline.history(charlie, "harbour", **{place: 1})


def test_a_page_around_the_largest_messages_is_bounded_and_has_both_sides(harbour, alice):
    fill_large(harbour, alice, 20)
    page = timeline.history(alice, "harbour", around=10, limit=100)
    assert (page.more_before, page.more_after) == (True, True)
    assert {9, 10} <= set(seqs(page.messages))
    assert sum(len(message.model_dump_json().encode()) for message in page.messages) < 2 * message_log.PAGE_BYTES
