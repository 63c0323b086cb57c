"""Ticking the tasks of a message."""

import pytest

from chat.domain import messages
from chat.domain.errors import Archived, Forbidden, NotFound
from chat.models import Mention, Message, Room
from chat.tests.talk import frames, head, post_message

pytestmark = pytest.mark.django_db

LIST = "To do, @bob:\n- [ ] milk\n- [x] bread\n  - [ ] rye"


@pytest.fixture
def hers(harbour, alice):
    """Alice's list in the harbour, at version 1."""
    return post_message(harbour, alice, LIST)


def ticked(message) -> list[bool]:
    html = Message.objects.get(pk=message.pk).html
    return ["checked" in part.partition(">")[0] for part in html.split('<input class="task-box"')[1:]]


def test_alice_ticks_a_task_of_hers(harbour, hers, alice, capture_published):
    with capture_published() as envelopes:
        messages.tick(message=hers.pk, by=alice, task=2, on=True)
    stored = Message.objects.get(pk=hers.pk)
    assert stored.text == LIST.replace("[ ] rye", "[x] rye")
    assert ticked(hers) == [False, True, True]
    assert (stored.version, head(harbour)) == (2, 2)
    (event,) = frames(envelopes)
    assert event["message"]["text"] == stored.text


def test_a_tick_can_be_removed(hers, alice):
    messages.tick(message=hers.pk, by=alice, task=1, on=False)
    assert ticked(hers) == [False, False, False]


def test_ticks_of_two_devices_both_count(hers, alice):
    messages.tick(message=hers.pk, by=alice, task=0, on=True)
    messages.tick(message=hers.pk, by=alice, task=2, on=True)
    assert ticked(hers) == [True, True, True]


def test_the_former_text_is_kept_but_the_message_does_not_count_as_edited(hers, alice):
    messages.tick(message=hers.pk, by=alice, task=0, on=True)
    assert list(hers.revisions.values_list("text", flat=True)) == [LIST]
    assert Message.objects.get(pk=hers.pk).edited_at is None


def test_a_tick_mentions_nobody_anew(hers, alice, bob):
    mention = Mention.objects.get(message=hers)
    messages.tick(message=hers.pk, by=alice, task=0, on=True)
    assert Mention.objects.get(message=hers) == mention
    stored = Message.objects.get(pk=hers.pk)
    assert stored.mentions["people"] == [bob.pk]
    assert f'data-person="{bob.pk}">@bob</span>' in stored.html


def test_a_second_tick_of_the_same_task_takes_no_version(harbour, hers, alice, capture_published):
    with capture_published() as envelopes:
        messages.tick(message=hers.pk, by=alice, task=1, on=True)
    assert (head(harbour), envelopes) == (1, [])


def test_bob_cannot_tick_alices_task(hers, bob):
    with pytest.raises(Forbidden):
        messages.tick(message=hers.pk, by=bob, task=0, on=True)


def test_charlie_is_told_nothing_of_alices_task(hers, charlie):
    Room.objects.filter(slug="harbour").update(kind="private")
    with pytest.raises(NotFound):
        messages.tick(message=hers.pk, by=charlie, task=0, on=True)


def test_a_task_that_is_not_there_is_not_found(hers, alice):
    with pytest.raises(NotFound) as caught:
        messages.tick(message=hers.pk, by=alice, task=3, on=True)
    assert caught.value.field == "task"


def test_no_task_is_ticked_in_an_archived_room(harbour, hers, alice):
    Room.objects.filter(pk=harbour.pk).update(archived_at="2026-01-01T00:00Z")
    with pytest.raises(Archived):
        messages.tick(message=hers.pk, by=alice, task=0, on=True)
