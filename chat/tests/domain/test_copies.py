"""For each verb: a client's copy with the events of the verb applied equals the answer to a new `open`.

After the model of Zulip's `verify_action`: an event that forgets something, or a verb that forgets its event, shows
here.
"""

import json
import uuid

import pytest
from django.conf import settings

from chat.domain import (
    forwarding,
    messages,
    missed_changes,
    person_mutes,
    pins,
    polls,
    reading,
    restoring,
    rooms,
    timeline,
)
from chat.domain.previews import fetching, removal
from chat.models import Message, Site
from chat.protocol import things
from chat.tests.room_copy import RoomCopy
from chat.tests.talk import frames, post_message, post_poll

pytestmark = pytest.mark.django_db


def open_reply(person, slug: str, **since) -> dict:
    """The answer to `open`, as on the wire."""
    return json.loads(timeline.open_room(person, slug, **since).reply().encode())


def shown(copy: RoomCopy) -> dict:
    """The part of a copy that is the same for everyone: all but counts."""
    own = things.RoomState.model_fields.keys() - things.Room.model_fields.keys()
    state = {name: value for name, value in copy.state.items() if name not in own}
    return {"version": copy.version, "state": state, "messages": copy.in_order()}


def fresh(person, slug: str) -> RoomCopy:
    copy = RoomCopy(slug)
    copy.opened(open_reply(person, slug))
    return copy


@pytest.fixture
def talk(garden, alice, bob, gina):
    """The garden with some talk: a reply, an edit, a reaction, a tombstone, a guest."""
    first = post_message(garden, alice, "Ahoy @bob")
    second = post_message(garden, bob, "Aye", reply_to=first.pk)
    messages.edit(message=second.pk, by=bob, body="Aye, aye")
    messages.react(message=first.pk, by=bob, emoji="👋", on=True)
    messages.delete(message=post_message(garden, gina, "Hello").pk, by=gina)
    return first.pk, second.pk


LINK = "https://example.com/"


def add_preview(message: int) -> int:
    """Add what the job would have found to a message that has the link; returns its id."""
    Message.objects.filter(pk=message).update(html=f'<p><a href="{LINK}">x</a></p>')
    texts = {"title": "Tides", "description": "", "site": "example.com"}
    fetching._add(message, {LINK: {"url": LINK, "picture": None, "icon": None, **texts}})
    return message


def delete_and_restore(message: int, by) -> None:
    messages.delete(message=message, by=by)
    restoring.restore(message=message, by=by)


def verbs(room, alice, bob, charlie, gina, talk) -> dict:
    """Each verb of the domain, by name."""
    hers, his = talk
    return {
        "post": lambda: post_message(room, alice, "One **more** @all"),
        "post as a guest": lambda: post_message(room, gina, "Hello again"),
        "post and join": lambda: post_message(room, charlie, "Hello @bob"),
        "post a reply": lambda: post_message(room, bob, "Quite", reply_to=hers),
        "reply in a thread": lambda: post_message(room, bob, "Quite", thread=hers),
        "reply in a thread and the room": lambda: post_message(room, bob, "Quite", thread=hers, in_room=True),
        "reply to a reply": lambda: post_message(room, alice, "So", thread=post_message(room, bob, thread=hers).pk),
        "quote a reply": lambda: post_message(room, alice, reply_to=post_message(room, bob, "So", thread=hers).pk),
        "delete a reply": lambda: messages.delete(message=post_message(room, bob, thread=hers).pk, by=bob),
        "delete a root": lambda: (post_message(room, bob, thread=hers), messages.delete(message=hers, by=alice)),
        "edit": lambda: messages.edit(message=hers, by=alice, body="Ahoy ~~all~~"),
        "edit what is quoted": lambda: messages.edit(message=hers, by=alice, body="*Ahoy* &\n\n- `all` of <you>"),
        "tick a task": lambda: messages.tick(
            message=post_message(room, alice, "- [ ] one\n- [ ] two").pk, by=alice, task=1, on=True
        ),
        "edit the answer": lambda: messages.edit(message=his, by=bob, body="Aye!"),
        "add a preview": lambda: add_preview(hers),
        "remove a preview": lambda: removal.remove_preview(message=add_preview(his), by=bob, url=LINK),
        "post a poll": lambda: post_poll(room, alice),
        "post silently": lambda: post_message(room, alice, "Later is fine", silent=True),
        "vote": lambda: polls.vote(message=post_poll(room, alice), by=bob, options=[1]),
        "vote anonymously": lambda: polls.vote(message=post_poll(room, alice, anonymous=True), by=bob, options=[1]),
        "edit a poll": lambda: messages.edit(message=post_poll(room, alice), by=alice, body="Dinner?"),
        "close a poll": lambda: polls.close(message=post_poll(room, alice), by=alice),
        "pin": lambda: pins.pin(message=hers, by=bob, on=True),
        "forward": lambda: forwarding.forward(message=his, room=room.slug, by=alice, client_id=uuid.uuid4()),
        "delete and restore": lambda: delete_and_restore(hers, alice),
        "delete": lambda: messages.delete(message=his, by=bob),
        "remove": lambda: messages.delete(message=post_message(room, bob).pk, by=alice),
        "remove and restore": lambda: delete_and_restore(post_message(room, bob).pk, alice),
        "mute a person": lambda: person_mutes.mute_in_room(room=room.slug, by=alice, person=charlie.pk, minutes=9),
        "delete what has reactions": lambda: messages.delete(message=hers, by=alice),
        "react": lambda: messages.react(message=hers, by=alice, emoji="🎉", on=True),
        "react alike": lambda: messages.react(message=hers, by=alice, emoji="👋", on=True),
        "take back a reaction": lambda: messages.react(message=hers, by=bob, emoji="👋", on=False),
        "read": lambda: reading.read(room=room.slug, user=bob, upto=2),
        "rename": lambda: rooms.change(room=room, name="Orchard", topic="Apples"),
        "close to guests": lambda: rooms.change(room=room, guests="none"),
        "make private": lambda: rooms.change(room=room, kind="private"),
        "slow down": lambda: rooms.change(room=room, slow_mode_s=30),
        "archive": lambda: rooms.archive(room=room),
        "join": lambda: rooms.join(room=room, user=charlie),
        "leave": lambda: rooms.leave(room=room, user=charlie),
        "set role": lambda: rooms.set_role(room=room, user=alice, role="moderator"),
    }


ENDINGS = {"close to guests", "make private", "delete a root"}
"""Verbs after which other ones would be refused."""
NAMES = list(verbs(None, *[None] * 4, (0, 0)))


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_and_its_events_equal_a_fresh_open(garden, alice, bob, charlie, gina, talk, capture_published, name):
    copy, fallen_behind = fresh(bob, "garden"), fresh(bob, "garden")
    with capture_published() as envelopes:
        verbs(garden, alice, bob, charlie, gina, talk)[name]()
    for event in frames(envelopes):
        copy.apply(event)
    assert shown(copy) == shown(fresh(bob, "garden"))
    # The same by `open … since`, for a client that received no event.
    fallen_behind.opened(open_reply(bob, "garden", **fallen_behind.since()))
    assert shown(fallen_behind) == shown(copy)
    assert copy.faults + fallen_behind.faults == []


def test_all_verbs_one_after_the_other(garden, alice, bob, charlie, gina, talk, capture_published):
    copy, sleeper = fresh(bob, "garden"), fresh(bob, "garden")
    with capture_published() as envelopes:
        for name, verb in verbs(garden, alice, bob, charlie, gina, talk).items():
            if name not in {"react", "react alike", "take back a reaction", *ENDINGS}:
                verb()
    for event in frames(envelopes):
        copy.apply(event)
    changes = missed_changes.changes_after(garden.pk, sleeper.version)
    sleeper.apply({"type": "changes"} | changes.model_dump(mode="json"))
    assert shown(copy) == shown(sleeper) == shown(fresh(bob, "garden"))
    assert copy.faults + sleeper.faults == []


def test_a_copy_of_another_epoch_is_dropped(garden, alice, bob):
    post_message(garden, alice)
    copy = fresh(bob, "garden")
    assert copy.epoch == Site.current().epoch
    Site.objects.update(epoch="another")
    copy.opened(open_reply(bob, "garden", **copy.since()))
    assert (copy.epoch, copy.limited, len(copy.in_order())) == ("another", 1, 1)


def test_a_body_of_the_maximum_length_is_sent_completely(garden, alice, bob, capture_published):
    with capture_published() as envelopes:
        messages.post(room="garden", author=alice, body="é" * settings.CHAT_MAX_BODY, client_id=uuid.uuid4())
    assert len(frames(envelopes)[0]["message"]["text"]) == settings.CHAT_MAX_BODY
