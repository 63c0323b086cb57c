"""Drafts: one for each room and thread of a person, the same on all their devices, gone when it is sent."""

import uuid

import pytest
from django.conf import settings

from chat.domain import drafts, rooms
from chat.domain.errors import Forbidden, Invalid, NotFound, TooLong
from chat.models import Draft
from chat.tests.talk import frames, post_message

pytestmark = pytest.mark.django_db


def save(room, user, body="Not yet", **fields):
    drafts.save(room=room.slug, user=user, body=body, **{"client_id": uuid.uuid4()} | fields)


def bodies(user) -> list[str]:
    return [draft.body for draft in drafts.drafts_of(user)]


def test_the_last_writer_wins(harbour, alice):
    save(harbour, alice, "From the phone")
    save(harbour, alice, "From the desk")
    assert bodies(alice) == ["From the desk"]


def test_only_the_author_gets_the_event_of_a_draft(harbour, alice, bob, capture_published):
    with capture_published() as envelopes:
        save(harbour, alice)
    (event,) = frames(envelopes)
    assert (event["type"], event["draft"]["body"], event["draft"]["room"]) == ("draft", "Not yet", "harbour")
    assert envelopes[0].users == (alice.pk,)
    assert not envelopes[0].version
    assert bodies(bob) == []


def test_an_empty_draft_is_removed(harbour, alice, capture_published):
    save(harbour, alice)
    with capture_published() as envelopes:
        save(harbour, alice, " \n")
        save(harbour, alice, "")
    assert [event["draft"] for event in frames(envelopes)] == [None]
    assert not Draft.objects.exists()


def test_a_room_and_its_threads_have_drafts_of_their_own(harbour, alice):
    first, second = (post_message(harbour, alice).pk for _ in range(2))
    for thread in (None, first, second, first):
        save(harbour, alice, f"In {thread}", thread=thread)
    assert sorted(bodies(alice)) == sorted([f"In {first}", f"In {second}", "In None"])


def test_a_draft_has_a_quote_of_the_message_that_it_answers(harbour, alice, bob):
    answered = post_message(harbour, bob, "Tea or **coffee**?")
    save(harbour, alice, "", reply_to=answered.pk)
    (draft,) = drafts.drafts_of(alice)
    assert (draft.body, draft.reply_to, draft.quote.text) == ("", answered.pk, "Tea or coffee?")


def test_a_draft_that_was_sent_is_not_shown_even_if_nobody_removed_it(harbour, alice):
    client_id = uuid.uuid4()
    save(harbour, alice, client_id=client_id)
    post_message(harbour, alice, "Not yet", client_id=client_id)
    assert bodies(alice) == []


def test_a_draft_that_arrives_after_its_message_is_not_kept(harbour, alice):
    client_id = uuid.uuid4()
    post_message(harbour, alice, "Sent", client_id=client_id)
    save(harbour, alice, "Sent", client_id=client_id)
    assert not Draft.objects.exists()


def test_a_draft_longer_than_a_message_is_kept(harbour, alice):
    longer = "é" * (settings.CHAT_MAX_BODY + 1)
    save(harbour, alice, longer)
    assert bodies(alice) == [longer]
    with pytest.raises(TooLong):
        save(harbour, alice, "x" * (drafts.BODY_FACTOR * settings.CHAT_MAX_BODY + 1))
    assert bodies(alice) == [longer]


def test_at_the_limit_no_draft_can_be_added_and_existing_ones_can_be_changed(harbour, garden, alice, monkeypatch):
    monkeypatch.setattr(drafts, "MAX_DRAFTS", 2)
    roots = [post_message(harbour, alice).pk for _ in range(3)]
    save(harbour, alice, thread=roots[0])
    save(harbour, alice, thread=roots[1])
    with pytest.raises(Invalid):
        save(garden, alice)
    save(harbour, alice, "Other", thread=roots[1])
    monkeypatch.setattr(drafts, "MAX_CHARACTERS", 20)
    with pytest.raises(Invalid):
        save(harbour, alice, "x" * 14, thread=roots[1])


def test_a_stranger_keeps_no_draft_in_a_private_room(harbour, charlie):
    with pytest.raises(NotFound):
        save(harbour, charlie)


def test_a_draft_cannot_refer_to_a_message_of_another_room(harbour, garden, alice):
    elsewhere = post_message(garden, alice).pk
    for field in ("thread", "reply_to"):
        with pytest.raises(NotFound):
            save(harbour, alice, **{field: elsewhere})


def test_a_member_who_was_removed_has_the_draft_again_after_joining(harbour, alice, bob):
    save(harbour, bob)
    rooms.remove(room=harbour, user=bob)
    assert bodies(bob) == []
    rooms.join(room=harbour, user=bob, role="member")
    assert bodies(bob) == ["Not yet"]


def test_guests_have_no_drafts(garden, gina):
    with pytest.raises(Forbidden):
        save(garden, gina)
    assert drafts.drafts_of(gina) == []


def test_bob_cannot_discard_alices_draft(harbour, alice, bob):
    save(harbour, alice)
    draft = Draft.objects.get().pk
    drafts.discard(draft=draft, user=bob)
    assert bodies(alice) == ["Not yet"]
    drafts.discard(draft=draft, user=alice)
    assert bodies(alice) == []


def test_nul_and_lone_surrogates_are_replaced(harbour, alice):
    save(harbour, alice, "a\0b\ud800c")
    assert bodies(alice) == ["a\ufffdb\ufffdc"]
