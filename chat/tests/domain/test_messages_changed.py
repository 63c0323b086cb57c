"""Editing and deleting messages."""

import pytest

from chat.domain import messages, rooms
from chat.domain.errors import Archived, Forbidden, Invalid, NotFound, TooLong
from chat.models import Mention, Message, Revision
from chat.tests.talk import frames, head, post_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(harbour, alice):
    """Alice's message in the harbour, at version 1."""
    return post_message(harbour, alice, "Ahoy")


@pytest.fixture
def his(harbour, bob):
    """Bob's message in the harbour."""
    return post_message(harbour, bob, "Aye")


# --- Editing


def test_alice_edits_her_message(harbour, alice, hers, capture_published):
    with capture_published() as envelopes:
        messages.edit(message=hers.pk, by=alice, body="\nAhoy **all** ")
    stored = Message.objects.get(pk=hers.pk)
    assert (stored.text, stored.html) == ("Ahoy **all**", "<p>Ahoy <strong>all</strong></p>\n")
    assert (stored.seq, stored.version, head(harbour)) == (1, 2, 2)
    assert stored.edited_at is not None
    (event,) = frames(envelopes)
    assert (event["version"], event["message"]["version"], event["message"]["seq"]) == (2, 2, 1)
    assert event["message"]["text"] == "Ahoy **all**"
    assert event["message"]["edited_at"] is not None


def test_an_edit_stores_the_former_text(hers, alice):
    messages.edit(message=hers.pk, by=alice, body="Ahoy all")
    messages.edit(message=hers.pk, by=alice, body="Ahoy everyone")
    assert list(hers.revisions.values_list("text", "replaced_by")) == [("Ahoy", alice.pk), ("Ahoy all", alice.pk)]


def test_an_edit_that_changes_nothing_takes_no_version(harbour, hers, alice, capture_published):
    with capture_published() as envelopes:
        messages.edit(message=hers.pk, by=alice, body="Ahoy ")
    assert (head(harbour), envelopes, Revision.objects.count()) == (1, [], 0)
    assert Message.objects.get(pk=hers.pk).edited_at is None


def test_bob_cannot_edit_alices_message(hers, bob):
    with pytest.raises(Forbidden):
        messages.edit(message=hers.pk, by=bob, body="I am a parrot")


def test_alice_cannot_edit_bobs_message_though_she_owns_the_room(his, alice):
    with pytest.raises(Forbidden):
        messages.edit(message=his.pk, by=alice, body="I am a parrot")


def test_charlie_cannot_edit_messages_of_a_private_room(hers, charlie):
    for message in (hers.pk, hers.pk + 1000):
        with pytest.raises(NotFound) as caught:
            messages.edit(message=message, by=charlie, body="I am a parrot")
        assert caught.value.field == "message"
        with pytest.raises(NotFound):
            messages.delete(message=message, by=charlie)
        with pytest.raises(NotFound):
            messages.react(message=message, by=charlie, emoji="👋", on=True)


def test_gina_can_edit_her_own_message_but_no_other_guests(garden, gina):
    from chat.domain.guests import Guest

    message = post_message(garden, gina)
    assert messages.edit(message=message.pk, by=gina, body="Hello").text == "Hello"
    assert Revision.objects.get(message=message).replaced_by is None
    with pytest.raises(Forbidden):
        messages.edit(message=message.pk, by=Guest(key="8" * 32, name=gina.name), body="I am a parrot")


def test_an_edit_has_the_same_limits_as_a_post(hers, alice, settings):
    settings.CHAT_MAX_BODY = 10
    with pytest.raises(TooLong):
        messages.edit(message=hers.pk, by=alice, body="x" * 11)
    with pytest.raises(Invalid):
        messages.edit(message=hers.pk, by=alice, body=" ")


def test_messages_of_an_archived_room_cannot_be_changed(harbour, hers, alice):
    rooms.archive(room=harbour)
    with pytest.raises(Archived):
        messages.edit(message=hers.pk, by=alice, body="Ahoy all")
    with pytest.raises(Archived):
        messages.delete(message=hers.pk, by=alice)
    with pytest.raises(Archived):
        messages.react(message=hers.pk, by=alice, emoji="👋", on=True)
    assert Message.objects.get(pk=hers.pk).text == "Ahoy"


# --- Deleting


def test_a_deleted_message_leaves_a_tombstone_without_its_text(harbour, hers, alice, bob, capture_published):
    messages.react(message=hers.pk, by=bob, emoji="👋", on=True)
    with capture_published() as envelopes:
        messages.delete(message=hers.pk, by=alice)
    stored = Message.objects.get(pk=hers.pk)
    assert (stored.text, stored.html, stored.seq, stored.version) == ("", "", 1, 3)
    assert stored.deleted_at is not None
    (event,) = frames(envelopes)
    message = event["message"]
    assert (message["deleted"], message["text"], message["html"], message["reactions"]) == (True, "", "", [])
    assert (message["id"], message["seq"], message["version"]) == (hers.pk, 1, 3)
    assert "Ahoy" not in envelopes[0].text


def test_a_deletion_stores_the_former_text_for_moderators(hers, alice):
    messages.delete(message=hers.pk, by=alice)
    assert list(hers.revisions.values_list("text", "replaced_by")) == [("Ahoy", alice.pk)]


def test_deleting_again_does_nothing(harbour, hers, alice, capture_published):
    messages.delete(message=hers.pk, by=alice)
    with capture_published() as envelopes:
        messages.delete(message=hers.pk, by=alice)
    assert (head(harbour), envelopes, Revision.objects.count()) == (2, [], 1)


def test_bob_cannot_delete_alices_message(hers, bob):
    with pytest.raises(Forbidden):
        messages.delete(message=hers.pk, by=bob)


def test_alice_deletes_bobs_message_as_the_rooms_owner(his, alice):
    assert messages.delete(message=his.pk, by=alice).deleted_at is not None
    assert his.revisions.get().replaced_by == alice


def test_bob_deletes_alices_message_as_a_moderator(harbour, hers, bob):
    rooms.set_role(room=harbour, user=bob, role="moderator")
    messages.delete(message=hers.pk, by=bob)


def test_a_moderator_of_one_room_cannot_moderate_another(garden, harbour, hers, bob):
    rooms.set_role(room=garden, user=bob, role="moderator")
    with pytest.raises(Forbidden):
        messages.delete(message=hers.pk, by=bob)


def test_nobody_can_moderate_a_room_that_they_cannot_see(hers, dora):
    with pytest.raises(NotFound):
        messages.delete(message=hers.pk, by=dora)


def test_alice_can_delete_a_guests_message(garden, alice, gina):
    messages.delete(message=post_message(garden, gina).pk, by=alice)


def test_gina_can_delete_only_her_own_message(garden, bob, gina):
    messages.delete(message=post_message(garden, gina).pk, by=gina)
    with pytest.raises(Forbidden):
        messages.delete(message=post_message(garden, bob).pk, by=gina)


def test_a_deleted_message_cannot_be_edited_or_reacted_to(hers, alice, bob):
    messages.delete(message=hers.pk, by=alice)
    with pytest.raises(Forbidden):
        messages.edit(message=hers.pk, by=alice, body="Ahoy again")
    with pytest.raises(Forbidden):
        messages.react(message=hers.pk, by=bob, emoji="👋", on=True)
    assert Message.objects.get(pk=hers.pk).text == ""


def test_replies_to_a_deleted_message_remain(harbour, hers, alice, bob):
    reply = post_message(harbour, bob, reply_to=hers.pk)
    messages.delete(message=hers.pk, by=alice)
    assert Message.objects.get(pk=reply.pk).reply_to_id == hers.pk
    # A client that did not receive the deletion yet gets no error.
    assert post_message(harbour, bob, reply_to=hers.pk).reply_to_id == hers.pk


def test_a_deleted_message_has_no_mentions(harbour, alice, bob):
    message = post_message(harbour, alice, "Ahoy @bob")
    assert Mention.objects.count() == 1
    messages.delete(message=message.pk, by=alice)
    assert Mention.objects.count() == 0
