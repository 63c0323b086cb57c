"""What the database itself refuses of messages and what belongs to them."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from chat.models import Membership, Mention, Message, Reaction
from chat.tests.talk import say

pytestmark = pytest.mark.django_db


def row(room, author, /, **fields) -> Message:
    """A message's row, at version 7."""
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
def test_a_row_that_must_not_be(harbour, alice, fields):
    say(harbour, alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        row(harbour, alice, **fields).save()
    row(harbour, alice).save()


def test_the_same_sender_says_the_same_once_in_the_whole_site(harbour, garden, alice, bob):
    client_id = uuid.uuid4()
    row(harbour, alice, client_id=client_id).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        row(garden, alice, client_id=client_id).save()
    row(garden, bob, client_id=client_id).save()


def test_another_room_has_the_same_numbers(harbour, garden, alice):
    row(harbour, alice).save()
    row(garden, alice).save()


def test_an_author_is_not_deleted_with_what_they_said(harbour, bob, charlie):
    say(harbour, bob)
    with pytest.raises(ProtectedError):
        bob.delete()
    charlie.delete()


@pytest.mark.parametrize("model", [Reaction, Mention])
def test_reactions_and_mentions_are_there_once(harbour, alice, bob, model):
    fields = {"message": say(harbour, alice), "user": bob} | ({"emoji": "👋"} if model is Reaction else {})
    model.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**fields)


def test_a_membership_is_there_once(harbour, bob):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(room=harbour, user=bob)


@pytest.mark.parametrize(
    ("role", "moderates"), [("owner", True), ("moderator", True), ("member", False), ("reader", False)]
)
def test_who_moderates(role, moderates):
    assert Membership(role=role).moderates == moderates


def test_changes_come_in_their_order(harbour, alice):
    first, second = say(harbour, alice), say(harbour, alice)
    Message.objects.filter(pk=first.pk).update(version=9)
    assert list(Message.objects.changed_after(0)) == [second, first]
    assert list(Message.objects.changed_after(2)) == [first]


def test_what_stands_and_what_is_seen(harbour, alice, charlie):
    first, second = say(harbour, alice), say(harbour, alice)
    Message.objects.filter(pk=first.pk).update(deleted_at=timezone.now())
    assert list(Message.objects.standing()) == [second]
    assert Message.objects.visible_to(alice).count() == 2
    assert Message.objects.visible_to(charlie).count() == 0


def test_what_goes_to_the_wire_is_read_in_two_queries(harbour, alice, bob, django_assert_num_queries):
    for author in (alice, bob, alice):
        Reaction.objects.create(message=say(harbour, author), user=bob, emoji="👋")
    with django_assert_num_queries(2):
        for message in Message.objects.for_wire():
            assert message.author.username
            assert [reaction.user.username for reaction in message.reactions.all()] == ["bob"]
