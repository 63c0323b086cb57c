"""Undoing a deletion."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import messages, pins, restoring, rooms
from chat.domain.errors import Archived, Forbidden, NotFound
from chat.domain.previews import changing
from chat.models import Attachment, Mention, Message, Revision
from chat.tests.attached import attach
from chat.tests.talk import head, post_message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]


@pytest.fixture
def hers(harbour, alice, bob):
    """Alice's message in the harbour, pinned, with a mention and a reaction, as it was before its deletion."""
    message = post_message(harbour, alice, "Ahoy **@bob**").pk
    pins.pin(message=message, by=bob, on=True)
    messages.react(message=message, by=bob, emoji="👋", on=True)
    return message


def shown(message: int) -> dict:
    """The message on the wire, without its version."""
    stored = Message.objects.for_serialization().get(pk=message)
    return messages.serialized(stored).model_dump(exclude={"version"})


def pass_time(seconds: float) -> None:
    """Make all revisions older."""
    Revision.objects.update(replaced_at=timezone.now() - timedelta(seconds=seconds))


def test_a_restored_message_is_as_it_was(harbour, alice, bob, hers):
    before = shown(hers)
    messages.delete(message=hers, by=alice)
    assert shown(hers) != before
    restoring.restore(message=hers, by=alice)
    assert shown(hers) == before
    assert head(harbour) == Message.objects.get(pk=hers).version == 5
    assert list(Mention.objects.values_list("message", "user")) == [(hers, bob.pk)]
    assert not Revision.objects.exists()


def test_a_time_that_a_deletion_empties_is_restored(alice, hers, monkeypatch):
    messages.edit(message=hers, by=alice, body="Ahoy")
    before = shown(hers)
    assert before["edited_at"]
    monkeypatch.setattr(changing, "by_deletion", lambda message: {"edited_at": None})
    messages.delete(message=hers, by=alice)
    assert shown(hers)["edited_at"] is None
    restored = restoring.restore(message=hers, by=alice)
    assert restored.edited_at == Message.objects.get(pk=hers).edited_at
    assert shown(hers) == before


def test_a_second_call_does_nothing(harbour, alice, hers):
    messages.delete(message=hers, by=alice)
    restoring.restore(message=hers, by=alice)
    restoring.restore(message=hers, by=alice)
    assert head(harbour) == 5


def test_the_files_of_a_restored_message_are_kept(harbour, alice):
    message = post_message(harbour, alice, "a chart")
    attach(message, b"a,b\n1,2\n", "chart.csv")
    before = shown(message.pk)
    assert before["attachments"]
    messages.delete(message=message.pk, by=alice)
    assert Attachment.objects.get().expires_at is not None
    restoring.restore(message=message.pk, by=alice)
    assert Attachment.objects.get().expires_at is None
    assert shown(message.pk) == before


def test_only_who_deleted_a_message_restores_it(harbour, alice, bob):
    his = post_message(harbour, bob, "Aye").pk
    messages.delete(message=his, by=alice)
    with pytest.raises(Forbidden):
        restoring.restore(message=his, by=bob)
    restoring.restore(message=his, by=alice)
    messages.delete(message=his, by=bob)
    with pytest.raises(Forbidden):
        restoring.restore(message=his, by=alice)
    restoring.restore(message=his, by=bob)
    assert shown(his)["text"] == "Aye"


def test_gina_restores_her_own_message(garden, gina, alice):
    message = post_message(garden, gina, "Hello").pk
    messages.delete(message=message, by=gina)
    with pytest.raises(Forbidden):
        restoring.restore(message=message, by=alice)
    assert restoring.restore(message=message, by=gina).text == "Hello"


def test_a_deletion_is_final_after_some_seconds(alice, hers):
    messages.delete(message=hers, by=alice)
    pass_time(restoring.RESTORABLE_FOR.total_seconds() + 1)
    with pytest.raises(Forbidden):
        restoring.restore(message=hers, by=alice)
    restoring.forget_expired()
    assert Revision.objects.get().restorable is None
    pass_time(0)
    with pytest.raises(Forbidden):
        restoring.restore(message=hers, by=alice)


def test_the_upkeep_keeps_what_can_still_be_restored(alice, hers):
    messages.delete(message=hers, by=alice)
    restoring.forget_expired()
    assert restoring.restore(message=hers, by=alice).text == "Ahoy **@bob**"


def test_nothing_is_restored_where_it_cannot_be_seen_or_changed(harbour, alice, charlie, hers):
    messages.delete(message=hers, by=alice)
    with pytest.raises(NotFound):
        restoring.restore(message=hers, by=charlie)
    rooms.archive(room=harbour)
    with pytest.raises(Archived):
        restoring.restore(message=hers, by=alice)
