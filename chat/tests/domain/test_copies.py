"""For each verb: the copy that a client held, plus the events it received, equals a fresh `open`.

In the manner of Zulip's `verify_action`: an event that forgets something, or a verb that forgets its event, shows here.
"""

import json
import uuid

import pytest
from django.conf import settings

from chat.domain import messages, reading, rooms, timeline
from chat.models import Site
from chat.tests.room_copy import RoomCopy
from chat.tests.talk import frames, say

pytestmark = pytest.mark.django_db


def open_reply(person, slug: str, **since) -> dict:
    """The answer to `open`, as on the wire."""
    return json.loads(timeline.open_room(person, slug, **since).reply().encode())


def shown(copy: RoomCopy) -> dict:
    """What everyone sees of a room; counts are each person's own."""
    own = {"version", "role", "read", "unread", "mentions"}
    state = {name: value for name, value in copy.state.items() if name not in own}
    return {"version": copy.version, "state": state, "messages": copy.in_order()}


def fresh(person, slug: str) -> RoomCopy:
    copy = RoomCopy(slug)
    copy.opened(open_reply(person, slug))
    return copy


@pytest.fixture
def talk(garden, alice, bob, gina):
    """The garden with some talk: a reply, an edit, a reaction, a tombstone, a guest."""
    first = say(garden, alice, "Ahoy @bob")
    second = say(garden, bob, "Aye", reply_to=first.pk)
    messages.edit(message=second.pk, by=bob, body="Aye, aye")
    messages.react(message=first.pk, by=bob, emoji="👋", on=True)
    messages.delete(message=say(garden, gina, "Hello").pk, by=gina)
    return first.pk, second.pk


def verbs(room, alice, bob, charlie, gina, talk) -> dict:
    """Each verb of the domain, by name."""
    hers, his = talk
    return {
        "post": lambda: say(room, alice, "One **more** @all"),
        "post as a guest": lambda: say(room, gina, "Hello again"),
        "post and join": lambda: say(room, charlie, "Hello @bob"),
        "post a reply": lambda: say(room, bob, "Quite", reply_to=hers),
        "edit": lambda: messages.edit(message=hers, by=alice, body="Ahoy ~~all~~"),
        "edit what is quoted": lambda: messages.edit(message=hers, by=alice, body="*Ahoy* &\n\n- `all` of <you>"),
        "edit the answer": lambda: messages.edit(message=his, by=bob, body="Aye!"),
        "delete": lambda: messages.delete(message=his, by=bob),
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


NAMES = list(verbs(None, *[None] * 4, (0, 0)))


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_and_its_events_equal_a_fresh_open(garden, alice, bob, charlie, gina, talk, heard, name):
    copy, fallen_behind = fresh(bob, "garden"), fresh(bob, "garden")
    with heard() as envelopes:
        verbs(garden, alice, bob, charlie, gina, talk)[name]()
    for event in frames(envelopes):
        copy.apply(event)
    assert shown(copy) == shown(fresh(bob, "garden"))
    # The same by `open … since`, for one who heard of nothing.
    fallen_behind.opened(open_reply(bob, "garden", **fallen_behind.since()))
    assert shown(fallen_behind) == shown(copy)
    assert copy.faults + fallen_behind.faults == []


def test_all_verbs_one_after_the_other(garden, alice, bob, charlie, gina, talk, heard):
    copy, sleeper = fresh(bob, "garden"), fresh(bob, "garden")
    with heard() as envelopes:
        for name, verb in verbs(garden, alice, bob, charlie, gina, talk).items():
            if name not in {"react", "react alike", "take back a reaction", "close to guests", "make private"}:
                verb()
    for event in frames(envelopes):
        copy.apply(event)
    sleeper.apply({"type": "changes"} | timeline.changes(garden.pk, sleeper.version).model_dump(mode="json"))
    assert shown(copy) == shown(sleeper) == shown(fresh(bob, "garden"))
    assert copy.faults + sleeper.faults == []


def test_a_copy_of_a_former_life_is_dropped(garden, alice, bob):
    say(garden, alice)
    copy = fresh(bob, "garden")
    assert copy.epoch == Site.current().epoch
    Site.objects.update(epoch="another")
    copy.opened(open_reply(bob, "garden", **copy.since()))
    assert (copy.epoch, copy.limited, len(copy.in_order())) == ("another", 1, 1)


def test_a_body_of_the_limit_comes_whole(garden, alice, bob, heard):
    with heard() as envelopes:
        messages.post(room="garden", author=alice, body="é" * settings.CHAT_MAX_BODY, client_id=uuid.uuid4())
    assert len(frames(envelopes)[0]["message"]["text"]) == settings.CHAT_MAX_BODY
