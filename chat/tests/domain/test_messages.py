"""Posting: permissions, what is stored, what is published, and idempotency."""

import uuid

import pytest
from django.test import override_settings

from chat.domain import guests, messages, rooms
from chat.domain.errors import Archived, Forbidden, Invalid, NotFound, SignedOut, TooLong
from chat.models import Membership, Message
from chat.tests.talk import frames, head, post_message
from chat.tests.wire_message import wire_person

pytestmark = pytest.mark.django_db


# --- Permissions


def test_bob_posts_in_his_room(harbour, bob):
    message = post_message(harbour, bob, "Ahoy *there*")
    stored = Message.objects.get(pk=message.pk)
    assert (stored.room, stored.author, stored.sender_key, stored.guest_name) == (harbour, bob, f"u:{bob.pk}", "")
    assert (stored.text, stored.html) == ("Ahoy *there*", "<p>Ahoy <em>there</em></p>\n")
    assert (stored.seq, stored.version) == (1, 1)
    assert (stored.edited_at, stored.deleted_at, stored.reply_to) == (None, None, None)


def test_charlie_cannot_post_in_a_room_that_he_cannot_see(harbour, charlie):
    with pytest.raises(NotFound) as private:
        post_message(harbour, charlie)
    with pytest.raises(NotFound) as missing:
        messages.post(room="nowhere", author=charlie, body="Ahoy", client_id=uuid.uuid4())
    # The same error, so that nobody learns which rooms exist.
    assert str(private.value.detail) == str(missing.value.detail)
    assert private.value.field == missing.value.field
    assert not Message.objects.exists()


def test_charlie_joins_a_public_room_by_posting(garden, charlie, capture_published):
    with capture_published() as envelopes:
        post_message(garden, charlie)
    assert Membership.objects.get(room=garden, user=charlie).role == "member"
    assert [envelope.kind for envelope in envelopes] == ["room_added", "members", "message"]


def test_bob_cannot_post_as_a_reader(harbour, bob):
    rooms.set_role(room=harbour, user=bob, role="reader")
    with pytest.raises(Forbidden):
        post_message(harbour, bob)


def test_bob_cannot_post_after_he_left(harbour, bob):
    rooms.leave(room=harbour, user=bob)
    with pytest.raises(NotFound):
        post_message(harbour, bob)


def test_removed_bob_can_delete_his_message_and_gets_no_quote(harbour, alice, bob):
    hers = post_message(harbour, alice, "first")
    his = post_message(harbour, bob, "mine", reply_to=hers.pk)
    rooms.remove(room=harbour, user=bob)
    messages.edit(message=hers.pk, by=alice, body="what Bob must not know")
    with pytest.raises(NotFound):
        messages.edit(message=his.pk, by=bob, body="other")
    with pytest.raises(NotFound):
        messages.delete(message=hers.pk, by=bob)
    answer = messages.serialized(messages.delete(message=his.pk, by=bob))
    assert (answer.deleted, answer.text, answer.quote) == (True, "", None)
    # Posted again by a client that got no answer: as it was posted.
    again = messages.serialized(post_message(harbour, bob, "mine", client_id=his.client_id, reply_to=hers.pk))
    assert (again.text, again.version, again.deleted, again.quote) == ("mine", his.seq, False, None)


def test_a_deactivated_user_gets_signed_out(harbour, bob):
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)
    with pytest.raises(SignedOut):
        post_message(harbour, bob)


def test_gina_can_post_where_guests_may_write(garden, gina):
    stored = Message.objects.get(pk=post_message(garden, gina).pk)
    assert (stored.author, stored.guest_name, stored.sender_key) == (None, gina.name, f"g:{gina.key}")
    assert not Membership.objects.filter(room=garden, user=None).exists()


def test_gina_cannot_post_where_guests_may_read(garden, gina):
    rooms.change(room=garden, guests="read")
    with pytest.raises(Forbidden):
        post_message(garden, gina)


@pytest.mark.parametrize("closing", [{"guests": "none"}, {"kind": "private"}])
def test_gina_cannot_see_a_room_that_is_closed_to_guests(garden, gina, closing):
    rooms.change(room=garden, **closing)
    with pytest.raises(NotFound):
        post_message(garden, gina)


def test_nobody_can_post_in_an_archived_room(garden, alice, gina):
    rooms.archive(room=garden)
    for author in (alice, gina):
        with pytest.raises(Archived):
            post_message(garden, author)
    rooms.restore(room=garden)
    post_message(garden, alice)


# --- Contents


@pytest.mark.parametrize("body", ["", "  \n\t "])
def test_a_message_without_visible_text_is_refused(harbour, bob, body):
    with pytest.raises(Invalid) as caught:
        post_message(harbour, bob, body)
    assert caught.value.field == "body"


@override_settings(CHAT_MAX_BODY=10)
def test_a_message_above_the_limit_is_refused(harbour, bob):
    assert post_message(harbour, bob, "\n" + "x" * 10 + " ").text == "x" * 10
    with pytest.raises(TooLong) as caught:
        post_message(harbour, bob, "x" * 11)
    assert "10" in str(caught.value.detail)
    assert caught.value.field == "body"


def test_bob_replies_to_alice(harbour, alice, bob, capture_published):
    first = post_message(harbour, alice)
    with capture_published() as envelopes:
        second = post_message(harbour, bob, reply_to=first.pk)
    assert Message.objects.get(pk=second.pk).reply_to == first
    assert frames(envelopes)[0]["message"]["reply_to"] == first.pk


def test_a_reply_to_a_message_of_another_room_is_refused(harbour, lobby, bob):
    elsewhere = post_message(lobby, bob)
    for reply_to in (elsewhere.pk, elsewhere.pk + 1000, 0):
        with pytest.raises(NotFound) as caught:
            post_message(harbour, bob, reply_to=reply_to)
        assert caught.value.field == "reply_to"


def test_the_event_of_a_message_is_the_same_for_everyone(harbour, bob, capture_published):
    with capture_published() as envelopes:
        message = post_message(harbour, bob, "Ahoy *there*")
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
            "author": wire_person(bob.pk, "bob"),
            "guest": None,
            "text": "Ahoy *there*",
            "html": "<p>Ahoy <em>there</em></p>\n",
            "at": at,
            "edited_at": None,
            "deleted": False,
            "removed": False,
            "reply_to": None,
            "quote": None,
            "reactions": [],
            "mentions": None,
            "attachments": [],
            "previews": [],
            "pinned": None,
            "poll": None,
            "silent": False,
            "thread": None,
            "in_room": True,
            "replies": None,
        },
    }
    assert (envelopes[0].room, envelopes[0].room_id, envelopes[0].version) == ("harbour", harbour.pk, 1)
    assert envelopes[0].users == ()


def test_an_event_has_only_id_and_name_of_a_guest(garden, gina, capture_published):
    with capture_published() as envelopes:
        post_message(garden, gina)
    message = frames(envelopes)[0]["message"]
    assert (message["author"], message["guest"]) == (None, {"id": gina.id, "name": gina.name})
    assert gina.key not in envelopes[0].text


# --- Idempotency


def test_the_same_client_id_returns_the_first_message(harbour, bob, capture_published):
    client_id = uuid.uuid4()
    first = post_message(harbour, bob, "Ahoy", client_id)
    with capture_published() as envelopes:
        again = post_message(harbour, bob, "Something else", client_id)
    assert (again.pk, again.text, again.version) == (first.pk, "Ahoy", 1)
    assert (head(harbour), Message.objects.count(), envelopes) == (1, 1, [])


def test_a_repeated_post_returns_the_message_as_it_is_now(harbour, alice, bob):
    client_id = uuid.uuid4()
    first = post_message(harbour, bob, "Ahoy", client_id)
    messages.react(message=first.pk, by=alice, emoji="👋", on=True)
    messages.edit(message=first.pk, by=bob, body="Ahoy!")
    again = post_message(harbour, bob, "Ahoy", client_id)
    assert (again.text, again.version, len(again.reactions.all())) == ("Ahoy!", 3, 1)


def test_two_people_may_use_the_same_client_id(garden, alice, bob, gina):
    client_id = uuid.uuid4()
    other = guests.Guest(key="8" * 32, name=gina.name)
    assert len({post_message(garden, author, client_id=client_id).pk for author in (alice, bob, gina, other)}) == 4


def test_a_client_id_of_another_room_is_refused(garden, harbour, bob):
    client_id = uuid.uuid4()
    post_message(garden, bob, client_id=client_id)
    with pytest.raises(Invalid) as caught:
        post_message(harbour, bob, client_id=client_id)
    assert caught.value.field == "client_id"
    assert (head(garden), head(harbour)) == (1, 0)


def test_a_stored_message_is_acknowledged_even_if_it_would_be_refused_now(harbour, bob):
    client_id = uuid.uuid4()
    first = post_message(harbour, bob, client_id=client_id)
    rooms.archive(room=harbour)
    assert post_message(harbour, bob, client_id=client_id) == first
    rooms.restore(room=harbour)
    rooms.set_role(room=harbour, user=bob, role="reader")
    assert post_message(harbour, bob, client_id=client_id) == first
    with pytest.raises(Forbidden):
        post_message(harbour, bob)
