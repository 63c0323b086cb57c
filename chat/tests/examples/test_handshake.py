"""examples/handshake.py: a WebSocket server from the standard library."""

import asyncio
import runpy
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from .terminal import EXAMPLES, WAIT_S

LIMIT_LINES = 90
REQUEST = b"\r\n".join(
    (
        b"GET /chat HTTP/1.1",
        b"Host: server.example.com",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        b"Origin: http://example.com",
        b"Sec-WebSocket-Protocol: chat, superchat",
        b"Sec-WebSocket-Version: 13",
        b"",
    )
)
"""The request of RFC 6455 section 1.3."""
RESPONSE = b"\r\n".join(
    (
        b"HTTP/1.1 101 Switching Protocols",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        b"Sec-WebSocket-Protocol: chat",
        b"",
        b"",
    )
)
"""The response of RFC 6455 section 1.3."""


@pytest.fixture
async def url(run) -> str:
    """The address of a running server."""
    server = await run("handshake.py", "0")
    return (await server.shows("Listening at ")).removeprefix("Listening at ")


def test_it_is_short():
    assert len((EXAMPLES / "handshake.py").read_text().splitlines()) <= LIMIT_LINES


def test_it_answers_the_request_of_the_rfc_with_the_response_of_the_rfc():
    answer = runpy.run_path(str(EXAMPLES / "handshake.py"))["answer"]
    assert answer(REQUEST) == RESPONSE


def test_a_request_without_an_upgrade_gets_400():
    answer = runpy.run_path(str(EXAMPLES / "handshake.py"))["answer"]
    assert answer(b"GET / HTTP/1.1\r\nHost: localhost\r\n").startswith(b"HTTP/1.1 400 ")


async def test_a_message_goes_to_everybody(url):
    async with connect(url, subprotocols=["chat"]) as ann, connect(url) as bob:
        assert ann.subprotocol == "chat"
        assert bob.subprotocol is None
        # Who has an answer to a ping is in the list of clients.
        await (await ann.ping())
        await (await bob.ping())
        await ann.send("Grüße aus 臺北")
        assert [await ann.recv(), await bob.recv()] == ["Grüße aus 臺北"] * 2


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
async def test_messages_of_each_kind_of_length_arrive_whole(url, size):
    async with connect(url, compression=None) as ann:
        await ann.send("x" * size)
        assert await ann.recv() == "x" * size


async def test_a_message_in_several_frames_arrives_as_one(url):
    async with connect(url, compression=None) as ann:
        await ann.send(["one, ", "two, ", "three"])
        assert await ann.recv() == "one, two, three"


async def test_a_close_frame_is_answered_with_its_code(url):
    async with connect(url) as ann:
        await ann.close(4321)
        with pytest.raises(ConnectionClosed) as closed:
            await ann.recv()
        assert closed.value.rcvd.code == 4321


async def test_a_client_that_goes_without_a_word_does_not_disturb_the_others(url):
    async with connect(url) as ann:
        bob = await connect(url)
        await (await bob.ping())
        bob.transport.abort()
        for text in ("one", "two", "three"):
            await ann.send(text)
            assert await ann.recv() == text


@pytest.mark.parametrize("start", [b"", b"GET /chat HTTP/1.1\r\nHo", REQUEST], ids=["nothing", "half a line", "no end"])
async def test_a_request_that_ends_too_early_ends_the_connection(url, start):
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
    writer.write(start)
    writer.write_eof()
    async with asyncio.timeout(WAIT_S):
        await reader.read()
    writer.close()


@pytest.mark.parametrize(
    "frame",
    [b"\x81\x05Hello", b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f", b"\x81\xfe\x01"],
    ids=["not masked", "half a payload", "half a head"],
)
async def test_a_frame_that_is_not_masked_or_not_whole_reaches_nobody_and_ends_the_connection(url, frame):
    async with connect(url) as ann:
        await (await ann.ping())
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
        writer.write(REQUEST + b"\r\n" + frame)
        writer.write_eof()
        async with asyncio.timeout(WAIT_S):
            assert await reader.read() == RESPONSE
        writer.close()
        await ann.send("next")
        assert await ann.recv() == "next"


async def test_plain_http_gets_400(url):
    with pytest.raises(InvalidStatus) as refused:
        async with connect(url, additional_headers={"Upgrade": "h2c"}):
            pass
    assert refused.value.response.status_code == 400


async def test_two_clients_of_node_talk_through_it(url, run):
    ann, bob = await run("talk.mjs", url), await run("talk.mjs", url)
    bob.type("Bob is here")
    await bob.shows("Bob is here")
    ann.type("Hello from JavaScript")
    await ann.shows("Hello from JavaScript")
    await bob.shows("Hello from JavaScript")
    assert await ann.end_input() == 0
