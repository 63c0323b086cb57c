"""Daphne, configured: uvloop, limits, sockets that the application writes to directly, and an orderly end.

`python -m project.server` serves this site at HOST:PORT; with arguments it takes those of `daphne`, any
`module:application` included.
"""

import os
import sys

import uvloop
from twisted.internet import asyncioreactor

asyncioreactor.install(uvloop.new_event_loop())  # Before daphne.server is imported: it installs one itself.

import asyncio
import logging
import random
from functools import partial

from daphne.cli import CommandLineInterface
from daphne.server import Server
from twisted.internet import defer, reactor

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

from django.conf import settings

from project.websocket import CLOSE_LINGER_S, ChatSocket, WireSocket

logger = logging.getLogger(__name__)

EXTENSION = "parley.socket"
BACKLOG = 4096
RETRY_SPREAD_S = 5.0


class ChatServer(Server):
    """Daphne's server, with our protocol, our queues and our end."""

    def run(self):
        reactor.callWhenRunning(self._configure)
        super().run()

    def _configure(self):
        self.ws_factory.protocol = ChatSocket
        # All options: what is left out goes back to autobahn's default.
        self.ws_factory.setProtocolOptions(
            autoPingTimeout=self.ping_timeout,
            allowNullOrigin=True,
            openHandshakeTimeout=self.websocket_handshake_timeout,
            closeHandshakeTimeout=CLOSE_LINGER_S,
            maxMessagePayloadSize=self.websocket_max_message_size,
            maxFramePayloadSize=self.websocket_max_frame_size,
            failByDrop=False,
            tcpNoDelay=True,
        )

    def create_application(self, protocol, scope):
        """The application's input queue; sockets get our extension, and a queue that pauses reading when it fills."""
        queue = asyncio.Queue()
        receive = queue.get
        if scope["type"] == "websocket":
            scope.setdefault("extensions", {})[EXTENSION] = protocol.wire = WireSocket(protocol)
            receive = partial(_receive, queue, protocol)
        scope.setdefault("asgi", {"version": "3.0"})
        application = self.application(scope=scope, receive=receive, send=partial(self.handle_reply, protocol))
        if protocol not in self.connections:
            return None
        self.connections[protocol]["application_instance"] = asyncio.ensure_future(application)
        return queue

    def kill_all_applications(self):
        """Before the reactor stops: let every socket finish what it began and say good-bye, within DRAIN_S."""
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._drain()))

    async def _drain(self):
        for port in await defer.gatherResults(self.listeners, consumeErrors=True).asFuture(asyncio.get_event_loop()):
            port.stopListening()
        deadline = asyncio.get_event_loop().time() + settings.DRAIN_S - 1
        for protocol in list(self.connections):
            if isinstance(protocol, ChatSocket) and hasattr(protocol, "application_queue"):
                if protocol.wire.drains:
                    retry_after = round(random.uniform(0, RETRY_SPREAD_S), 2)
                    protocol.application_queue.put_nowait({"type": "server.drain", "retry_after": retry_after})
                else:
                    protocol.serverClose(1012)
        while self._busy() and asyncio.get_event_loop().time() < deadline:
            await asyncio.sleep(0.05)
        for details in list(self.connections.values()):
            instance = details.get("application_instance")
            if instance is not None and not instance.done():
                instance.cancel()

    def _busy(self) -> bool:
        return any(
            "disconnected" not in details and details.get("application_instance") is not None
            for details in self.connections.values()
        )


async def _receive(queue: asyncio.Queue, protocol: ChatSocket):
    message = await queue.get()
    protocol.taken()
    return message


class Command(CommandLineInterface):
    """`daphne`, with our server."""

    server_class = ChatServer
    description = __doc__


def main(arguments: list[str]) -> None:
    """Serve `arguments` as `daphne` would; without any, this site at HOST:PORT."""
    if not arguments:
        host = settings.HOST or "0.0.0.0"
        endpoint = f"tcp:port={settings.PORT}:backlog={BACKLOG}:interface={host.replace(':', chr(92) + ':')}"
        print(f"Parley listens on http://{host}:{settings.PORT}", flush=True)
        arguments = ["-v", "0", "--endpoint", endpoint, "project.asgi:application"]
    Command().run(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
