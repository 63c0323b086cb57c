"""Reading: lists of rooms, opening a room, deltas. Pages of a room's log are in test_history.py."""

import pytest

from chat.domain import message_log, messages, reading, rooms, timeline
from chat.domain.errors import NotFound, SignedOut
from chat.models import Message, Site
from chat.tests.talk import fill, fill_large, post_message

pytestmark = pytest.mark.django_db


def seqs(page) -> list[int]:
    return [message.seq for message in page]


# --- Lists


def test_each_person_has_a_list_of_rooms(harbour, garden, lobby, alice, charlie, gina, dora):
    def slugs(person):
        return [state.slug for state in timeline.rooms_of(person)]

    assert slugs(alice) == ["garden", "harbour"]
    assert slugs(charlie) == slugs(dora) == []
    assert slugs(gina) == ["garden"]
    rooms.archive(room=garden)
    # Members still see an archived room on their list; guests do not.
    assert slugs(alice) == ["garden", "harbour"]
    assert slugs(gina) == []


def test_a_listed_room_has_version_and_role(harbour, alice, bob):
    post_message(harbour, alice)
    (state,) = timeline.rooms_of(bob)
    assert (state.slug, state.version, state.role, state.read, state.unread) == ("harbour", 1, "member", 0, 1)


def test_a_deactivated_person_has_no_rooms(harbour, bob):
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)
    assert timeline.rooms_of(bob) == []
    with pytest.raises(SignedOut):
        timeline.open_room(bob, "harbour")


# --- Opening


def test_opening_a_room_returns_its_latest_page(harbour, alice, bob):
    fill(harbour, alice, message_log.PAGE + 1)
    opened = timeline.open_room(bob, "harbour").reply()
    assert seqs(opened.messages) == list(range(2, message_log.PAGE + 2))
    assert (opened.after, opened.upto, opened.limited, opened.more_before) == (0, message_log.PAGE + 1, True, True)
    assert opened.epoch == Site.current().epoch
    assert opened.state.version == opened.upto


def test_a_short_log_has_no_older_messages(harbour, alice):
    fill(harbour, alice, message_log.PAGE)
    opened = timeline.open_room(alice, "harbour").reply()
    assert (len(opened.messages), opened.limited, opened.more_before) == (message_log.PAGE, True, False)


def test_an_empty_room_can_be_opened(harbour, alice):
    opened = timeline.open_room(alice, "harbour").reply()
    assert (opened.messages, opened.after, opened.upto, opened.limited, opened.more_before) == ([], 0, 0, True, False)
    opened = timeline.open_room(alice, "harbour", since=0).reply()
    assert (opened.messages, opened.after, opened.upto, opened.limited) == ([], 0, 0, False)


def test_charlie_cannot_open_a_private_room(harbour, charlie):
    with pytest.raises(NotFound) as private:
        timeline.open_room(charlie, "harbour")
    with pytest.raises(NotFound) as missing:
        timeline.open_room(charlie, "nowhere")
    assert str(private.value.detail) == str(missing.value.detail)


def test_gina_can_open_rooms_that_guests_may_read(garden, harbour, lobby, alice, gina):
    post_message(garden, alice)
    opened = timeline.open_room(gina, "garden").reply()
    assert seqs(opened.messages) == [1]
    assert opened.state.role is None
    for slug in ("harbour", "lobby"):
        with pytest.raises(NotFound):
            timeline.open_room(gina, slug)


def test_opening_since_a_version_returns_only_changed_messages(harbour, alice, bob):
    first, second, third = (post_message(harbour, alice, body) for body in ("one", "two", "three"))
    messages.edit(message=first.pk, by=alice, body="1")
    messages.react(message=first.pk, by=bob, emoji="👋", on=True)
    messages.delete(message=third.pk, by=alice)
    rooms.change(room=harbour, topic="Mind the tide")
    opened = timeline.open_room(bob, "harbour", since=3, epoch=Site.current().epoch).reply()
    assert [(m.id, m.version, m.text, m.deleted) for m in opened.messages] == [
        (first.pk, 5, "1", False),
        (third.pk, 6, "", True),
    ]
    assert (opened.after, opened.upto, opened.limited, opened.more_before) == (3, 7, False, False)
    assert opened.state.topic == "Mind the tide"
    assert seqs(timeline.open_room(bob, "harbour", since=1).delta.messages) == [second.seq, first.seq, third.seq]


def test_opening_since_the_head_returns_no_messages(harbour, alice):
    post_message(harbour, alice)
    opened = timeline.open_room(alice, "harbour", since=1).reply()
    assert (opened.messages, opened.after, opened.upto, opened.limited) == ([], 1, 1, False)


def test_opening_with_another_epoch_returns_the_latest_page(harbour, alice):
    post_message(harbour, alice)
    opened = timeline.open_room(alice, "harbour", since=1, epoch="of a former life").reply()
    assert (seqs(opened.messages), opened.after, opened.limited) == ([1], 0, True)
    assert not timeline.open_room(alice, "harbour", since=1, epoch=opened.epoch).delta.limited


def test_opening_since_a_future_version_returns_the_latest_page(harbour, alice):
    post_message(harbour, alice)
    opened = timeline.open_room(alice, "harbour", since=2).reply()
    assert (seqs(opened.messages), opened.limited) == ([1], True)


def test_opening_after_too_many_changes_returns_the_latest_page(harbour, alice):
    fill(harbour, alice, 10_000)
    opened = timeline.open_room(alice, "harbour", since=0).reply()
    assert seqs(opened.messages) == list(range(9951, 10_001))
    assert (opened.after, opened.upto, opened.limited, opened.more_before) == (0, 10_000, True, True)


def test_a_delta_of_the_maximum_size_is_returned(harbour, alice):
    fill(harbour, alice, message_log.DELTA_LIMIT + 1)
    opened = timeline.open_room(alice, "harbour", since=1).reply()
    assert (len(opened.messages), opened.limited) == (message_log.DELTA_LIMIT, False)
    assert timeline.open_room(alice, "harbour", since=0).delta.limited


# --- Opening at a place


def test_a_room_with_much_unread_opens_around_the_first_unread_message(harbour, alice, bob):
    fill(harbour, alice, 2_400)
    reading.read(room="harbour", user=bob, upto=100)
    opened = timeline.open_room(bob, "harbour", at="unread").reply()
    assert seqs(opened.messages) == list(range(76, 126))
    assert (opened.limited, opened.more_before, opened.more_after, opened.at) == (True, True, True, 101)
    assert (opened.upto, opened.state.read) == (2_400, 100)


def test_a_room_with_little_unread_opens_with_its_latest_page(harbour, alice, bob):
    fill(harbour, alice, 100)
    reading.read(room="harbour", user=bob, upto=95)
    opened = timeline.open_room(bob, "harbour", at="unread").reply()
    assert (seqs(opened.messages), opened.more_after, opened.at) == (list(range(51, 101)), False, 96)


def test_a_room_without_unread_opens_with_its_latest_page(harbour, garden, alice, bob, charlie, gina):
    for room in (harbour, garden):
        fill(room, alice, 100)
    reading.read(room="harbour", user=bob, upto=100)
    for person, slug in ((alice, "harbour"), (bob, "harbour"), (charlie, "garden"), (gina, "garden")):
        opened = timeline.open_room(person, slug, at="unread").reply()
        assert (seqs(opened.messages), opened.more_after, opened.at) == (list(range(51, 101)), False, None)


def test_a_room_opens_around_a_message(harbour, alice, bob):
    fill(harbour, alice, 300)
    message = Message.objects.get(room=harbour, seq=150)
    opened = timeline.open_room(bob, "harbour", at=message.pk).reply()
    assert (seqs(opened.messages), opened.more_after, opened.at) == (list(range(125, 175)), True, 150)


def test_a_delta_names_the_place_without_its_page(harbour, alice):
    message = post_message(harbour, alice)
    fill(harbour, alice, 100)
    opened = timeline.open_room(alice, "harbour", since=100, epoch=Site.current().epoch, at=message.pk).reply()
    assert (seqs(opened.messages), opened.limited, opened.at) == ([101], False, 1)


def test_after_too_many_changes_the_page_is_that_of_the_place(harbour, alice):
    message = post_message(harbour, alice)
    fill(harbour, alice, 1_000)
    opened = timeline.open_room(alice, "harbour", since=1, epoch=Site.current().epoch, at=message.pk).reply()
    assert (opened.limited, opened.messages[0].seq, opened.more_before, opened.more_after) == (True, 1, False, True)


def test_a_room_does_not_open_at_a_message_of_another_room(harbour, garden, alice, bob):
    theirs = post_message(garden, alice)
    for id in (theirs.pk, theirs.pk + 1, 2**63 - 1):
        with pytest.raises(NotFound) as caught:
            timeline.open_room(bob, "harbour", at=id)
        assert caught.value.field == "at"


# --- Bounds in bytes


def test_pages_of_the_largest_messages_are_bounded_and_complete(harbour, alice):
    fill_large(harbour, alice, 12)
    opened = timeline.open_room(alice, "harbour").reply()
    assert opened.more_before
    assert len(opened.encode().encode()) < 2 * message_log.PAGE_BYTES
    found = seqs(opened.messages)
    while found[0] > 1:
        page, more, _newer = timeline.history(alice, "harbour", before=found[0], limit=100)
        assert sum(len(message.model_dump_json().encode()) for message in page) < 2 * message_log.PAGE_BYTES
        assert more == (page[0].seq > 1)
        found = seqs(page) + found
    assert found == list(range(1, 13))


def test_a_delta_that_is_too_large_is_replaced_by_a_page(harbour, alice):
    fill_large(harbour, alice, 12)
    reply = timeline.open_room(alice, "harbour", since=0, epoch=Site.current().epoch).reply()
    assert reply.limited
    assert len(reply.encode().encode()) < 2 * message_log.PAGE_BYTES
    assert not timeline.open_room(alice, "harbour", since=10, epoch=Site.current().epoch).reply().limited
