"""Reading the log: lists of rooms, opening, older pages, and what changed."""

import uuid

import pytest
from django.utils import timezone

from chat.domain import log, messages, rooms, timeline
from chat.domain.errors import Invalid, NotFound, SignedOut
from chat.models import Message, Room, RoomHead, Site
from chat.tests.talk import head, say

pytestmark = pytest.mark.django_db


def fill(room: Room, author, number: int) -> None:
    """Let `number` messages have been said, at once."""
    at = head(room)
    Message.objects.bulk_create(
        Message(
            room=room,
            author=author,
            sender_key=f"u:{author.pk}",
            client_id=uuid.uuid4(),
            seq=at + n,
            version=at + n,
            text=str(at + n),
            created_at=timezone.now(),
        )
        for n in range(1, number + 1)
    )
    RoomHead.objects.filter(room=room).update(version=at + number)


def fill_large(room: Room, author, number: int) -> None:
    """Let `number` of the largest messages have been said."""
    fill(room, author, number)
    Message.objects.filter(room=room).update(text="界" * 8000, html=f"<p>{'界' * 60_000}</p>")


def seqs(page) -> list[int]:
    return [message.seq for message in page]


# --- Lists


def test_each_has_their_own_list(harbour, garden, lobby, alice, charlie, gina, dora):
    def slugs(person):
        return [state.slug for state in timeline.rooms_of(person)]

    assert slugs(alice) == ["garden", "harbour"]
    assert slugs(charlie) == slugs(dora) == []
    assert slugs(gina) == ["garden"]
    rooms.archive(room=garden)
    # Members keep what they had; a guest has nothing to keep.
    assert slugs(alice) == ["garden", "harbour"]
    assert slugs(gina) == []


def test_a_room_of_a_list_brings_its_head_and_role(harbour, alice, bob):
    say(harbour, alice)
    (state,) = timeline.rooms_of(bob)
    assert (state.slug, state.version, state.role, state.read, state.unread) == ("harbour", 1, "member", 0, 1)


def test_a_deactivated_person_has_no_rooms(harbour, bob):
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)
    assert timeline.rooms_of(bob) == []
    with pytest.raises(SignedOut):
        timeline.open_room(bob, "harbour")


# --- Opening


def test_bob_opens_his_room_with_its_latest_page(harbour, alice, bob):
    fill(harbour, alice, log.PAGE + 1)
    opened = timeline.open_room(bob, "harbour").reply()
    assert seqs(opened.messages) == list(range(2, log.PAGE + 2))
    assert (opened.after, opened.upto, opened.limited, opened.more) == (0, log.PAGE + 1, True, True)
    assert opened.epoch == Site.current().epoch
    assert opened.state.version == opened.upto


def test_a_short_log_has_no_more(harbour, alice):
    fill(harbour, alice, log.PAGE)
    opened = timeline.open_room(alice, "harbour").reply()
    assert (len(opened.messages), opened.limited, opened.more) == (log.PAGE, True, False)


def test_an_empty_room_opens(harbour, alice):
    opened = timeline.open_room(alice, "harbour").reply()
    assert (opened.messages, opened.after, opened.upto, opened.limited, opened.more) == ([], 0, 0, True, False)
    opened = timeline.open_room(alice, "harbour", since=0).reply()
    assert (opened.messages, opened.after, opened.upto, opened.limited) == ([], 0, 0, False)


def test_charlie_does_not_open_a_private_room(harbour, charlie):
    with pytest.raises(NotFound) as private:
        timeline.open_room(charlie, "harbour")
    with pytest.raises(NotFound) as missing:
        timeline.open_room(charlie, "nowhere")
    assert str(private.value.detail) == str(missing.value.detail)


def test_gina_opens_what_guests_may_read(garden, harbour, lobby, alice, gina):
    say(garden, alice)
    opened = timeline.open_room(gina, "garden").reply()
    assert seqs(opened.messages) == [1]
    assert opened.state.role is None
    for slug in ("harbour", "lobby"):
        with pytest.raises(NotFound):
            timeline.open_room(gina, slug)


def test_opening_since_brings_all_that_changed_and_nothing_else(harbour, alice, bob):
    first, second, third = (say(harbour, alice, body) for body in ("one", "two", "three"))
    messages.edit(message=first.pk, by=alice, body="1")
    messages.react(message=first.pk, by=bob, emoji="👋", on=True)
    messages.delete(message=third.pk, by=alice)
    rooms.change(room=harbour, topic="Mind the tide")
    opened = timeline.open_room(bob, "harbour", since=3, epoch=Site.current().epoch).reply()
    assert [(m.id, m.version, m.text, m.deleted) for m in opened.messages] == [
        (first.pk, 5, "1", False),
        (third.pk, 6, "", True),
    ]
    assert (opened.after, opened.upto, opened.limited, opened.more) == (3, 7, False, False)
    assert opened.state.topic == "Mind the tide"
    assert seqs(timeline.open_room(bob, "harbour", since=1).fill.messages) == [second.seq, first.seq, third.seq]


def test_opening_since_the_head_brings_nothing(harbour, alice):
    say(harbour, alice)
    opened = timeline.open_room(alice, "harbour", since=1).reply()
    assert (opened.messages, opened.after, opened.upto, opened.limited) == ([], 1, 1, False)


def test_another_epoch_begins_anew(harbour, alice):
    say(harbour, alice)
    opened = timeline.open_room(alice, "harbour", since=1, epoch="of a former life").reply()
    assert (seqs(opened.messages), opened.after, opened.limited) == ([1], 0, True)
    assert not timeline.open_room(alice, "harbour", since=1, epoch=opened.epoch).fill.limited


def test_a_version_that_is_not_yet_begins_anew(harbour, alice):
    say(harbour, alice)
    opened = timeline.open_room(alice, "harbour", since=2).reply()
    assert (seqs(opened.messages), opened.limited) == ([1], True)


def test_ten_thousand_changes_behind_gives_the_latest_page(harbour, alice):
    fill(harbour, alice, 10_000)
    opened = timeline.open_room(alice, "harbour", since=0).reply()
    assert seqs(opened.messages) == list(range(9951, 10_001))
    assert (opened.after, opened.upto, opened.limited, opened.more) == (0, 10_000, True, True)


def test_as_much_as_a_fill_may_hold_comes_as_one(harbour, alice):
    fill(harbour, alice, log.FILL_LIMIT + 1)
    opened = timeline.open_room(alice, "harbour", since=1).reply()
    assert (len(opened.messages), opened.limited) == (log.FILL_LIMIT, False)
    assert timeline.open_room(alice, "harbour", since=0).fill.limited


# --- Older pages


def test_older_pages_lead_to_the_beginning(harbour, alice):
    fill(harbour, alice, 25)
    pages, before, more = [], 26, True
    while more:
        page, more = timeline.history(alice, "harbour", before, limit=10)
        before = page[0].seq
        pages.append(seqs(page))
    assert pages == [list(range(16, 26)), list(range(6, 16)), list(range(1, 6))]
    assert timeline.history(alice, "harbour", 1) == ([], False)


def test_a_page_that_ends_at_the_beginning_has_no_more(harbour, alice):
    fill(harbour, alice, 10)
    page, more = timeline.history(alice, "harbour", 11, limit=10)
    assert (len(page), more) == (10, False)


@pytest.mark.parametrize("limit", [0, -1, 101])
def test_a_page_has_between_1_and_100_messages(harbour, alice, limit):
    with pytest.raises(Invalid) as caught:
        timeline.history(alice, "harbour", 1, limit=limit)
    assert caught.value.field == "limit"


def test_charlie_reads_no_older_pages_of_a_private_room(harbour, alice, charlie):
    say(harbour, alice)
    with pytest.raises(NotFound):
        timeline.history(charlie, "harbour", 2)
    assert seqs(timeline.history(alice, "harbour", 2)[0]) == [1]


# --- Bounds in bytes


def test_pages_of_the_largest_messages_are_short_and_leave_none_out(harbour, alice):
    fill_large(harbour, alice, 12)
    opened = timeline.open_room(alice, "harbour").reply()
    assert opened.more
    assert len(opened.encode().encode()) < 2 * log.PAGE_BYTES
    found = seqs(opened.messages)
    while found[0] > 1:
        page, more = timeline.history(alice, "harbour", before=found[0], limit=100)
        assert sum(len(message.model_dump_json().encode()) for message in page) < 2 * log.PAGE_BYTES
        assert more == (page[0].seq > 1)
        found = seqs(page) + found
    assert found == list(range(1, 13))


def test_a_fill_of_the_largest_messages_is_refused_for_a_page(harbour, alice):
    fill_large(harbour, alice, 12)
    reply = timeline.open_room(alice, "harbour", since=0, epoch=Site.current().epoch).reply()
    assert reply.limited
    assert len(reply.encode().encode()) < 2 * log.PAGE_BYTES
    assert not timeline.open_room(alice, "harbour", since=10, epoch=Site.current().epoch).reply().limited
