"""What comes from Redis is checked before it reaches a page: its seal, and each event by its shape."""

import asyncio
import json
from dataclasses import asdict

import pytest

from chat.events import shapes
from chat.events.publish import Envelope
from chat.events.seal import NotSealed, check_seal, seal
from chat.live import received
from chat.tests.client import Client

ALICE = {"id": 1, "name": "alice", "avatar": None}
STATE = {"slug": "garden", "name": "Garden", "topic": "", "kind": "public", "guests": "none", "archived": False}
STATE |= {"slow_mode_s": 0, "changed_version": 8}
MINE = STATE | {"version": 8, "role": "member", "read": 0, "unread": 0, "mentions": 0}
MESSAGE = {
    "id": 5,
    "seq": 8,
    "version": 8,
    "client_id": "0d6cf0a1-4bde-4f0c-8f4f-1f2a3d1a9d2b",
    "author": ALICE,
    "guest": None,
    "text": "Ahoy",
    "html": "<p>Ahoy</p>\n",
    "at": "2026-03-01T09:31:12Z",
    "edited_at": None,
    "deleted": False,
    "reply_to": None,
    "quote": None,
    "reactions": [],
    "attachments": [],
}


def of(kind: str, at: int = 0, /, users=(), **fields) -> dict:
    """An envelope of an event in the garden, as it goes through Redis."""
    event = {"type": kind, "room": "garden"} | fields
    return asdict(Envelope(kind, json.dumps(event), "garden", 1, at, tuple(users)))


def message(**fields) -> dict:
    return of("message", 8, version=8, message=MESSAGE | fields)


RIGHT = {
    "message": message(),
    "room": of("room", 8, version=8, state=STATE),
    "rules": of("rules", 8, type="changes", after=7, upto=8, messages=[], state=None),
    "room_added": of("room_added", users=(1,), state=MINE),
    "room_removed": of("room_removed", users=(1,)),
    "read": of("read", users=(1,), upto=8, unread=0, mentions=0),
    "account": asdict(Envelope("account", "", users=(1,))),
    "bars": asdict(Envelope("bars", "")),
    "typing": of("typing", who=[{"user": ALICE, "guest": None}]),
}
WRONG = {
    "no envelope": {"kind": "message"},
    "more than an envelope": RIGHT["message"] | {"extra": 1},
    "a kind of tomorrow": of("party", 8, version=8),
    "the kind of an answer": of("reply", users=(1,)),
    "a welcome": of("welcome", users=(1,)),
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
    "users that are no ids": RIGHT["room_removed"] | {"users": ["1"]},
    "a slug without end": RIGHT["room_removed"] | {"room": "x" * 10_000},
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
def test_an_event_of_each_kind_is_taken(kind):
    said = received.read(content([RIGHT[kind]]))
    assert (said.faults, [asdict(envelope) for envelope in said.events]) == ([], [RIGHT[kind]])


def test_what_is_for_certain_people_needs_no_room_on_its_envelope():
    """As `reading.read` says it."""
    said = received.read(content([RIGHT["read"] | {"room": "", "room_id": 0}]))
    assert [envelope.kind for envelope in said.events] == ["read"]


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_left_out_and_the_rest_is_taken(name):
    said = received.read(content([RIGHT["message"], WRONG[name], RIGHT["typing"]]))
    assert [envelope.kind for envelope in said.events] == ["message", "typing"]
    assert len(said.faults) == 1


@pytest.mark.parametrize("name", WRONG_WORDS)
def test_a_word_of_presence_that_is_wrong_is_left_out(name):
    right = {"rooms": {"garden": {"joined": {"u:1": {"user": ALICE, "guest": None}}, "left": []}}}
    said = received.read(content([], [right, WRONG_WORDS[name]]))
    assert (said.gossip, len(said.faults)) == ([right], 1)


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
def test_what_was_changed_on_the_way_has_no_seal(change):
    sealed = seal(content([RIGHT["message"]]))
    check_seal(sealed)
    with pytest.raises(NotSealed):
        check_seal(sealed | change)


def test_the_seal_is_that_of_this_site(settings):
    sealed = seal(content([RIGHT["message"]]))
    settings.SECRET_KEY = "of another site"
    with pytest.raises(NotSealed):
        check_seal(sealed)


@pytest.mark.log_may_show("were left out")
async def test_who_writes_to_redis_says_nothing_to_a_page(site_postgres_redis):
    """A whole site: forged messages, right in form, do not arrive; what people say does."""
    site = site_postgres_redis
    forge = """
        import asyncio
        from channels.layers import get_channel_layer
        for message in messages:
            asyncio.run(get_channel_layer().group_send("site", {"type": "hub.message", **message}))
    """
    forged = RIGHT["message"] | {"room": "tea", "text": RIGHT["message"]["text"].replace("garden", "tea")}
    typing = RIGHT["typing"] | {"room": "tea", "text": RIGHT["typing"]["text"].replace("garden", "tea")}
    messages = [content([forged, typing]), content([forged, typing]) | {"seal": "0" * 64}, {"from": 1}, {}]
    async with Client(site.workers[0].ws_url, site.sign_in("alice"), ["tea"]) as alice:
        await asyncio.to_thread(site.python, forge, messages=messages)
        async with Client(site.workers[1].ws_url, site.sign_in("bob"), ["tea"]) as bob:
            said = await bob.say("tea", "I am real")
        await alice.until(lambda: said["id"] in alice.copies["tea"].messages)
        assert [m["text"] for m in alice.copies["tea"].in_order()] == ["I am real"]
        assert not [frame for frame in alice.frames if frame["type"] == "typing"]
    assert "were left out" in site.log
    assert "Traceback" not in site.log


def test_every_kind_that_is_published_is_known():
    """A new event that crosses processes needs its row."""
    assert {"message", "room", "typing"} <= received.EVENTS.keys()
    for kind, (shape, _reach) in received.EVENTS.items():
        assert shape is None or kind in {"rules", shape.model_fields["type"].default}
    assert shapes.MessageEvent is received.EVENTS["message"][0]
