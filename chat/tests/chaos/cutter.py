"""A balancer that cuts: it stands between clients and workers, and ends connections in all manners a network has."""

import asyncio
import random
import socket
import struct
from collections import Counter
from enum import StrEnum

STALL_S = (0.5, 3.0)
ARMED_S = 2.0


class Cut(StrEnum):
    """How a connection ends. `HALF_DOWN` and `HALF_UP`: in the middle of what is being sent, to and from the client."""

    CLOSE = "closed"
    RESET = "reset"
    HALF_DOWN = "mid-frame down"
    HALF_UP = "mid-frame up"
    STALL = "stalled"


class Cutter:
    """Listens on a port of its own and hands each connection to the next of the `ports` that takes it."""

    def __init__(self, ports: list[int], dice: random.Random):
        self.ports = ports
        self.dice = dice
        self.links: set[Link] = set()
        self.made: Counter[Cut] = Counter()
        self._next = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Cutter":
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Link(self), "127.0.0.1", 0, backlog=1000)
        return self

    async def __aexit__(self, *_) -> None:
        self._server.close()
        for link in list(self.links):
            link.end()

    @property
    def port(self) -> int:
        """Where clients connect."""
        return self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Cut one connection, chosen and ended as the dice fall; none if there is none."""
        standing = [link for link in self.links if link.whole]
        if standing:
            standing.sort(key=lambda link: link.number)
            self.dice.choice(standing).cut(self.dice.choice(list(Cut)))

    async def reach(self, link: "Link") -> None:
        """Connect a link to a worker, the next one first."""
        self._next += 1
        for turn in range(len(self.ports)):
            port = self.ports[(self._next + turn) % len(self.ports)]
            try:
                await asyncio.get_running_loop().create_connection(lambda: Far(link), "127.0.0.1", port)
            except OSError:
                continue
            return
        link.end()


class Link(asyncio.Protocol):
    """A client's connection; `far` is its other half, to the worker."""

    numbers = 0

    def __init__(self, cutter: Cutter):
        Link.numbers += 1
        self.number = Link.numbers
        self.cutter = cutter
        self.far: Far | None = None
        self.transport: asyncio.Transport | None = None
        self.armed: Cut | None = None
        self.stalled = False
        self._early = b""

    @property
    def whole(self) -> bool:
        """Whether both halves stand and no cut is under way."""
        return self.far is not None and self.armed is None and not self.stalled

    def connection_made(self, transport):
        self.transport = transport
        self.cutter.links.add(self)
        self._reaching = asyncio.ensure_future(self.cutter.reach(self))

    def reached(self, far: "Far") -> None:
        """The worker took the connection."""
        self.far = far
        if self.transport.is_closing():
            far.transport.abort()
        elif self._early:
            far.transport.write(self._early)

    def data_received(self, data):
        if self.far is None:
            self._early += data
        else:
            self.pass_on(data, self.far.transport, Cut.HALF_UP)

    def pass_on(self, data: bytes, to: asyncio.Transport, way: Cut) -> None:
        """Hand data over; half of it, when that is how this connection is to end."""
        if self.stalled:
            return
        if self.armed == way and len(data) > 1:
            to.write(data[: self.cutter.dice.randrange(1, len(data))])
            self._count(way)
            self.end()
        else:
            to.write(data)

    def cut(self, how: Cut) -> None:
        """Begin to end this connection."""
        loop = asyncio.get_running_loop()
        if how in {Cut.HALF_DOWN, Cut.HALF_UP}:
            self.armed = how
            loop.call_later(ARMED_S, self._give_up_waiting)
        elif how is Cut.STALL:
            self.stalled = True
            loop.call_later(self.cutter.dice.uniform(*STALL_S), self.end)
            self._count(how)
        else:
            self._count(how)
            self.end(reset=how is Cut.RESET)

    def _give_up_waiting(self) -> None:
        # Nothing was sent that way meanwhile: cut it all the same.
        if self in self.cutter.links:
            self._count(Cut.CLOSE)
            self.end()

    def _count(self, how: Cut) -> None:
        self.cutter.made[how] += 1

    def end(self, reset: bool = False) -> None:
        """End both halves at once."""
        for half in (self.transport, self.far and self.far.transport):
            if half and not half.is_closing():
                if reset:
                    # No FIN but an RST, as from a machine that knows nothing of the connection.
                    linger = struct.pack("ii", 1, 0)
                    half.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                half.abort()
        self.cutter.links.discard(self)

    def connection_lost(self, _error):
        self.end()


class Far(asyncio.Protocol):
    """The half of a link that goes to the worker."""

    def __init__(self, link: Link):
        self.link = link
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport):
        self.transport = transport
        self.link.reached(self)

    def data_received(self, data):
        self.link.pass_on(data, self.link.transport, Cut.HALF_DOWN)

    def connection_lost(self, _error):
        # What came before the end is still written; an orderly close stays one.
        if self.link.transport:
            self.link.transport.close()
        self.link.cutter.links.discard(self.link)
