"""For each domain verb: the list of rooms that Bob held, plus the events he received, equals a fresh `welcome`.

In the manner of Zulip's `verify_action`; the same for a room's messages is in chat/tests/domain/test_copies.py. Here
the verbs run in a process beside the workers, and what they say crosses to Bob's socket as it does in life.
"""

import asyncio
import inspect

import pytest

from chat.domain import messages, reading, rooms

WORLD = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages, reading, rooms
    from chat.models import Message, Room
    alice, bob, charlie = map(get_user_model().objects.get_by_natural_key, ("alice", "bob", "charlie"))
    place = Room.objects.get(slug=room)
    def say(author, body):
        return messages.post(room=room, author=author, body=body, client_id=uuid.uuid4()).pk
    def last():
        return Message.objects.filter(room=place).latest("seq").pk
"""
PREPARE = "say(alice, 'one, @bob')\nsay(bob, 'two')\nsay(alice, 'three')"
VERBS = {
    "messages.post": "say(alice, 'more, @bob')",
    "messages.edit": "messages.edit(message=last(), by=alice, body='three, @bob')",
    "messages.delete": "messages.delete(message=last(), by=alice)",
    "messages.react": "messages.react(message=last(), by=bob, emoji='👍', on=True)",
    "reading.read": "reading.read(room=room, user=bob, upto=1)",
    "rooms.create": "rooms.create(slug=f'{room}-new', name='New', by=bob)",
    "rooms.change": "rooms.change(room=place, name='Other', topic='things', slow_mode_s=5, guests='read')",
    "rooms.archive": "rooms.archive(room=place)",
    "rooms.restore": "rooms.archive(room=place)\nrooms.restore(room=Room.objects.get(slug=room))",
    "rooms.join": "rooms.join(room=rooms.create(slug=f'{room}-more', name='More', by=alice), user=bob)",
    "rooms.join_public": "rooms.join_public(room=rooms.create(slug=f'{room}-open', name='Open').slug, user=bob)",
    "rooms.leave": "rooms.leave(room=place, user=bob)",
    "rooms.remove": "rooms.remove(room=place, user=bob)",
    "rooms.lift": (
        "rooms.remove(room=place, user=charlie)\nrooms.lift(restriction=place.restrictions.get())\n"
        "rooms.join_public(room=room, user=charlie)"
    ),
    "rooms.set_role": "rooms.set_role(room=place, user=bob, role='moderator')",
}
# What only asks.
READERS = {"rooms.get_visible", "rooms.joinable", "rooms.with_my_role", "reading.unread_counts", "reading.with_counts"}

# Without Redis nothing crosses from another process but what the two-second check finds.
UNCHECKED = {"reading.read", "rooms.set_role"}
EVERYWHERE = [("site_postgres_redis", verb) for verb in VERBS] + [
    ("site", verb) for verb in VERBS if verb not in UNCHECKED
]


class RoomList:
    """The rooms of a welcome, kept by events: what a sidebar shows."""

    def __init__(self, client):
        self.client = client

    def states(self) -> dict[str, dict]:
        """The rooms by slug, as all frames heard so far make them."""
        states: dict[str, dict] = {}
        for frame in self.client.frames:
            match frame:
                case {"type": "welcome", "rooms": listed}:
                    states = {state["slug"]: state for state in listed}
                case {"type": "room_added", "room": slug, "state": state}:
                    states[slug] = state
                case {"type": "room_removed", "room": slug}:
                    states.pop(slug, None)
                case {"type": "unread" | "read" | "room", "room": slug} if slug in states:
                    news = frame.get("state") or {name: frame[name] for name in ("unread", "mentions")}
                    news = news | ({"read": frame["upto"]} if frame["type"] == "read" else {})
                    states[slug] = states[slug] | news
        # How far the log of a room that is not open has grown is not told.
        return {slug: {name: state[name] for name in state if name != "version"} for slug, state in states.items()}


@pytest.fixture
def world(place, room):
    """Function that runs verbs in the room, with Alice, Bob and Charlie at hand."""

    def run(code: str):
        place.python("\n".join(line[4:] for line in WORLD.splitlines()) + "\n" + code, room=room)

    return lambda code: asyncio.to_thread(run, code)


@pytest.mark.parametrize(("place", "verb"), EVERYWHERE, indirect=["place"])
async def test_bobs_list_and_its_events_equal_a_fresh_welcome(connect, world, verb):
    await world(PREPARE)
    bob = await connect("bob")
    held = RoomList(bob)
    await world(VERBS[verb])
    fresh = RoomList(await connect("bob")).states()
    try:
        await bob.until(lambda: held.states() == fresh, "a list like a fresh one", timeout=10)
    except TimeoutError:
        assert held.states() == fresh


def test_every_verb_is_tried():
    public = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in (messages, reading, rooms)
        for name, what in vars(module).items()
        if inspect.isfunction(inspect.unwrap(what)) and what.__module__ == module.__name__ and name[0] != "_"
    }
    assert public - READERS == VERBS.keys()
