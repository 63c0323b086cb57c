"""Messages that a filter holds: approved, refused, taken back, and posted once."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import held, room_openings, rooms, scheduled
from chat.domain.errors import Decided, Filtered, Held, Invalid, NotFound
from chat.domain.filters import stored
from chat.models import Attachment, HeldMessage, Message, ScheduledMessage
from chat.protocol.things import PostedFile, PostedPoll
from chat.tests.talk import frames, post_message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def holds(dora):
    """A filter that holds messages about tea."""
    return stored.create(by=dora, name="Tea", kind="words", value="tea", action="hold")


def hold(room, author, body="Some tea", **fields) -> HeldMessage:
    with pytest.raises(Held):
        post_message(room, author, body, **fields)
    return HeldMessage.objects.latest("pk")


def texts() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("text", flat=True))


def test_a_held_message_is_posted_when_a_moderator_approves_it(harbour, alice, bob, capture_published):
    first = post_message(harbour, alice, "What is there?").pk
    poll = PostedPoll(options=["Green", "Black"])
    client_id = uuid.uuid4()
    row = hold(harbour, bob, client_id=client_id, reply_to=first, poll=poll, silent=True)
    assert texts() == ["What is there?"]
    with capture_published() as envelopes:
        message = held.approve(held=row.pk, by=alice)
    assert (message.text, message.author, message.client_id) == ("Some tea", bob, client_id)
    assert (message.reply_to_id, message.silent, message.poll["options"][0]["text"]) == (first, True, "Green")
    assert {"type": "held", "room": "harbour", "client_id": str(client_id), "state": "posted"} in frames(envelopes)


def test_approved_twice_it_is_posted_once(harbour, alice, bob):
    row = hold(harbour, bob)
    first = held.approve(held=row.pk, by=alice)
    assert held.approve(held=row.pk, by=alice).pk == first.pk
    assert texts() == ["Some tea"]
    with pytest.raises(Decided):
        held.refuse(held=row.pk, by=alice)


def test_the_same_command_again_asks_what_became_of_it(harbour, alice, bob):
    client_id = uuid.uuid4()
    row = hold(harbour, bob, client_id=client_id)
    assert hold(harbour, bob, client_id=client_id).pk == row.pk
    held.approve(held=row.pk, by=alice)
    assert post_message(harbour, bob, "Some tea", client_id=client_id).text == "Some tea"
    other = uuid.uuid4()
    held.refuse(held=hold(harbour, bob, client_id=other).pk, by=alice)
    with pytest.raises(Filtered, match="moderator"):
        post_message(harbour, bob, "Some tea", client_id=other)
    assert texts() == ["Some tea"]


def test_a_message_that_was_posted_before_the_filter_is_found_again(harbour, bob, dora, holds):
    stored.change(stored=holds, by=dora, is_on=False)
    client_id = uuid.uuid4()
    first = post_message(harbour, bob, "Some tea", client_id=client_id)
    stored.change(stored=holds, by=dora, is_on=True)
    assert post_message(harbour, bob, "Some tea", client_id=client_id).pk == first.pk
    assert not HeldMessage.objects.exists()


def test_a_held_message_keeps_its_files(harbour, alice, bob):
    upload = Attachment.objects.create(
        room=harbour, uploader=bob, sender_key=f"u:{bob.pk}", name="tea.txt", size=3, storage_name="a1",
        created_at=timezone.now(), state="ready", expires_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    row = hold(harbour, bob, attachments=[PostedFile(id=upload.pk, alt="A cup")])
    upload.refresh_from_db()
    assert upload.expires_at > timezone.now() + timedelta(days=20)
    message = held.approve(held=row.pk, by=alice)
    assert [file["alt"] for file in message.attachments] == ["A cup"]


def test_a_guest_waits_too(garden, alice, gina):
    row = hold(garden, gina)
    message = held.approve(held=row.pk, by=alice)
    assert (message.guest_name, message.guest_id, message.sender_key) == (gina.name, gina.id, f"g:{gina.key}")


def test_only_moderators_of_the_room_decide(harbour, garden, alice, bob, charlie):
    row = hold(harbour, bob)
    rooms.join(room=garden, user=charlie, role="owner")
    for by in (bob, charlie):
        with pytest.raises(NotFound):
            held.approve(held=row.pk, by=by)
        with pytest.raises(NotFound):
            held.refuse(held=row.pk, by=by)
    held.refuse(held=row.pk, by=alice)
    held.refuse(held=row.pk, by=alice)
    with pytest.raises(Decided):
        held.approve(held=row.pk, by=alice)


def test_moderators_of_the_site_decide_in_public_rooms_and_in_those_that_a_superuser_opened(harbour, garden, bob, dora):
    public, closed = hold(garden, bob), hold(harbour, bob)
    assert held.approve(held=public.pk, by=dora, site=True).text == "Some tea"
    for decide in (held.approve, held.refuse):
        with pytest.raises(NotFound):
            decide(held=closed.pk, by=dora, site=True)
    room_openings.open_room(place="harbour", by=dora, reason="Nobody moderates it")
    assert held.approve(held=closed.pk, by=dora, site=True).room == harbour


def test_one_whose_author_was_removed_is_not_posted(harbour, alice, bob):
    row = hold(harbour, bob)
    rooms.remove(room=harbour, user=bob)
    with pytest.raises(Invalid, match="cannot be posted"):
        held.approve(held=row.pk, by=alice)
    row.refresh_from_db()
    assert row.state == "waiting"


def test_the_author_takes_it_back(harbour, alice, bob, charlie, capture_published):
    row = hold(harbour, bob)
    held.withdraw(user=charlie, client_id=row.client_id)
    assert held.own(bob).waiting
    with capture_published() as envelopes:
        held.withdraw(user=bob, client_id=row.client_id)
        held.withdraw(user=bob, client_id=row.client_id)
    told = [(envelope.users, frame) for envelope in envelopes if (frame := frames([envelope])[0])["type"] == "held"]
    taken = {"type": "held", "room": "harbour", "client_id": str(row.client_id), "state": "withdrawn"}
    assert told == [((bob.pk,), taken)]
    with pytest.raises(NotFound):
        held.approve(held=row.pk, by=alice)
    # Another device that still has the message does not post it again, and the server does not keep its text.
    with pytest.raises(Filtered, match="took this message back"):
        post_message(harbour, bob, "Some tea", client_id=row.client_id)
    row.refresh_from_db()
    assert (row.body, row.parts) == ("", {})


def test_all_devices_of_the_author_know_what_waits_and_what_became_of_it(
    harbour, garden, alice, bob, capture_published
):
    first = post_message(harbour, alice, "What is there?").pk
    with capture_published() as envelopes:
        row = hold(harbour, bob, reply_to=first, silent=True)
    waits = {"type": "held", "room": "harbour", "client_id": str(row.client_id), "state": "waiting"}
    assert waits in [frame for envelope in envelopes if envelope.users == (bob.pk,) for frame in frames([envelope])]
    refused, posted, unknown = hold(garden, bob), hold(harbour, bob), uuid.uuid4()
    held.refuse(held=refused.pk, by=alice)
    held.approve(held=posted.pk, by=alice)
    answer = held.own(bob, [row.client_id, refused.client_id, posted.client_id, unknown])
    (mine,) = answer.waiting
    assert (mine.room, mine.body, mine.client_id) == ("harbour", "Some tea", str(row.client_id))
    assert (mine.reply_to, mine.silent, mine.thread, mine.in_room, mine.files) == (first, True, None, True, [])
    ended = {str(refused.client_id): "refused", str(posted.client_id): "posted"}
    assert {each.client_id: each.state for each in answer.ended} == ended
    assert held.own(alice, [row.client_id]).model_dump(exclude={"type", "ref"}) == {"waiting": [], "ended": []}


def test_what_one_wrote_in_a_room_that_one_may_not_see_any_more_is_not_shown(harbour, bob):
    hold(harbour, bob)
    rooms.remove(room=harbour, user=bob)
    assert held.own(bob).waiting == []


def test_a_guest_is_told_what_became_of_it(garden, alice, gina, capture_published):
    row = hold(garden, gina)
    with capture_published() as envelopes:
        held.refuse(held=row.pk, by=alice)
    assert [envelope.guests for envelope in envelopes if envelope.kind == "held"] == [(gina.id,)]
    assert [each.state for each in held.own(gina, [row.client_id]).ended] == ["refused"]


def test_a_message_about_which_nobody_decides_does_not_wait_for_ever(harbour, alice, bob, capture_published):
    old, new = hold(harbour, bob), hold(harbour, bob)
    HeldMessage.objects.filter(pk=old.pk).update(made_at=timezone.now() - timedelta(days=31))
    with capture_published() as envelopes:
        held.expire()
        held.expire()
    assert [frame["state"] for frame in frames(envelopes) if frame["type"] == "held"] == ["expired"]
    assert [each.client_id for each in held.own(bob).waiting] == [str(new.client_id)]
    with pytest.raises(Decided):
        held.approve(held=old.pk, by=alice)
    with pytest.raises(Filtered, match="in time"):
        post_message(harbour, bob, "Some tea", client_id=old.client_id)
    HeldMessage.objects.filter(pk=old.pk).update(decided_at=timezone.now() - timedelta(days=31))
    held.expire()
    assert list(HeldMessage.objects.all()) == [new]


def test_one_person_has_a_bounded_number_waiting(harbour, bob, monkeypatch):
    monkeypatch.setattr("chat.domain.holding.MAX_WAITING", 2)
    hold(harbour, bob)
    hold(harbour, bob)
    with pytest.raises(Filtered):
        post_message(harbour, bob, "Some tea")


def test_a_scheduled_message_that_is_held_waits_once(harbour, alice, bob):
    at = timezone.now() + timedelta(minutes=1)
    made = scheduled.schedule(room="harbour", author=bob, body="Some tea", client_id=uuid.uuid4(), at=at)
    ScheduledMessage.objects.update(at=timezone.now())
    scheduled.send(message=made.id)
    assert not ScheduledMessage.objects.exists()
    held.approve(held=HeldMessage.objects.get().pk, by=alice)
    assert texts() == ["Some tea"]


def test_an_approved_message_is_not_slowed_down(harbour, alice, bob):
    row = hold(harbour, bob)
    rooms.change(room=harbour, slow_mode_s=600)
    post_message(harbour, bob, "Coffee")
    assert held.approve(held=row.pk, by=alice).text == "Some tea"
