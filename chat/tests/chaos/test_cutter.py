"""The cutter hands on what it gets, and ends connections in each of its manners."""

import asyncio
import random

import pytest

from .cutter import Cut, Cutter

SAID = b"x" * 1000


@pytest.fixture
async def echo():
    """The port of a server that sends back what it gets."""

    async def serve(reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
        except ConnectionError:
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture
async def cutter(echo):
    """A cutter in front of it."""
    async with Cutter([echo], random.Random(1)) as cutter:
        yield cutter


async def talk(cutter):
    """A connection through the cutter that has spoken once."""
    reader, writer = await asyncio.open_connection("127.0.0.1", cutter.port)
    writer.write(SAID)
    assert await reader.readexactly(len(SAID)) == SAID
    [link] = [link for link in cutter.links if link.whole]
    return reader, writer, link


async def read_to_the_end(reader) -> bytes:
    heard = b""
    try:
        async with asyncio.timeout(20):
            while data := await reader.read(65536):
                heard += data
    except ConnectionResetError:
        pass
    return heard


@pytest.mark.parametrize("how", [Cut.CLOSE, Cut.RESET, Cut.STALL])
async def test_a_connection_is_cut(cutter, how):
    reader, writer, link = await talk(cutter)
    link.cut(how)
    assert await read_to_the_end(reader) == b""
    assert cutter.made == {how: 1}
    assert not cutter.links
    writer.close()


@pytest.mark.parametrize("how", [Cut.HALF_DOWN, Cut.HALF_UP])
async def test_a_connection_is_cut_in_the_middle_of_what_is_sent(cutter, how):
    reader, writer, link = await talk(cutter)
    link.cut(how)
    writer.write(SAID)
    heard = await read_to_the_end(reader)
    assert len(heard) < len(SAID)
    assert cutter.made == {how: 1}
    writer.close()


async def test_where_nothing_more_is_sent_it_is_cut_all_the_same(cutter):
    reader, writer, link = await talk(cutter)
    link.cut(Cut.HALF_DOWN)
    assert await read_to_the_end(reader) == b""
    assert cutter.made == {Cut.CLOSE: 1}
    writer.close()


async def test_who_ends_in_good_order_is_not_counted(cutter):
    _reader, writer, _link = await talk(cutter)
    writer.close()
    async with asyncio.timeout(20):
        while cutter.links:
            await asyncio.sleep(0)
    assert not cutter.made


async def test_the_next_worker_takes_over_for_one_that_is_gone(echo, unused_tcp_port):
    async with Cutter([unused_tcp_port, echo], random.Random(1)) as cutter:
        for _ in range(4):
            _reader, writer, link = await talk(cutter)
            writer.close()
            link.end()


async def test_with_all_workers_gone_the_connection_ends(unused_tcp_port):
    async with Cutter([unused_tcp_port], random.Random(1)) as cutter:
        reader, writer = await asyncio.open_connection("127.0.0.1", cutter.port)
        assert await read_to_the_end(reader) == b""
        writer.close()
