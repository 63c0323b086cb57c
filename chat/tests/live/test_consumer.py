"""One connection on plain ASGI, from the handshake to the end."""

import json
import uuid

import pytest
from django.db import OperationalError

from chat.domain import sessions, timeline
from chat.live.execution import EXECUTORS, changes_message
from chat.live.hub import Hub
from chat.live.limits import FLOOD_STRIKES
from chat.protocol import commands
from chat.tests.live.fake_sockets import until
from chat.tests.live.talk_on_asgi import Talk

pytestmark = pytest.mark.django_db(transaction=True)


# --- The handshake


@pytest.mark.parametrize(("offered", "agreed"), [((), None), (("chat",), "chat"), (("superchat", "chat"), "chat")])
@pytest.mark.parametrize("path", ["/chat", "/"])
async def test_a_handshake_with_the_right_path_and_subprotocol_is_accepted(harbour, path, offered, agreed):
    async with Talk(path, offered) as talk:
        assert talk.sent[0] == {"type": "websocket.accept", "subprotocol": agreed}
        assert talk.frames[0]["type"] == "welcome"


@pytest.mark.parametrize(
    ("path", "offered"), [("/chat", ("superchat",)), ("/chat/", ("chat",)), ("/rooms/lobby/", ()), ("/admin/", ())]
)
async def test_a_handshake_with_a_wrong_path_or_subprotocol_is_refused(path, offered):
    async with Talk(path, offered) as talk:
        assert talk.sent == [{"type": "websocket.close"}]


async def test_the_session_cookie_identifies_bob_and_no_cookie_makes_a_guest(harbour, garden, bobs):
    async with Talk(cookie=bobs) as his, Talk() as guests, Talk(cookie="sessionid=\x01nonsense; =") as others:
        assert his.frames[0]["you"]["user"]["name"] == "bob"
        assert [room["slug"] for room in his.frames[0]["rooms"]] == ["garden", "harbour"]
        for talk in (guests, others):
            assert talk.frames[0]["you"]["guest"]
            assert [room["slug"] for room in talk.frames[0]["rooms"]] == ["garden"]


async def test_without_a_database_the_handshake_closes_with_1013(monkeypatch):
    def away(*_args):
        raise OperationalError("nobody there")

    monkeypatch.setattr(sessions, "identify_socket", away)
    async with Talk() as talk:
        await until(lambda: talk.code)
        assert (talk.accepted, talk.code, talk.frames) == (True, 1013, [])
        talk.send_text("{}")
        talk.inbox.put_nowait({"type": "server.drain", "retry_after": 1})


# --- Commands


async def test_bob_opens_a_room_and_posts(harbour, bobs):
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
        talk.send_text('{"type": "read", "room": "harbour", "upto": 1}')
        talk.send_text('{"type": "read", "room": "nowhere", "upto": 1}')
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
            talk.send_text(json.dumps(command | {"ref": number}))
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
async def test_a_refused_command_gets_a_code_and_the_connection_stays_open(harbour, bobs, text, code, field, ref):
    async with Talk(cookie=bobs) as talk:
        talk.send_text(text)
        await until(lambda: talk.answers)
        (error,) = talk.answers
        assert (error["type"], error["code"], error["field"], error["ref"]) == ("error", code, field, ref)
        assert error["detail"]
        assert (await talk.ask("open", room="harbour"))["type"] == "reply"


async def test_without_a_database_a_command_gets_unavailable(harbour, bobs, monkeypatch):
    def away(**_arguments):
        raise OperationalError("nobody there")

    async with Talk(cookie=bobs) as talk:
        with monkeypatch.context() as patch:
            patch.setitem(EXECUTORS, commands.Post, changes_message(away, person="author"))
            error = await talk.ask("post", room="harbour", client_id=str(uuid.uuid4()), body="Ahoy")
            assert (error["code"], error["retry_after"]) == ("unavailable", 1)
        posted = await talk.ask("post", room="harbour", client_id=str(uuid.uuid4()), body="Ahoy")
        assert posted["type"] == "reply"


async def test_an_internal_error_is_logged_and_the_connection_stays_open(harbour, bobs, monkeypatch, caplog):
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


# --- Limits


async def test_too_many_commands_get_slow_down_and_then_close_the_connection(harbour, bobs, settings):
    settings.CHAT_POST_RATE, settings.CHAT_POST_BURST = 0.001, 3
    async with Talk(cookie=bobs) as talk:
        assert [(await talk.ask("close", room="harbour"))["type"] for _ in range(3)] == ["reply"] * 3
        error = await talk.ask("close", room="harbour")
        assert error["code"] == "slow_down"
        assert 0 < error["retry_after"] <= 1000
        for _ in range(FLOOD_STRIKES + 5):
            talk.send_text("{}")
        await until(lambda: talk.code)
        assert talk.code == 1008
        assert len([frame for frame in talk.frames if frame.get("code") == "slow_down"]) <= FLOOD_STRIKES + 1


# --- The end


async def test_a_binary_frame_closes_the_connection(bobs):
    async with Talk(cookie=bobs) as talk:
        talk.inbox.put_nowait({"type": "websocket.receive", "bytes": b"\x00"})
        talk.send_text("{}")
        await until(lambda: talk.code)
        assert (talk.code, len(talk.frames)) == (1003, 1)


async def test_a_draining_server_finishes_the_command_and_sends_bye(harbour, bobs):
    async with Talk(cookie=bobs) as talk:
        command = {"type": "post", "room": "harbour", "client_id": str(uuid.uuid4()), "body": "Ahoy", "ref": 1}
        talk.send_text(json.dumps(command))
        talk.inbox.put_nowait({"type": "server.drain", "retry_after": 2.5})
        talk.send_text(json.dumps(command | {"ref": 2}))
        await until(lambda: talk.code)
        assert talk.code == 1012
        assert [(answer["type"], answer.get("ref")) for answer in talk.answers] == [("reply", 1), ("bye", None)]
        assert talk.frames[-1] == {"type": "bye", "reason": "restart", "retry_after": 2.5}


async def test_a_disconnected_client_is_unregistered_at_once(harbour, bobs):
    async with Talk(cookie=bobs) as talk:
        await talk.ask("open", room="harbour")
        hub = Hub.current()
        assert hub.presence.online("harbour") == 1
    assert (hub.watches, hub.roster.people, hub.presence.online("harbour")) == ({}, {}, 0)
