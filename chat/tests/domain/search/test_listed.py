"""Filters without words, which are answered by the rows that name messages instead of a walk over the index."""

import pytest

from chat.domain import messages, pins, reading, rooms, saved
from chat.domain.search import listed
from chat.tests.talk import post_message

from .test_find import ids, search

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(garden, harbour, alice, bob):
    """Twelve messages of Alice in two rooms, from the oldest to the newest."""
    return [post_message((garden, harbour)[at % 2], alice, f"wave {at} @bob").pk for at in range(12)]


@pytest.fixture(params=["few rows", "many rows"])
def amount(request, monkeypatch):
    """With many rows the newest messages are looked at instead of them."""
    if request.param == "many rows":
        monkeypatch.setattr(listed, "MAX_ROWS", {"postgresql": 0, "sqlite": 0})


def test_each_filter_finds_its_messages(posted, harbour, alice, bob, charlie, amount):
    for pk in posted[2], posted[7]:
        saved.save(message=pk, user=bob, on=True)
    saved.save(message=posted[4], user=alice, on=True)
    pins.pin(message=posted[7], by=alice, on=True)
    for emoji in "👍", "🎉":
        messages.react(message=posted[3], by=alice, emoji=emoji, on=True)
    messages.react(message=posted[7], by=bob, emoji="👍", on=True)
    reading.read(room="harbour", user=bob, upto=10**9)
    messages.delete(message=posted[10], by=alice)
    left = [pk for pk in reversed(posted) if pk != posted[10]]
    unread = [pk for pk in left if pk in posted[0::2]]
    expected = {
        "is:saved": [posted[7], posted[2]],
        "has:pin": [posted[7]],
        "has:reaction": [posted[7], posted[3]],
        "is:mention": left,
        "is:unread": unread,
        "is:saved has:reaction": [posted[7]],
        "is:saved is:unread": [posted[2]],
        "has:reaction -is:saved": [posted[3]],
        "is:saved -wave": [],
        "is:saved from:alice": [posted[7], posted[2]],
        "is:saved from:bob": [],
        "is:saved in:garden": [posted[2]],
        "has:pin is:unread": [],
        "is:saved before:today": [],
        "-is:saved is:unread": [pk for pk in unread if pk != posted[2]],
    }
    for text, found in expected.items():
        assert ids(text, bob) == found, text
    for text in "is:saved", "has:pin", "has:reaction", "is:unread", "is:mention":
        assert not set(ids(text, charlie)) & set(posted[1::2]), text
    rooms.leave(room=harbour, user=bob)
    assert ids("is:saved", bob) == [posted[2]]


def test_pages_follow_each_other(posted, bob, amount):
    for pk in posted:
        saved.save(message=pk, user=bob, on=True)
    for text in "is:saved", "is:unread", "is:mention":
        collected, after = [], None
        while True:
            page = search(text, bob, after=after, limit=5)
            collected += [hit.message.pk for hit in page.hits]
            after = page.next
            if after is None:
                break
        assert collected == posted[::-1]
