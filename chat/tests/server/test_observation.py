"""An application may observe its own sockets: the request as it arrived, the response, and each frame."""

import json

import pytest

from project.serving.forwarded import Hop, TrustedProxies
from project.serving.observation import head_of, sent_frames

from .octets import CLOSE, PING, PONG, TEXT, frame, handshake
from .raw import Frame, Raw

MASK = "00000000"


def observed(raw: Raw) -> dict:
    """What the server has shown to the application of this socket."""
    return json.loads(raw.run("observed").receive_text())


@pytest.fixture
def alice(scripted_apps):
    with Raw(scripted_apps) as raw:
        assert raw.upgrade("/?observe", "X-Odd-Name:  spaced ").status == 101
        yield raw


def test_the_head_of_the_request_is_shown_as_it_arrived(scripted_apps):
    sent = handshake("/?observe", "x-OdD: <b>&amp;", "Cookie: a=b; c=d")
    with Raw(scripted_apps) as raw:
        raw.send(sent).head()
        opening = observed(raw)["opening"]
        assert opening["head"].encode() + b"\r\n\r\n" == sent
        host, port = raw.socket.getsockname()
        assert (opening["peer"], opening["local"], opening["tls"]) == (f"{host}:{port}", f"{host}:{raw.port}", False)
        assert opening["route"] == [["127.0.0.1", "client"]]


def test_a_head_in_many_packets_and_after_another_request_is_shown_whole(scripted_apps):
    sent = handshake("/?observe", "Cookie: " + "x" * 3000)
    with Raw(scripted_apps) as raw:
        raw.get("/")
        for start in range(0, len(sent), 500):
            raw.send(sent[start : start + 500])
        # The body of the first response is still unread.
        raw.read_to(b"101 Switching Protocols")
        raw.read_to(b"\r\n\r\n")
        assert observed(raw)["opening"]["head"].encode() + b"\r\n\r\n" == sent


def test_the_response_is_shown(scripted_apps):
    with Raw(scripted_apps) as raw:
        head = raw.upgrade("/?observe")
        assert observed(raw)["response"].encode() == head.raw


def test_frames_of_both_directions_are_shown_with_their_heads(alice):
    alice.run("write", size=3, times=2)
    assert [alice.receive_text(), alice.receive_text()] == ["0 x", "1 x"]
    alice.send_frame(PING, b"hi")
    assert alice.receive() == Frame(PONG, b"hi")
    frames = observed(alice)["frames"]
    command = len(json.dumps({"do": "write", "size": 3, "times": 2}))
    ask = len(json.dumps({"do": "observed"}))
    sent_masks = [one[1][-8:] for one in frames if not one[0]]
    heads = [(sent, head if sent else head[:-8], length, payload) for sent, head, length, payload in frames]
    assert heads == [
        (False, f"81{0x80 | command:x}", command, ""),
        (True, "8103", 3, ""),
        (True, "8103", 3, ""),
        (False, "8982", 2, b"hi".hex()),
        (True, "8a02", 2, b"hi".hex()),
        (False, f"81{0x80 | ask:x}", ask, ""),
    ]
    assert all(len(mask) == 8 for mask in sent_masks)


@pytest.mark.parametrize("way", ["write", "write_soon", "send"])
@pytest.mark.parametrize(("size", "head"), [(125, "817d"), (126, "817e007e"), (70_000, "817f0000000000011170")])
def test_each_way_of_sending_is_shown_once(alice, way, size, head):
    alice.run(way, size=size, times=3)
    assert [len(alice.receive_text()) for _ in range(3)] == [size] * 3
    assert [one[1:3] for one in observed(alice)["frames"] if one[0]] == [[head, size]] * 3


def test_fragments_are_shown_as_frames(alice):
    command = json.dumps({"do": "write"}).encode()
    alice.send(frame(TEXT, command[:5], fin=False) + frame(0, command[5:]))
    assert alice.receive_text() == "0 "
    heads = [one[1][:4] for one in observed(alice)["frames"] if not one[0]]
    assert heads[:2] == ["0185", f"80{0x80 | len(command) - 5:x}"]


def test_reports_of_the_observer_itself_are_not_shown(alice):
    for _ in range(3):
        assert [one for one in observed(alice)["frames"] if one[0]] == []


def test_a_ping_that_the_application_asks_for_is_shown_with_its_pong(alice):
    alice.run("ping")
    assert alice.receive() == Frame(PING, b"at once")
    alice.send_frame(PONG, b"at once")
    shown = [(one[0], one[1][:2], bytes.fromhex(one[3])) for one in observed(alice)["frames"]]
    assert (True, "89", b"at once") in shown
    assert (False, "8a", b"at once") in shown


def test_the_close_frame_of_the_server_is_shown_once_and_can_be_reported_before_it_is_sent(alice):
    alice.run("close", code=4000, reason="so")
    report = json.loads(alice.receive_text())
    assert report["frames"][-1] == [True, "8804", 4, b"\x0f\xa0so".hex()]
    assert alice.receive() == Frame(CLOSE, b"\x0f\xa0so")


def test_the_close_frame_of_a_client_is_shown(alice):
    alice.send_frame(CLOSE, b"\x03\xe8")
    report = json.loads(alice.receive_text())
    assert [(one[0], one[1][:4], one[3]) for one in report["frames"]] == [
        (False, "8882", "03e8"),
        (True, "8802", "03e8"),
    ]


@pytest.mark.parametrize("received", [b"GET /other HTTP/1.1\r\nHost: a\r\n\r\n", b"", b"POST / HTTP/1.1\r\n\r\n"])
def test_bytes_of_another_request_are_not_taken_for_the_head(received):
    assert head_of(received, b"GET / HTTP/1.1") is None
    assert head_of(b"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n\x81\x80", b"GET / HTTP/1.1") == b"GET / HTTP/1.1\r\nHost: a"


def test_frames_that_were_written_together_are_shown_one_by_one():
    data = b"\x81\x02hi" + b"\x89\x01p" + b"\x81\x7e\x00\x7e" + b"x" * 126
    assert [(one.opcode, one.length, one.payload) for one in sent_frames(data)] == [
        (1, 2, b""),
        (9, 1, b"p"),
        (1, 126, b""),
    ]


def test_the_route_tells_which_addresses_trusted_proxies_have_seen():
    proxies = TrustedProxies(["10.0.0.0/24", "unix"])
    claimed, client, first, last = "192.0.2.66", "203.0.113.7", "10.0.0.2", "10.0.0.1"
    expected = [Hop(claimed, "claimed"), Hop(client, "client"), Hop(first, "proxy"), Hop(last, "proxy")]
    assert proxies.route(last, [f"{claimed}, {client}, {first}".encode()]) == expected
    assert proxies.route(client, [claimed.encode()]) == [Hop(claimed, "claimed"), Hop(client, "client")]
    assert proxies.route(None, []) == [Hop("unix", "client")]
    assert proxies.route(last, [b"unknown"]) == [Hop("unknown", "claimed"), Hop(last, "client")]
