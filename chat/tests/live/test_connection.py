"""A connection on a server that offers plain ASGI only: frames wait in our own queue."""

import asyncio

import pytest
from django.test import override_settings

from chat.live.connection import Connection
from chat.live.frames import Frame
from chat.live.watches import Watch
from chat.protocol import replies
from chat.tests.live.fake_sockets import settle, until


class Peer:
    """The receiver of ASGI `send`. It reads only while `reads` is set."""

    def __init__(self):
        self.events = []
        self.reads = asyncio.Event()
        self.reads.set()
        self.gone = False

    async def send(self, event):
        await self.reads.wait()
        if self.gone:
            raise ConnectionResetError
        self.events.append(event)

    @property
    def texts(self):
        return [event["text"] for event in self.events if event["type"] == "websocket.send"]


@pytest.fixture
async def peer():
    return Peer()


@pytest.fixture
async def connection(peer):
    connection = Connection({}, peer.send)
    yield connection
    connection.disconnected()


async def test_frames_are_sent_in_order_as_text(connection, peer):
    for number in range(5):
        connection.send(Frame(str(number)))
    connection.send_schema(replies.Reply(ref=1))
    await until(lambda: len(peer.texts) == 6)
    assert peer.texts == ["0", "1", "2", "3", "4", '{"type":"reply","ref":1}']


async def test_the_connection_closes_after_the_queued_frames(connection, peer):
    connection.send(Frame("last words"))
    connection.close(1012)
    connection.close(1008)
    connection.send(Frame("nobody receives this"))
    await until(lambda: len(peer.events) == 2)
    await settle()
    assert peer.events == [
        {"type": "websocket.send", "text": "last words"},
        {"type": "websocket.close", "code": 1012},
    ]


@override_settings(MAX_UNSENT=100)
async def test_a_client_that_reads_too_slowly_is_closed_with_1013(connection, peer):
    peer.reads.clear()
    for _ in range(20):
        connection.send(Frame("x" * 30))
    assert connection.closed
    peer.reads.set()
    await until(lambda: peer.events and peer.events[-1]["type"] == "websocket.close")
    assert peer.events[-1]["code"] == 1013
    assert len(peer.texts) <= 4


@override_settings(MAX_UNSENT=100)
async def test_a_client_that_reads_gets_any_number_of_frames(connection, peer):
    for _ in range(50):
        connection.send(Frame("x" * 90))
        await until(lambda: connection._send_queue._task is None)
    assert not connection.closed
    assert len(peer.texts) == 50


async def test_a_send_to_a_disconnected_peer_is_no_error(connection, peer, caplog):
    peer.gone = True
    connection.send(Frame("one"))
    await settle()
    connection.send(Frame("two"))
    await settle()
    assert (peer.events, caplog.text) == ([], "")


async def test_nothing_is_sent_after_close(connection, peer):
    peer.reads.clear()
    connection.send(Frame("one"))
    await settle()
    connection.disconnected()
    peer.reads.set()
    connection.send(Frame("two"))
    connection.close(1000)
    await settle()
    assert peer.events == []


async def test_direct_and_asgi_connections_get_the_same_frames(connection, peer):
    from chat.tests.live.fake_sockets import FakeSocket

    direct = Connection({"extensions": {"parley.socket": FakeSocket()}}, None)
    watch = Watch("harbour")
    for watcher in (connection, direct):
        watch.begin(watcher)
        watch.ready(watcher)
    texts = ['{"n":1}', '{"n":2}']
    assert [watch.add(Frame(text)) for text in texts] == [True, False]
    watch.flush()
    await until(lambda: peer.texts == texts)
    assert direct.socket.frames == [{"n": 1}, {"n": 2}]
    assert direct.socket.writes == 1
