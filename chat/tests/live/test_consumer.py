"""One socket's conversation on plain ASGI, from the handshake to the end."""

import json
import uuid

import pytest
from django.db import OperationalError

from chat.domain import messages, sessions, timeline
from chat.live.hub import Hub
from chat.live.limits import FLOOD_STRIKES
from chat.tests.live.talk_on_asgi import Talk
from chat.tests.live.wires import until

pytestmark = pytest.mark.django_db(transaction=True)


# --- The handshake


@pytest.mark.parametrize(("offered", "agreed"), [((), None), (("chat",), "chat"), (("superchat", "chat"), "chat")])
@pytest.mark.parametrize("path", ["/chat", "/"])
async def test_who_is_let_in(harbour, path, offered, agreed):
    async with Talk(path, offered) as talk:
        assert talk.sent[0] == {"type": "websocket.accept", "subprotocol": agreed}
        assert talk.frames[0]["type"] == "welcome"


@pytest.mark.parametrize(
    ("path", "offered"), [("/chat", ("superchat",)), ("/chat/", ("chat",)), ("/rooms/lobby/", ()), ("/admin/", ())]
)
async def test_who_is_not_let_in(path, offered):
    async with Talk(path, offered) as talk:
        assert talk.sent == [{"type": "websocket.close"}]


async def test_bob_is_welcomed_by_his_cookie_and_a_guest_without_one(harbour, garden, bobs):
    async with Talk(cookie=bobs) as his, Talk() as guests, Talk(cookie="sessionid=\x01nonsense; =") as others:
        assert his.frames[0]["you"]["user"]["name"] == "bob"
        assert [room["slug"] for room in his.frames[0]["rooms"]] == ["garden", "harbour"]
        for talk in (guests, others):
            assert talk.frames[0]["you"]["guest"]
            assert [room["slug"] for room in talk.frames[0]["rooms"]] == ["garden"]


async def test_when_nobody_can_be_found_out_the_socket_is_asked_to_come_back(monkeypatch):
    def away(*_args):
        raise OperationalError("nobody there")

    monkeypatch.setattr(sessions, "arrive", away)
    async with Talk() as talk:
        await until(lambda: talk.code)
        assert (talk.accepted, talk.code, talk.frames) == (True, 1013, [])
        talk.say("{}")
        talk.inbox.put_nowait({"type": "server.drain", "retry_after": 1})


# --- Talking


async def test_bob_talks(harbour, bobs):
    client_id = str(uuid.uuid4())
    async with Talk(cookie=bobs) as talk:
        opened = await talk.ask("open", room="harbour")
        assert (opened["type"], opened["upto"], opened["limited"]) == ("reply", 0, True)
        posted = await talk.ask("post", room="harbour", client_id=client_id, body="Ahoy")
        again = await talk.ask("post", room="harbour", client_id=client_id, body="Ahoy")
        assert again["message"] == posted["message"]
        await until(lambda: any(frame["type"] == "message" for frame in talk.frames))
        assert (await talk.ask("history", room="harbour", before=5))["messages"] == [posted["message"]]
        message = posted["message"]["id"]
        assert (await talk.ask("edit", message=message, body="Aye"))["message"]["text"] == "Aye"
        assert (await talk.ask("react", message=message, emoji="👋", on=True))["message"]["version"] == 3
        assert (await talk.ask("typing", room="harbour")) == {"type": "reply", "ref": talk.refs}
        assert (await talk.ask("read", room="harbour", upto=1)) == {"type": "reply", "ref": talk.refs}
        assert (await talk.ask("delete", message=message))["message"]["deleted"]
        assert (await talk.ask("close", room="harbour"))["type"] == "reply"
        assert (await talk.ask("typing", room="harbour"))["code"] == "invalid"
    assert not Hub.current().roster.connections


async def test_without_a_ref_only_errors_are_answered(harbour, bobs):
    async with Talk(cookie=bobs) as talk:
        talk.say('{"type": "read", "room": "harbour", "upto": 1}')
        talk.say('{"type": "read", "room": "nowhere", "upto": 1}')
        await until(lambda: talk.answers)
        await talk.ask("close", room="harbour")
        assert [(answer["type"], answer.get("code")) for answer in talk.answers] == [
            ("error", "not_found"),
            ("reply", None),
        ]


async def test_commands_run_one_after_the_other(harbour, bobs):
    async with Talk(cookie=bobs) as talk:
        for number in range(10):
            command = {"type": "post", "room": "harbour", "client_id": str(uuid.uuid4()), "body": str(number)}
            talk.say(json.dumps(command | {"ref": number}))
        await until(lambda: len(talk.answers) == 10)
        assert [(answer["ref"], answer["message"]["seq"]) for answer in talk.answers] == [(n, n + 1) for n in range(10)]


@pytest.mark.parametrize(
    ("text", "code", "field", "ref"),
    [
        ("nonsense", "bad_json", None, None),
        ('["ref"]', "bad_json", None, None),
        ('{"ref": 1}', "unknown_type", "type", 1),
        ('{"type": "dance", "ref": "a"}', "unknown_type", "type", "a"),
        ('{"type": "open", "ref": 2}', "invalid", "room", 2),
        ('{"type": "open", "room": "nowhere", "ref": 3}', "not_found", "room", 3),
        ('{"type": "open", "room": "nowhere", "ref": [3]}', "invalid", "ref", None),
        ('{"type": "history", "room": "harbour", "before": 1, "limit": 500, "ref": 4}', "invalid", "limit", 4),
    ],
)
async def test_what_is_refused_gets_a_code_and_the_talk_goes_on(harbour, bobs, text, code, field, ref):
    async with Talk(cookie=bobs) as talk:
        talk.say(text)
        await until(lambda: talk.answers)
        (error,) = talk.answers
        assert (error["type"], error["code"], error["field"], error["ref"]) == ("error", code, field, ref)
        assert error["detail"]
        assert (await talk.ask("open", room="harbour"))["type"] == "reply"


async def test_a_database_that_is_away_is_said_to_be(harbour, bobs, monkeypatch):
    def away(**_arguments):
        raise OperationalError("nobody there")

    async with Talk(cookie=bobs) as talk:
        with monkeypatch.context() as patch:
            patch.setattr(messages, "post", away)
            error = await talk.ask("post", room="harbour", client_id=str(uuid.uuid4()), body="Ahoy")
            assert (error["code"], error["retry_after"]) == ("unavailable", 1)
        posted = await talk.ask("post", room="harbour", client_id=str(uuid.uuid4()), body="Ahoy")
        assert posted["type"] == "reply"


async def test_a_fault_of_ours_is_logged_and_the_talk_goes_on(harbour, bobs, monkeypatch, caplog):
    def break_down(*_args):
        raise ZeroDivisionError("a fault of ours")

    async with Talk(cookie=bobs) as talk:
        with monkeypatch.context() as patch:
            patch.setattr(timeline, "open_room", break_down)
            error = await talk.ask("open", room="harbour")
            assert error["code"] == "internal"
            assert "fault of ours" not in error["detail"]
        assert "a fault of ours" in caplog.text
        assert (await talk.ask("open", room="harbour"))["type"] == "reply"


# --- Too fast


async def test_who_talks_too_fast_is_told_when_and_who_floods_on_is_shown_out(harbour, bobs, settings):
    settings.CHAT_POST_RATE, settings.CHAT_POST_BURST = 0.001, 3
    async with Talk(cookie=bobs) as talk:
        assert [(await talk.ask("close", room="harbour"))["type"] for _ in range(3)] == ["reply"] * 3
        error = await talk.ask("close", room="harbour")
        assert error["code"] == "slow_down"
        assert 0 < error["retry_after"] <= 1000
        for _ in range(FLOOD_STRIKES + 5):
            talk.say("{}")
        await until(lambda: talk.code)
        assert talk.code == 1008
        assert len([frame for frame in talk.frames if frame.get("code") == "slow_down"]) <= FLOOD_STRIKES + 1


# --- The end


async def test_a_binary_frame_ends_the_talk(bobs):
    async with Talk(cookie=bobs) as talk:
        talk.inbox.put_nowait({"type": "websocket.receive", "bytes": b"\x00"})
        talk.say("{}")
        await until(lambda: talk.code)
        assert (talk.code, len(talk.frames)) == (1003, 1)


async def test_a_server_that_goes_finishes_what_was_begun_and_says_when_to_come_back(harbour, bobs):
    async with Talk(cookie=bobs) as talk:
        command = {"type": "post", "room": "harbour", "client_id": str(uuid.uuid4()), "body": "Ahoy", "ref": 1}
        talk.say(json.dumps(command))
        talk.inbox.put_nowait({"type": "server.drain", "retry_after": 2.5})
        talk.say(json.dumps(command | {"ref": 2}))
        await until(lambda: talk.code)
        assert talk.code == 1012
        assert [(answer["type"], answer.get("ref")) for answer in talk.answers] == [("reply", 1), ("bye", None)]
        assert talk.frames[-1] == {"type": "bye", "reason": "restart", "retry_after": 2.5}


async def test_who_hangs_up_is_forgotten_at_once(harbour, bobs):
    async with Talk(cookie=bobs) as talk:
        await talk.ask("open", room="harbour")
        hub = Hub.current()
        assert hub.presence.online("harbour") == 1
    assert (hub.watches, hub.roster.people, hub.presence.online("harbour")) == ({}, {}, 0)
