"""Saying something: who may, what is stored, what is told, and that it is said once."""

import uuid

import pytest
from django.test import override_settings

from chat.domain import facts, guests, messages, rooms
from chat.domain.errors import Archived, Forbidden, Invalid, NotFound, SignedOut, TooLong
from chat.models import Membership, Message
from chat.tests.talk import frames, head, say

pytestmark = pytest.mark.django_db


# --- Who may


def test_bob_posts_in_his_room(harbour, bob):
    message = say(harbour, bob, "Ahoy *there*")
    stored = Message.objects.get(pk=message.pk)
    assert (stored.room, stored.author, stored.sender_key, stored.guest_name) == (harbour, bob, f"u:{bob.pk}", "")
    assert (stored.text, stored.html) == ("Ahoy *there*", "<p>Ahoy <em>there</em></p>\n")
    assert (stored.seq, stored.version) == (1, 1)
    assert (stored.edited_at, stored.deleted_at, stored.reply_to) == (None, None, None)


def test_charlie_cannot_post_where_he_cannot_look(harbour, charlie):
    with pytest.raises(NotFound) as private:
        say(harbour, charlie)
    with pytest.raises(NotFound) as missing:
        messages.post(room="nowhere", author=charlie, body="Ahoy", client_id=uuid.uuid4())
    # Told alike: nobody learns which rooms there are.
    assert str(private.value.detail) == str(missing.value.detail)
    assert private.value.field == missing.value.field
    assert not Message.objects.exists()


def test_charlie_joins_a_public_room_by_speaking(garden, charlie, heard):
    with heard() as envelopes:
        say(garden, charlie)
    assert Membership.objects.get(room=garden, user=charlie).role == "member"
    assert [envelope.kind for envelope in envelopes] == ["room_added", "message"]


def test_bob_cannot_post_as_a_reader(harbour, bob):
    rooms.set_role(room=harbour, user=bob, role="reader")
    with pytest.raises(Forbidden):
        say(harbour, bob)


def test_bob_cannot_post_once_he_left(harbour, bob):
    rooms.leave(room=harbour, user=bob)
    with pytest.raises(NotFound):
        say(harbour, bob)


def test_bob_deletes_what_he_said_after_he_was_removed_and_learns_nothing(harbour, alice, bob):
    hers = say(harbour, alice, "first")
    his = say(harbour, bob, "mine", reply_to=hers.pk)
    rooms.remove(room=harbour, user=bob)
    messages.edit(message=hers.pk, by=alice, body="what Bob must not know")
    with pytest.raises(NotFound):
        messages.edit(message=his.pk, by=bob, body="other")
    with pytest.raises(NotFound):
        messages.delete(message=hers.pk, by=bob)
    answer = facts.stored_out(messages.delete(message=his.pk, by=bob))
    assert (answer.deleted, answer.text, answer.quote) == (True, "", None)
    # Said again, by a client that had no answer: as it was.
    again = facts.stored_out(say(harbour, bob, "mine", client_id=his.client_id, reply_to=hers.pk))
    assert (again.text, again.version, again.deleted, again.quote) == ("mine", his.seq, False, None)


def test_bob_is_told_that_he_is_signed_out_once_deactivated(harbour, bob):
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)
    with pytest.raises(SignedOut):
        say(harbour, bob)


def test_gina_posts_where_guests_may_write(garden, gina):
    stored = Message.objects.get(pk=say(garden, gina).pk)
    assert (stored.author, stored.guest_name, stored.sender_key) == (None, gina.name, f"g:{gina.key}")
    assert not Membership.objects.filter(room=garden, user=None).exists()


def test_gina_cannot_post_where_guests_may_read(garden, gina):
    rooms.change(room=garden, guests="read")
    with pytest.raises(Forbidden):
        say(garden, gina)


@pytest.mark.parametrize("closing", [{"guests": "none"}, {"kind": "private"}])
def test_gina_does_not_find_a_room_closed_to_guests(garden, gina, closing):
    rooms.change(room=garden, **closing)
    with pytest.raises(NotFound):
        say(garden, gina)


def test_nobody_posts_in_an_archived_room(garden, alice, gina):
    rooms.archive(room=garden)
    for author in (alice, gina):
        with pytest.raises(Archived):
            say(garden, author)
    rooms.restore(room=garden)
    say(garden, alice)


# --- What


@pytest.mark.parametrize("body", ["", "  \n\t "])
def test_a_message_needs_some_text(harbour, bob, body):
    with pytest.raises(Invalid) as caught:
        say(harbour, bob, body)
    assert caught.value.field == "body"


@override_settings(CHAT_MAX_BODY=10)
def test_a_message_has_a_limit(harbour, bob):
    assert say(harbour, bob, "\n" + "x" * 10 + " ").text == "x" * 10
    with pytest.raises(TooLong) as caught:
        say(harbour, bob, "x" * 11)
    assert "10" in str(caught.value.detail)
    assert caught.value.field == "body"


def test_bob_replies_to_alice(harbour, alice, bob, heard):
    first = say(harbour, alice)
    with heard() as envelopes:
        second = say(harbour, bob, reply_to=first.pk)
    assert Message.objects.get(pk=second.pk).reply_to == first
    assert frames(envelopes)[0]["message"]["reply_to"] == first.pk


def test_a_reply_stays_within_its_room(harbour, lobby, bob):
    elsewhere = say(lobby, bob)
    for reply_to in (elsewhere.pk, elsewhere.pk + 1000, 0):
        with pytest.raises(NotFound) as caught:
            say(harbour, bob, reply_to=reply_to)
        assert caught.value.field == "reply_to"


def test_what_is_told_of_a_message_is_the_same_for_all(harbour, bob, heard):
    with heard() as envelopes:
        message = say(harbour, bob, "Ahoy *there*")
    (event,) = frames(envelopes)
    at = Message.objects.get(pk=message.pk).created_at.isoformat().replace("+00:00", "Z")
    assert event == {
        "type": "message",
        "room": "harbour",
        "version": 1,
        "message": {
            "id": message.pk,
            "seq": 1,
            "version": 1,
            "client_id": str(message.client_id),
            "author": {"id": bob.pk, "name": "bob", "avatar": None},
            "guest": None,
            "text": "Ahoy *there*",
            "html": "<p>Ahoy <em>there</em></p>\n",
            "at": at,
            "edited_at": None,
            "deleted": False,
            "reply_to": None,
            "quote": None,
            "reactions": [],
            "mentions": None,
            "attachments": [],
        },
    }
    assert (envelopes[0].room, envelopes[0].room_id, envelopes[0].version) == ("harbour", harbour.pk, 1)
    assert envelopes[0].users == ()


def test_of_a_guest_only_id_and_name_are_told(garden, gina, heard):
    with heard() as envelopes:
        say(garden, gina)
    message = frames(envelopes)[0]["message"]
    assert (message["author"], message["guest"]) == (None, {"id": gina.id, "name": gina.name})
    assert gina.key not in envelopes[0].text


# --- Once


def test_the_same_client_id_again_gives_the_first_message(harbour, bob, heard):
    client_id = uuid.uuid4()
    first = say(harbour, bob, "Ahoy", client_id)
    with heard() as envelopes:
        again = say(harbour, bob, "Something else", client_id)
    assert (again.pk, again.text, again.version) == (first.pk, "Ahoy", 1)
    assert (head(harbour), Message.objects.count(), envelopes) == (1, 1, [])


def test_a_repeated_message_is_told_as_it_is_now(harbour, alice, bob):
    client_id = uuid.uuid4()
    first = say(harbour, bob, "Ahoy", client_id)
    messages.react(message=first.pk, by=alice, emoji="👋", on=True)
    messages.edit(message=first.pk, by=bob, body="Ahoy!")
    again = say(harbour, bob, "Ahoy", client_id)
    assert (again.text, again.version, len(again.reactions.all())) == ("Ahoy!", 3, 1)


def test_two_people_may_have_the_same_client_id(garden, alice, bob, gina):
    client_id = uuid.uuid4()
    other = guests.Guest(key="8" * 32, name=gina.name)
    assert len({say(garden, author, client_id=client_id).pk for author in (alice, bob, gina, other)}) == 4


def test_a_client_id_of_another_room_is_refused(garden, harbour, bob):
    client_id = uuid.uuid4()
    say(garden, bob, client_id=client_id)
    with pytest.raises(Invalid) as caught:
        say(harbour, bob, client_id=client_id)
    assert caught.value.field == "client_id"
    assert (head(garden), head(harbour)) == (1, 0)


def test_what_was_stored_is_acknowledged_even_if_it_would_be_refused_now(harbour, bob):
    client_id = uuid.uuid4()
    first = say(harbour, bob, client_id=client_id)
    rooms.archive(room=harbour)
    assert say(harbour, bob, client_id=client_id) == first
    rooms.restore(room=harbour)
    rooms.set_role(room=harbour, user=bob, role="reader")
    assert say(harbour, bob, client_id=client_id) == first
    with pytest.raises(Forbidden):
        say(harbour, bob)
