"""The proxy forwards data, and ends connections in each way."""

import asyncio
import random

import pytest

from .cutting_proxy import Cut, CuttingProxy

DATA = b"x" * 1000


@pytest.fixture
async def echo():
    """The port of a server that sends back what it receives."""

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
async def proxy(echo):
    """A proxy to the echo server."""
    async with CuttingProxy([echo], random.Random(1)) as proxy:
        yield proxy


async def connect(proxy):
    """A connection through the proxy that has transferred data."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(DATA)
    assert await reader.readexactly(len(DATA)) == DATA
    [link] = [link for link in proxy.links if link.is_open]
    return reader, writer, link


async def read_to_the_end(reader) -> bytes:
    received = b""
    try:
        async with asyncio.timeout(20):
            while data := await reader.read(65536):
                received += data
    except ConnectionResetError:
        pass
    return received


@pytest.mark.parametrize("how", [Cut.CLOSE, Cut.RESET, Cut.STALL])
async def test_a_connection_is_cut(proxy, how):
    reader, writer, link = await connect(proxy)
    link.cut(how)
    assert await read_to_the_end(reader) == b""
    assert proxy.made == {how: 1}
    assert not proxy.links
    writer.close()


@pytest.mark.parametrize("how", [Cut.HALF_DOWN, Cut.HALF_UP])
async def test_a_connection_is_cut_in_the_middle_of_data(proxy, how):
    reader, writer, link = await connect(proxy)
    link.cut(how)
    writer.write(DATA)
    received = await read_to_the_end(reader)
    assert len(received) < len(DATA)
    assert proxy.made == {how: 1}
    writer.close()


async def test_a_connection_without_further_data_is_closed(proxy):
    reader, writer, link = await connect(proxy)
    link.cut(Cut.HALF_DOWN)
    assert await read_to_the_end(reader) == b""
    assert proxy.made == {Cut.CLOSE: 1}
    writer.close()


async def test_a_connection_that_a_client_closes_is_not_counted(proxy):
    _reader, writer, _link = await connect(proxy)
    writer.close()
    async with asyncio.timeout(20):
        while proxy.links:
            await asyncio.sleep(0)
    assert not proxy.made


async def test_the_next_worker_is_tried_when_one_is_stopped(echo, unused_tcp_port):
    async with CuttingProxy([unused_tcp_port, echo], random.Random(1)) as proxy:
        for _ in range(4):
            _reader, writer, link = await connect(proxy)
            writer.close()
            link.end()


async def test_the_connection_is_closed_when_all_workers_are_stopped(unused_tcp_port):
    async with CuttingProxy([unused_tcp_port], random.Random(1)) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await read_to_the_end(reader) == b""
        writer.close()
