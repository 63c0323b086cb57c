"""A TCP proxy between clients and workers that ends connections in all ways that a network can."""

import asyncio
import random
import socket
import struct
from collections import Counter
from enum import StrEnum

STALL_S = (0.5, 3.0)
ARMED_S = 2.0


class Cut(StrEnum):
    """How a connection ends. `HALF_DOWN`, `HALF_UP`: in the middle of data to the client, and from the client."""

    CLOSE = "closed"
    RESET = "reset"
    HALF_DOWN = "mid-frame down"
    HALF_UP = "mid-frame up"
    STALL = "stalled"


class CuttingProxy:
    """Listens on a free port, and forwards each connection to the next of the `ports` that accepts it."""

    def __init__(self, ports: list[int], rng: random.Random):
        self.ports = ports
        self.rng = rng
        self.links: set[ProxiedConnection] = set()
        self.made: Counter[Cut] = Counter()
        self._next = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "CuttingProxy":
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: ProxiedConnection(self), "127.0.0.1", 0, backlog=1000)
        return self

    async def __aexit__(self, *_) -> None:
        self._server.close()
        for link in list(self.links):
            link.end()

    @property
    def port(self) -> int:
        """The port for clients."""
        return self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Cut a random open connection in a random way, if there is one."""
        open_links = [link for link in self.links if link.is_open]
        if open_links:
            open_links.sort(key=lambda link: link.number)
            self.rng.choice(open_links).cut(self.rng.choice(list(Cut)))

    async def reach(self, link: "ProxiedConnection") -> None:
        """Connect to a worker; try the next one first."""
        self._next += 1
        for turn in range(len(self.ports)):
            port = self.ports[(self._next + turn) % len(self.ports)]
            try:
                await asyncio.get_running_loop().create_connection(lambda: UpstreamConnection(link), "127.0.0.1", port)
            except OSError:
                continue
            return
        link.end()


class ProxiedConnection(asyncio.Protocol):
    """The connection of a client; `upstream` is the connection to the worker."""

    numbers = 0

    def __init__(self, proxy: CuttingProxy):
        ProxiedConnection.numbers += 1
        self.number = ProxiedConnection.numbers
        self.proxy = proxy
        self.upstream: UpstreamConnection | None = None
        self.transport: asyncio.Transport | None = None
        self.armed: Cut | None = None
        self.stalled = False
        self._early = b""

    @property
    def is_open(self) -> bool:
        """Whether both connections are open and no cut has begun."""
        return self.upstream is not None and self.armed is None and not self.stalled

    def connection_made(self, transport):
        self.transport = transport
        self.proxy.links.add(self)
        self._reaching = asyncio.ensure_future(self.proxy.reach(self))

    def reached(self, upstream: "UpstreamConnection") -> None:
        """The worker has accepted the connection."""
        self.upstream = upstream
        if self.transport.is_closing():
            upstream.transport.abort()
        elif self._early:
            upstream.transport.write(self._early)

    def data_received(self, data):
        if self.upstream is None:
            self._early += data
        else:
            self.pass_on(data, self.upstream.transport, Cut.HALF_UP)

    def pass_on(self, data: bytes, to: asyncio.Transport, way: Cut) -> None:
        """Forward data. If the connection is to end in the middle of data: forward a part of it, then end."""
        if self.stalled:
            return
        if self.armed == way and len(data) > 1:
            to.write(data[: self.proxy.rng.randrange(1, len(data))])
            self._count(way)
            self.end()
        else:
            to.write(data)

    def cut(self, how: Cut) -> None:
        """Begin to cut this connection."""
        loop = asyncio.get_running_loop()
        if how in {Cut.HALF_DOWN, Cut.HALF_UP}:
            self.armed = how
            loop.call_later(ARMED_S, self._give_up_waiting)
        elif how is Cut.STALL:
            self.stalled = True
            loop.call_later(self.proxy.rng.uniform(*STALL_S), self.end)
            self._count(how)
        else:
            self._count(how)
            self.end(reset=how is Cut.RESET)

    def _give_up_waiting(self) -> None:
        # No data was sent in that direction: close the connection instead.
        if self in self.proxy.links:
            self._count(Cut.CLOSE)
            self.end()

    def _count(self, how: Cut) -> None:
        self.proxy.made[how] += 1

    def end(self, reset: bool = False) -> None:
        """End both connections at once."""
        for half in (self.transport, self.upstream and self.upstream.transport):
            if half and not half.is_closing():
                if reset:
                    # Linger 0 sends RST instead of FIN, like a machine that has lost the state of the connection.
                    linger = struct.pack("ii", 1, 0)
                    half.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                half.abort()
        self.proxy.links.discard(self)

    def connection_lost(self, _error):
        self.end()


class UpstreamConnection(asyncio.Protocol):
    """The connection to the worker."""

    def __init__(self, link: ProxiedConnection):
        self.link = link
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport):
        self.transport = transport
        self.link.reached(self)

    def data_received(self, data):
        self.link.pass_on(data, self.link.transport, Cut.HALF_DOWN)

    def connection_lost(self, _error):
        # close() still writes what was received before: an orderly close stays one.
        if self.link.transport:
            self.link.transport.close()
        self.link.proxy.links.discard(self.link)
