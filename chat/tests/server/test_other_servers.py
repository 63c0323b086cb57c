"""The site on servers other than `project.server`: stock Daphne, uvicorn and Django's `runserver`.

The application is plain ASGI, so what people need works everywhere; docs/proxies.md lists what needs `project.server`.
"""

import json
import sys
import uuid

import pytest

from chat.tests.services import Process, free_port
from chat.tests.services.environment import ROOT

from .octets import ACCEPT, BINARY, CLOSE, KEY, PING, handshake
from .raw import Raw, open_socket, status_of

SERVERS = {
    "daphne": ["-m", "daphne", "-v", "0", "-p", "{port}", "project.asgi:application"],
    "uvicorn": ["-m", "uvicorn", "--port", "{port}", "--log-level", "warning", "project.asgi:application"],
    "runserver": ["manage.py", "runserver", "--noreload", "127.0.0.1:{port}"],
}


class OtherSite:
    """A site whose one worker is another server, at `port`."""

    def __init__(self, site, port: int, server: str):
        self.site, self.port = site, port
        # Daphne, which `runserver` uses as well, closes with 1000 and 3000 to 4999 only.
        self.added_to_codes = 0 if server == "uvicorn" else 3000

    def connect(self, name: str) -> Raw:
        """A socket of this person, who signed in through the pages of the same server."""
        cookies = self.site.visitor(name, url=f"http://127.0.0.1:{self.port}").cookies
        return open_socket(self.port, "/chat", f"Cookie: sessionid={cookies['sessionid']}")


@pytest.fixture(scope="module", params=SERVERS)
def other(request, new_site):
    """The site on each other server, with its cast."""
    site, port = new_site(), free_port()
    command = [sys.executable, *(word.format(port=port) for word in SERVERS[request.param])]
    with Process(request.param, command, port, log=site.folder / "other.log", env=site.env, cwd=ROOT):
        yield OtherSite(site, port, request.param)


def receive(raw: Raw, type: str, **fields) -> dict:
    """The next event or reply of this type with these fields; others are skipped."""
    while True:
        frame = json.loads(raw.receive_text())
        if frame["type"] == type and all(frame.get(name) == value for name, value in fields.items()):
            return frame


def request(raw: Raw, type: str, **fields) -> dict:
    """Send a command; returns its reply."""
    ref = str(uuid.uuid4())
    raw.send_text(json.dumps({"type": type, "ref": ref, **fields}))
    return receive(raw, "reply", ref=ref)


def post(raw: Raw, body: str, **fields) -> dict:
    """Post in the lobby; returns the message as stored."""
    return request(raw, "post", room="lobby", client_id=str(uuid.uuid4()), body=body, **fields)["message"]


def test_the_handshake_selects_the_subprotocol_and_the_first_frame_is_welcome(other):
    with Raw(other.port) as raw:
        head = raw.upgrade("/chat", "Sec-WebSocket-Protocol: superchat, chat")
        assert (head.status, head.headers["sec-websocket-protocol"]) == (101, "chat")
        welcome = json.loads(raw.receive_text())
        assert (welcome["type"], welcome["protocol"]) == ("welcome", "chat")


@pytest.mark.parametrize(
    "line", ["Origin: https://evil.example", "Origin: null", "Host: evil.example", "Sec-WebSocket-Protocol: superchat"]
)
def test_an_unknown_origin_host_or_subprotocol_is_refused_before_the_socket_opens(other, line):
    assert 400 <= status_of(other.port, handshake("/chat", line)) < 500


def test_alice_opens_a_room_posts_and_gets_a_reply_and_bob_receives_the_message(other):
    with other.connect("alice") as alice, other.connect("bob") as bob:
        request(bob, "open", room="lobby")
        assert request(alice, "open", room="lobby")["state"]["slug"] == "lobby"
        first = post(alice, "Good *morning*")
        answer = post(alice, "and an answer", reply_to=first["id"])
        assert first["html"] == "<p>Good <em>morning</em></p>\n"
        assert receive(bob, "message", version=first["version"])["message"] == first
        assert receive(bob, "message", version=answer["version"])["message"]["reply_to"] == first["id"]


def test_bob_resumes_and_gets_exactly_the_messages_that_he_missed(other):
    with other.connect("alice") as alice:
        with other.connect("bob") as bob:
            epoch = receive(bob, "welcome")["epoch"]
            since = request(bob, "open", room="lobby")["upto"]
        missed = [post(alice, f"line {number}") for number in range(3)]
        with other.connect("bob") as bob:
            reply = request(bob, "open", room="lobby", since=since, epoch=epoch)
    assert (reply["after"], reply["upto"], reply["limited"]) == (since, missed[-1]["version"], False)
    assert reply["messages"] == missed


def close_code(raw: Raw) -> int:
    """The code of the close frame, after errors that come before it."""
    while (frame := raw.receive()).opcode != CLOSE:
        assert frame.opcode == PING or b"slow_down" in frame.payload
    return frame.code


def test_a_binary_frame_closes_with_1003_or_with_4003_where_the_server_refuses_1003(other):
    with open_socket(other.port, "/chat") as raw:
        assert '"welcome"' in raw.receive_text()
        assert close_code(raw.send_frame(BINARY, b"x")) == 1003 + other.added_to_codes


def test_a_flood_of_commands_closes_with_1008_or_with_4008_where_the_server_refuses_1008(other):
    with open_socket(other.port, "/chat") as raw:
        assert '"welcome"' in raw.receive_text()
        for _ in range(300):
            raw.send_text('{"type": "close", "room": "lobby"}')
        assert close_code(raw) == 1008 + other.added_to_codes


def test_an_observed_connection_shows_its_request_and_says_that_the_server_shows_no_frames(other):
    cookies = other.site.visitor("alice", url=f"http://127.0.0.1:{other.port}").cookies
    lines = ["Sec-WebSocket-Protocol: chat", f"Cookie: sessionid={cookies['sessionid']}"]
    with open_socket(other.port, "/chat?observe", *lines) as alice:
        reply = request(alice, "observe")
        shown = reply["handshake"]
        assert reply["shows_frames"] is False
        assert shown["request_line"] == "GET /chat?observe HTTP/1.1"
        headers = {each["name"]: each["value"] for each in shown["headers"]}
        assert (headers["sec-websocket-key"], headers["cookie"]) == (KEY, "sessionid=•••")
        assert (shown["derivation"]["accept"], shown["subprotocol"]) == (ACCEPT, "chat")
        unknown = ("response_line", "response_headers", "peer", "local", "tls", "route")
        assert [shown[name] for name in unknown] == [None] * 6
        # Nothing is sent, and the connection goes on.
        request(alice, "ping_frame")
        assert request(alice, "ping")["type"] == "reply"
