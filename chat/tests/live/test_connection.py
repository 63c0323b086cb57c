"""A socket on a server that offers nothing but ASGI: frames wait in a queue of our own."""

import asyncio

import pytest
from django.test import override_settings

from chat.events import shapes
from chat.live.connection import Connection
from chat.live.frames import Frame
from chat.live.watch import Watch
from chat.tests.live.wires import settle, until


class Peer:
    """The other end of ASGI `send`; it reads only while `reads` is set."""

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
    connection.gone()


async def test_frames_go_out_in_order_as_text(connection, peer):
    for number in range(5):
        connection.send(Frame(str(number)))
    connection.answer(shapes.Reply(ref=1))
    await until(lambda: len(peer.texts) == 6)
    assert peer.texts == ["0", "1", "2", "3", "4", '{"type":"reply","ref":1}']


async def test_closing_comes_after_what_was_said(connection, peer):
    connection.send(Frame("last words"))
    connection.close(1012)
    connection.close(1008)
    connection.send(Frame("nobody hears this"))
    await until(lambda: len(peer.events) == 2)
    await settle()
    assert peer.events == [
        {"type": "websocket.send", "text": "last words"},
        {"type": "websocket.close", "code": 1012},
    ]


@override_settings(MAX_UNSENT=100)
async def test_who_reads_too_slowly_is_shown_out(connection, peer):
    peer.reads.clear()
    for _ in range(20):
        connection.send(Frame("x" * 30))
    assert connection.closed
    peer.reads.set()
    await until(lambda: peer.events and peer.events[-1]["type"] == "websocket.close")
    assert peer.events[-1]["code"] == 1013
    assert len(peer.texts) <= 4


@override_settings(MAX_UNSENT=100)
async def test_who_reads_is_not_shown_out_however_much_there_is(connection, peer):
    for _ in range(50):
        connection.send(Frame("x" * 90))
        await until(lambda: connection._outlet._task is None)
    assert not connection.closed
    assert len(peer.texts) == 50


async def test_a_peer_that_is_gone_is_no_error(connection, peer, caplog):
    peer.gone = True
    connection.send(Frame("one"))
    await settle()
    connection.send(Frame("two"))
    await settle()
    assert (peer.events, caplog.text) == ([], "")


async def test_nothing_is_written_after_the_end(connection, peer):
    peer.reads.clear()
    connection.send(Frame("one"))
    await settle()
    connection.gone()
    peer.reads.set()
    connection.send(Frame("two"))
    connection.close(1000)
    await settle()
    assert peer.events == []


async def test_watchers_of_both_kinds_get_the_same(connection, peer):
    from chat.tests.live.wires import Wire

    direct = Connection({"extensions": {"parley.socket": Wire()}}, None)
    watch = Watch("harbour")
    for watcher in (connection, direct):
        watch.begin(watcher)
        watch.ready(watcher)
    texts = ['{"n":1}', '{"n":2}']
    assert [watch.add(Frame(text)) for text in texts] == [True, False]
    watch.flush()
    await until(lambda: peer.texts == texts)
    assert direct.wire.frames == [{"n": 1}, {"n": 2}]
    assert direct.wire.writes == 1
