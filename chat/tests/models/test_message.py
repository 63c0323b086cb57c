"""The constraints of messages, reactions, mentions and memberships in the database."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from chat.models import Membership, Mention, Message, Reaction
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db


def row(room, author, /, **fields) -> Message:
    """An unsaved message with seq and version 7."""
    return Message(
        **{
            "room": room,
            "author": author,
            "sender_key": f"u:{author.pk}",
            "client_id": uuid.uuid4(),
            "seq": 7,
            "version": 7,
            "created_at": timezone.now(),
        }
        | fields
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"seq": 1},
        {"version": 1},
        {"author": None},
        {"author": None, "guest_name": "Quiet Heron 27", "sender_key": ""},
        {"guest_name": "Quiet Heron 27"},
        {"room": None},
    ],
)
def test_the_database_refuses_a_wrong_row(harbour, alice, fields):
    post_message(harbour, alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        row(harbour, alice, **fields).save()
    row(harbour, alice).save()


def test_a_sender_uses_a_client_id_once_in_the_whole_site(harbour, garden, alice, bob):
    client_id = uuid.uuid4()
    row(harbour, alice, client_id=client_id).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        row(garden, alice, client_id=client_id).save()
    row(garden, bob, client_id=client_id).save()


def test_two_rooms_can_have_the_same_seq(harbour, garden, alice):
    row(harbour, alice).save()
    row(garden, alice).save()


def test_an_author_of_messages_cannot_be_deleted(harbour, bob, charlie):
    post_message(harbour, bob)
    with pytest.raises(ProtectedError):
        bob.delete()
    charlie.delete()


@pytest.mark.parametrize("model", [Reaction, Mention])
def test_reactions_and_mentions_are_unique(harbour, alice, bob, model):
    message = post_message(harbour, alice)
    more = {"emoji": "👋"} if model is Reaction else {"room": harbour, "seq": message.seq}
    fields = {"message": message, "user": bob} | more
    model.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**fields)


def test_memberships_are_unique(harbour, bob):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(room=harbour, user=bob)


def test_queries_for_messages_that_are_not_deleted_or_visible(harbour, alice, charlie):
    first, second = post_message(harbour, alice), post_message(harbour, alice)
    Message.objects.filter(pk=first.pk).update(deleted_at=timezone.now())
    assert list(Message.objects.not_deleted()) == [second]
    assert Message.objects.visible_to(alice).count() == 2
    assert Message.objects.visible_to(charlie).count() == 0


def test_messages_for_serialization_are_read_in_one_query(harbour, alice, bob, django_assert_num_queries):
    quoted = post_message(harbour, alice)
    for author in (alice, bob):
        post_message(harbour, author, reply_to=quoted.pk)
    with django_assert_num_queries(1):
        quoted, *answers = Message.objects.for_serialization()
        assert [message.author.handle for message in answers] == ["alice", "bob"]
        assert {message.reply_to.author.handle for message in answers} == {"alice"}
