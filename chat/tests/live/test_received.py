"""What comes from Redis is validated before it reaches a page: its seal, and each event by its schema."""

import asyncio
import json

import pytest

from chat.dispatch.envelope import Envelope
from chat.dispatch.seal import NotSealed, check_seal, seal
from chat.live import received
from chat.protocol import events
from chat.tests.client import Client
from chat.tests.wire_message import wire_message, wire_person

pytestmark = pytest.mark.core

ALICE = wire_person(1, "alice")
STATE = {"slug": "garden", "name": "Garden", "topic": "", "kind": "public", "guests": "none", "archived": False}
STATE |= {"slow_mode_s": 0, "changed_version": 8, "who_posts": "everyone", "who_invites": "members"}
STATE |= {"who_pins": "members", "who_mentions_all": "moderators"}
MINE = STATE | {"version": 8, "role": "member", "read": 0, "unread_marks": 0, "unread": 0, "mentions": 0}
MINE |= {
    "active_at": "2026-03-01T09:30:00.125000Z",
    "people": [],
    "favourite": None,
    "muted": False,
    "hidden": False,
    "threads": [],
    "named_to_post": False,
}
MESSAGE = wire_message(author=ALICE)


def of(kind: str, at: int = 0, /, users=(), **fields) -> dict:
    """An envelope of an event in the garden, in the form that is sent over Redis."""
    event = {"type": kind, "room": "garden"} | fields
    return Envelope(kind, json.dumps(event), "garden", 1, at, tuple(users)).to_dict()


def message(**fields) -> dict:
    return of("message", 8, version=8, message=MESSAGE | fields)


RIGHT = {
    "message": message(),
    "room": of("room", 8, version=8, state=STATE),
    "rules": Envelope("rules", room="garden", room_id=1, version=8).to_dict(),
    "room_added": of("room_added", users=(1,), state=MINE),
    "room_removed": of("room_removed", users=(1,)),
    "read": of("read", users=(1,), upto=8, unread_marks=0, unread=0, mentions=0),
    "room_choices": of("room_choices", users=(1,), muted=True, hidden=False),
    "favourites": Envelope("favourites", '{"type": "favourites", "rooms": ["garden"]}', users=(1,)).to_dict(),
    "folded": Envelope("folded", '{"type": "folded", "sections": ["direct"]}', users=(1,)).to_dict(),
    "draft": of("draft", users=(1,), thread=None, at="2026-03-01T09:31:12Z", draft=None),
    "scheduled": Envelope("scheduled", '{"type": "scheduled", "waiting": 1, "failed": 0}', users=(1,)).to_dict(),
    "look": Envelope(
        "look", '{"type": "look", "theme": "dark", "density": "normal", "clock": "24", "enter": "send"}', users=(1,)
    ).to_dict(),
    "votes": Envelope("votes", '{"type": "votes", "message": 8, "options": [1]}', users=(1,)).to_dict(),
    "saved": Envelope("saved", '{"type": "saved", "message": 8, "saved": null}', users=(1,)).to_dict(),
    "custom_emoji": Envelope("custom_emoji", text='{"type": "custom_emoji"}').to_dict(),
    "follow": of("follow", users=(1,), thread=8, following=True, unread_from=9),
    "more_replies": of("more_replies", users=(1,), thread=8),
    "held": of("held", users=(1,), client_id="1", state="waiting"),
    "report_ended": Envelope(
        "report_ended", json.dumps({"type": "report_ended", "outcome": "acted"}), guests=("0123456789abcdef",)
    ).to_dict(),
    "muted": of("muted", users=(1,), until=None),
    "reports": of("reports", users=(1,), open=2),
    "account": Envelope("account", users=(1,)).to_dict(),
    "bans": Envelope("bans").to_dict(),
    "disconnect": Envelope("disconnect", room="garden", room_id=7).to_dict(),
    "typing": of("typing", who=[{"user": ALICE, "guest": None}]),
    "members": of("members"),
    "readers": of("readers"),
    "public_rooms": Envelope("public_rooms", text='{"type": "public_rooms"}').to_dict(),
    "person": Envelope("person", json.dumps({"type": "person", "person": ALICE})).to_dict(),
}
WRONG = {
    "no envelope": {"kind": "message"},
    "more than an envelope": RIGHT["message"] | {"extra": 1},
    "a kind of tomorrow": of("party", 8, version=8),
    "the kind of an answer": of("reply", users=(1,)),
    "a welcome": of("welcome", users=(1,)),
    "text without an event": RIGHT["bans"] | {"text": RIGHT["typing"]["text"]},
    "text that is no JSON": RIGHT["message"] | {"text": "{"},
    "a list": RIGHT["message"] | {"text": "[]"},
    "another type": RIGHT["message"] | {"text": RIGHT["typing"]["text"]},
    "a field is missing": of("message", 8, version=8, message={n: MESSAGE[n] for n in MESSAGE if n != "html"}),
    "a field of another type": message(id="five"),
    "html that is no text": message(html={"toString": 1}),
    "another version than the envelope": RIGHT["message"] | {"version": 9},
    "another version than the message": message(version=9),
    "another room than the envelope": RIGHT["message"] | {"room": "harbour"},
    "a message for chosen people": RIGHT["message"] | {"version": 0, "users": [1]},
    "a message without a version": RIGHT["message"] | {"version": 0},
    "a list of rooms for a room": RIGHT["room_added"] | {"users": [], "version": 8},
    "a version below 0": RIGHT["message"] | {"version": -8},
    "a version that no database has": RIGHT["message"] | {"version": 2**63},
    "a version that is a truth value": RIGHT["message"] | {"version": True},
    "guests that are no ids": RIGHT["report_ended"] | {"guests": ["g:secret"]},
    "a report of nobody": RIGHT["report_ended"] | {"guests": []},
    "users that are no ids": RIGHT["room_removed"] | {"users": ["1"]},
    "a person for chosen people": RIGHT["person"] | {"users": [1]},
    "a person in a room": RIGHT["person"] | {"room": "garden"},
    "a person without a handle": RIGHT["person"] | {"text": RIGHT["person"]["text"].replace("handle", "hand")},
    "a slug without end": RIGHT["room_removed"] | {"room": "x" * 10_000},
    "a hint to everyone with a room": RIGHT["public_rooms"] | {"room": "garden"},
    "a hint to everyone for chosen people": RIGHT["public_rooms"] | {"users": [1]},
    "deep nesting": RIGHT["message"] | {"text": "[" * 100_000},
}
WRONG_WORDS = {
    "nothing": {},
    "no rooms": {"full": True, "rooms": 5},
    "no joined": {"rooms": {"garden": {"left": []}}},
    "nobody": {"rooms": {"garden": {"joined": {"u:1": None}, "left": []}}},
    "a name that is none": {"rooms": {"garden": {"joined": {"u:1": {"user": ALICE | {"name": 5}}}, "left": []}}},
    "a key without end": {"rooms": {"garden": {"joined": {}, "left": ["x" * 1000]}}},
}


def content(events=(), gossip=()) -> dict:
    return {"from": "elsewhere", "events": list(events), "gossip": list(gossip)}


@pytest.mark.parametrize("kind", received.EVENTS)
def test_a_valid_envelope_of_each_kind_is_accepted(kind):
    result = received.validate(content([RIGHT[kind]]))
    assert (result.faults, [envelope.to_dict() for envelope in result.events]) == ([], [RIGHT[kind]])


def test_an_envelope_holds_the_event_that_its_text_describes():
    (envelope,) = received.validate(content([RIGHT["message"]])).events
    assert isinstance(envelope.event, events.MessageEvent)
    assert json.loads(envelope.event.encode())["message"]["text"] == MESSAGE["text"]


def test_an_envelope_for_certain_people_needs_no_room():
    """`reading.read` publishes such an envelope."""
    result = received.validate(content([RIGHT["read"] | {"room": "", "room_id": 0}]))
    assert [envelope.kind for envelope in result.events] == ["read"]


@pytest.mark.parametrize("name", WRONG)
def test_invalid_envelopes_are_dropped_and_the_others_accepted(name):
    result = received.validate(content([RIGHT["message"], WRONG[name], RIGHT["typing"]]))
    assert [envelope.kind for envelope in result.events] == ["message", "typing"]
    assert len(result.faults) == 1


@pytest.mark.parametrize("name", WRONG_WORDS)
def test_invalid_gossip_is_dropped(name):
    right = {"rooms": {"garden": {"joined": {"u:1": {"user": ALICE, "guest": None}}, "left": []}}}
    result = received.validate(content([], [right, WRONG_WORDS[name]]))
    assert (result.gossip, len(result.faults)) == ([right], 1)


@pytest.mark.parametrize(
    "change",
    [
        {"from": "another"},
        {"events": [RIGHT["typing"]]},
        {"events": [message(html="<script>")]},
        {"events": [RIGHT["message"], RIGHT["message"]]},
        {"events": [{**RIGHT["message"], "room_id": 8, "version": 1}]},
        {"gossip": [{"gone": True, "rooms": {}}]},
        {"seal": ""},
        {"seal": None},
        {"events": 5},
        {"events": [{"text": "\ud800"}]},
        {"from": b"\xff"},
    ],
    ids=lambda change: " ".join(change),
)
def test_the_seal_of_a_changed_message_is_wrong(change):
    sealed = seal(content([RIGHT["message"]]))
    check_seal(sealed)
    with pytest.raises(NotSealed):
        check_seal(sealed | change)


def test_the_seal_depends_on_the_secret_key_of_the_site(settings):
    sealed = seal(content([RIGHT["message"]]))
    settings.SECRET_KEY = "of another site"
    with pytest.raises(NotSealed):
        check_seal(sealed)


@pytest.mark.log_may_show("were dropped")
async def test_a_forged_message_on_redis_does_not_reach_a_page(site_postgres_redis):
    """On a whole site: forged messages of the right form do not arrive, messages of people do."""
    site = site_postgres_redis
    forge = """
        import asyncio
        from channels.layers import get_channel_layer
        for message in messages:
            asyncio.run(get_channel_layer().group_send("site", {"type": "hub.message", **message}))
    """
    room = site.add_room()
    forged = RIGHT["message"] | {"room": room, "text": RIGHT["message"]["text"].replace("garden", room)}
    typing = RIGHT["typing"] | {"room": room, "text": RIGHT["typing"]["text"].replace("garden", room)}
    messages = [content([forged, typing]), content([forged, typing]) | {"seal": "0" * 64}, {"from": 1}, {}]
    async with Client(site.workers[0].ws_url, site.sign_in("alice"), [room]) as alice:
        await asyncio.to_thread(site.python, forge, messages=messages)
        async with Client(site.workers[1].ws_url, site.sign_in("bob"), [room]) as bob:
            posted = await bob.post_message(room, "I am real")
        await alice.until(lambda: posted["id"] in alice.copies[room].messages)
        assert [m["text"] for m in alice.copies[room].in_order()] == ["I am real"]
        assert not [frame for frame in alice.frames if frame["type"] == "typing"]
    assert "were dropped" in site.log
    assert "Traceback" not in site.log


def test_every_event_is_listed_under_its_type():
    """A new event that processes send each other needs a row in EVENTS."""
    assert {"message", "room", "typing"} <= received.EVENTS.keys()
    for kind, (shape, _reach) in received.EVENTS.items():
        assert shape is None or kind == shape.model_fields["type"].default
    assert events.MessageEvent is received.EVENTS["message"][0]
