"""`observe`: a person sees the handshake and the frames of their own connection, and of no other."""

import json

import pytest

from chat.live.observation import MAX_FRAMES
from chat.protocol.commands import COMMANDS
from chat.tests.server.octets import ACCEPT, BINARY, CLOSE, KEY, PING, PONG, TEXT, frame
from chat.tests.server.raw import Frame, Raw, open_socket

from .asking import a_post

pytestmark = pytest.mark.core

SECRET = "s3cr3t-of-a-header"


@pytest.fixture
def observed(site):
    """Function that opens an observed socket of a person, with more header lines. Its `welcome` has been read."""
    opened = []

    def connect(name: str = "", *lines: str, path: str = "/chat?observe") -> Raw:
        cookie = [f"Cookie: sessionid={site.sign_in(name)}"] if name else []
        raw = open_socket(site.port, path, "Sec-WebSocket-Protocol: superchat, chat", *cookie, *lines)
        opened.append(raw)
        raw.welcome = receive(raw, "welcome")
        return raw

    yield connect
    for raw in opened:
        raw.socket.close()


def receive(raw: Raw, type: str) -> dict:
    """The next text frame of this type; others are skipped."""
    while (found := raw.receive()).opcode != TEXT or json.loads(found.payload)["type"] != type:
        assert found.opcode != CLOSE, found
    return json.loads(found.payload)


def ask(raw: Raw, type: str, **fields) -> dict:
    """Send a command; its reply or error."""
    raw.send_text(json.dumps({"type": type, "ref": 7, **fields}))
    while (found := json.loads(raw.receive_text())).get("ref") != 7:
        pass
    return found


def frames_until(raw: Raw, condition) -> list[dict]:
    """The frames of all reports up to the first frame that fulfils a condition."""
    found: list[dict] = []
    while not any(condition(each) for each in found):
        found += receive(raw, "frames")["frames"]
    return found


def head_of(each: dict) -> str:
    """The first byte of a frame, in hex, and who sent it."""
    return ("←" if each["from_server"] else "→") + each["head"][:2]


def test_alice_sees_her_handshake_as_it_arrived_and_was_answered(observed):
    alice = observed("alice", "x-ODD: 1", "User-Agent: <b>bold</b>")
    reply = ask(alice, "observe")
    shown = reply["handshake"]
    assert reply["shows_frames"] is True
    assert (shown["request_line"], shown["verbatim"]) == ("GET /chat?observe HTTP/1.1", True)
    headers = [(each["name"], each["value"]) for each in shown["headers"]]
    assert headers[:4] == [
        ("Host", "localhost"),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", KEY),
    ]
    assert headers[-2:] == [("x-ODD", "1"), ("User-Agent", "<b>bold</b>")]
    assert shown["response_line"] == "HTTP/1.1 101 Switching Protocols"
    assert {"name": "Sec-WebSocket-Accept", "value": ACCEPT, "masked": False} in shown["response_headers"]
    assert shown["derivation"]["accept"] == ACCEPT
    assert (shown["offered"], shown["subprotocol"], shown["scheme"]) == (["superchat", "chat"], "chat", "ws")
    host, port = alice.socket.getsockname()
    assert (shown["peer"], shown["tls"]) == (f"{host}:{port}", False)
    assert shown["route"] == [{"address": "127.0.0.1", "role": "client"}]


def test_cookies_and_tokens_are_masked(site, observed):
    lines = (f"Authorization: Bearer {SECRET}", f"X-Api-Key: {SECRET}", "X-Forwarded-For: 203.0.113.7")
    alice = observed("alice", *lines)
    text = json.dumps(ask(alice, "observe"))
    assert SECRET not in text
    assert site.sign_in("alice") not in text
    shown = {each["name"]: each["value"] for each in json.loads(text)["handshake"]["headers"]}
    assert (shown["Cookie"], shown["Authorization"], shown["X-Api-Key"]) == ("sessionid=•••", "Bearer •••", "•••")


def test_addresses_that_no_trusted_proxy_has_seen_are_only_claimed(observed):
    alice = observed("alice", "X-Forwarded-For: 203.0.113.7")
    assert ask(alice, "observe")["handshake"]["route"] == [
        {"address": "203.0.113.7", "role": "claimed"},
        {"address": "127.0.0.1", "role": "client"},
    ]


def test_frames_since_the_handshake_are_reported_with_their_heads(observed):
    alice = observed("alice")
    ask(alice, "observe")
    seen = frames_until(alice, lambda each: each["message"] == 2 and each["from_server"])
    assert [head_of(each) for each in seen] == ["←81", "→81", "←81"]
    assert [each["message"] for each in seen] == [1, 1, 2]
    command = json.dumps({"type": "observe", "ref": 7})
    assert (seen[1]["length"], len(seen[1]["head"])) == (len(command), 2 * 6)
    assert seen[0]["length"] == len(json.dumps(alice.welcome, separators=(",", ":"), ensure_ascii=False).encode())
    assert [each["payload"] for each in seen] == [None] * 3
    assert sorted(each["at"] for each in seen) == [each["at"] for each in seen]


def test_reports_are_not_reported(observed):
    alice = observed("alice")
    ask(alice, "observe")
    ask(alice, "ping")
    first = receive(alice, "frames")
    ask(alice, "ping")
    second = receive(alice, "frames")
    assert second["sent"]["frames"] == first["sent"]["frames"] + 1
    assert second["received"]["frames"] == first["received"]["frames"] + 1
    assert second["frames"][-1]["message"] == first["frames"][-1]["message"] + 1


def test_a_ping_frame_that_alice_asks_for_is_reported_with_the_round_trip_of_its_pong(observed):
    alice = observed("alice")
    ask(alice, "observe")
    alice.send_text(json.dumps({"type": "ping_frame"}))
    while (ping := alice.receive()).opcode != PING:
        pass
    alice.send_frame(PONG, ping.payload)
    seen = frames_until(alice, lambda each: head_of(each) == "→8a")
    sent = next(each for each in seen if head_of(each) == "←89")
    pong = next(each for each in seen if head_of(each) == "→8a")
    assert bytes.fromhex(sent["payload"]) == bytes.fromhex(pong["payload"]) == ping.payload
    assert 0 <= pong["round_trip_ms"] <= pong["at"]
    assert (sent["message"], sent["round_trip_ms"]) == (None, None)


def test_a_ping_of_the_client_and_its_pong_are_reported(observed):
    alice = observed("alice")
    ask(alice, "observe")
    alice.send_frame(PING, b"mine")
    seen = frames_until(alice, lambda each: head_of(each) == "←8a")
    assert [bytes.fromhex(each["payload"]) for each in seen if each["message"] is None] == [b"mine", b"mine"]
    assert next(each for each in seen if head_of(each) == "←8a")["round_trip_ms"] is None


def test_fragments_of_a_message_have_its_number(observed):
    alice = observed("alice")
    ask(alice, "observe")
    text = json.dumps({"type": "ping"}).encode()
    alice.send(frame(TEXT, text[:5], fin=False) + frame(0, text[5:]))
    seen = frames_until(alice, lambda each: head_of(each) == "→80")
    assert [(head_of(each), each["message"]) for each in seen if not each["from_server"]][-2:] == [
        ("→01", 2),
        ("→80", 2),
    ]


def test_the_close_frame_of_the_server_is_reported_before_it_comes(observed):
    alice = observed("alice")
    ask(alice, "observe")
    alice.send_frame(BINARY, b"not text")
    seen = frames_until(alice, lambda each: head_of(each) == "←88")
    assert bytes.fromhex(seen[-1]["payload"]) == (1003).to_bytes(2)
    assert alice.receive() == Frame(CLOSE, (1003).to_bytes(2))


def test_bob_does_not_get_alices_frames(observed, site):
    room = site.add_room()
    alice, bob = observed("alice"), observed("bob")
    for each in (alice, bob):
        ask(each, "observe")
        frames_until(each, lambda frame: frame["message"] == 2 and frame["from_server"])
    ask(alice, "post", **a_post(room, "hello"))
    alice_sees = frames_until(alice, lambda frame: not frame["from_server"] and frame["length"] > 60)
    assert any(frame["length"] > 60 for frame in alice_sees)
    # Bob gets one event, the unread count of the room; his own command is the last frame.
    ask(bob, "ping")
    bob_sees = frames_until(bob, lambda frame: not frame["from_server"])
    assert [head_of(each) for each in bob_sees if not each["from_server"]] == ["→81"]
    assert {each["message"] for each in bob_sees if not each["from_server"]} == {2}


@pytest.mark.parametrize("fields", [{"connection": 1}, {"id": "alice"}, {"user": 1}, {"session": "x"}])
def test_no_field_names_another_connection(observed, fields):
    alice, bob = observed("alice"), observed("bob", "X-Of: bob")
    shown = ask(bob, "observe", **fields)["handshake"]
    assert shown["peer"] == "{}:{}".format(*bob.socket.getsockname())
    assert shown["peer"] != "{}:{}".format(*alice.socket.getsockname())
    assert {"name": "X-Of", "value": "bob", "masked": False} in shown["headers"]
    assert COMMANDS["observe"].model_fields.keys() == {"type", "ref"}


@pytest.mark.parametrize("path", ["/chat", "/chat?observe=1", "/chat?x&observe"])
@pytest.mark.parametrize("command", ["observe", "ping_frame"])
def test_a_connection_without_the_mark_is_not_observed(observed, path, command):
    refused = ask(observed("alice", path=path), command)
    assert (refused["type"], refused["code"]) == ("error", "invalid")


def test_a_guest_sees_their_own_connection(observed, site):
    guest = observed()
    shown = ask(guest, "observe")["handshake"]
    assert shown["peer"] == "{}:{}".format(*guest.socket.getsockname())
    # The token with which a guest comes back is in the welcome, whose text is not repeated.
    assert guest.welcome["resume"]
    assert guest.welcome["resume"] not in json.dumps(receive(guest, "frames"))


@pytest.fixture(scope="module")
def proxied_site(new_site):
    """A site that trusts this machine as a proxy, and does not limit how fast commands come."""
    site = new_site(CHAT_POST_RATE=0, GUEST_RATE=0, TRUSTED_PROXIES="127.0.0.1")
    try:
        yield site.start()
    finally:
        site.stop()


def test_behind_a_trusted_proxy_the_addresses_on_the_way_have_their_roles(proxied_site):
    lines = ["X-Forwarded-For: 198.51.100.9, 203.0.113.7", "X-Forwarded-Proto: https", "Origin: https://localhost"]
    with open_socket(proxied_site.port, "/chat?observe", *lines) as guest:
        shown = ask(guest, "observe")["handshake"]
    assert shown["route"] == [
        {"address": "198.51.100.9", "role": "claimed"},
        {"address": "203.0.113.7", "role": "client"},
        {"address": "127.0.0.1", "role": "proxy"},
    ]
    # TLS ends at the proxy.
    assert (shown["scheme"], shown["tls"]) == ("wss", False)


def test_of_ten_thousand_frames_at_once_few_are_shown_and_all_are_counted(proxied_site):
    with open_socket(proxied_site.port, "/chat?observe") as guest:
        receive(guest, "welcome")
        ask(guest, "observe")
        flood = frame(TEXT, json.dumps({"type": "close", "room": "lobby"}).encode())
        reports = []
        for _ in range(100):
            guest.send(flood * 100)
        while not reports or reports[-1]["received"]["frames"] < 10_001:
            reports.append(receive(guest, "frames"))
        assert all(len(report["frames"]) <= MAX_FRAMES for report in reports)
        shown = sum(len(report["frames"]) for report in reports)
        skipped = sum(report["skipped"] for report in reports)
        assert skipped > 5_000
        assert shown + skipped == reports[-1]["received"]["frames"] + reports[-1]["sent"]["frames"]
