"""Which application serves which connection, from its start to its end."""

import asyncio
import logging
import time
from contextvars import copy_context
from functools import partial

from daphne.server import Server

from .drain import EXTENSION as DRAINING
from .websocket import Socket

logger = logging.getLogger(__name__)


class ApplicationServer(Server):
    """Daphne's account of connections, kept as things happen: its own looks once a second for what has ended.

    `connections` maps each request and socket to its `application_instance` while that runs, and to when it
    `disconnected`.
    """

    loop: asyncio.AbstractEventLoop
    draining = None

    def protocol_disconnected(self, protocol):
        """It ended; its application may take `application_close_timeout` seconds to notice."""
        details = self.connections.get(protocol)
        if details and "application_instance" in details:
            details.setdefault("disconnected", time.time())
        elif details:
            del self.connections[protocol]

    def create_application(self, protocol, scope):
        """Start the application for a request or a socket; returns its input queue."""
        if protocol not in self.connections:
            return None
        scope.setdefault("asgi", {"version": "3.0"})
        if self.draining:
            scope.setdefault("extensions", {})[DRAINING] = {}
        queue = protocol.inbox if isinstance(protocol, Socket) else asyncio.Queue()
        context = copy_context()
        work = self._run_application(scope, queue.get, partial(self.handle_reply, protocol))
        task = self.loop.create_task(work, context=context)
        self.connections[protocol] |= {"application_instance": task, "context": context}
        task.add_done_callback(partial(self._application_ended, protocol))
        return queue

    async def _run_application(self, scope, receive, send):
        await self.application(scope, receive, send)

    async def handle_reply(self, protocol, message):
        """Take an ASGI message of the application; returns when the client keeps up with what it is sent."""
        details = self.connections.get(protocol)
        if details is None or "disconnected" in details:
            return
        if isinstance(protocol, Socket):
            protocol.handle_reply(message)
            relief = protocol.direct.relief()
        else:
            await super().handle_reply(protocol, message)
            relief = protocol.congestion()
        if relief:
            await relief

    def _application_ended(self, protocol, task: asyncio.Task) -> None:
        details = self.connections[protocol]
        del details["application_instance"]
        error = None if task.cancelled() else task.exception()
        if error:
            self.log_about(protocol, logging.ERROR, "The application failed.", exc_info=error)
        if "disconnected" in details:
            del self.connections[protocol]
        elif isinstance(protocol, Socket):
            protocol.application_ended(error)
        elif error or not protocol.finished:
            protocol.handle_exception(error)

    def check_applications(self) -> None:
        """End applications that do not notice that their connection is gone, and requests that take too long."""
        now = time.time()
        for protocol, details in list(self.connections.items()):
            if now - details.get("disconnected", now) > self.application_close_timeout:
                text = "The application of %r took too long to end: cancelled."
                self.log_about(protocol, logging.WARNING, text, protocol)
                details["application_instance"].cancel()
                details["disconnected"] = now
            elif not isinstance(protocol, Socket):
                protocol.check_timeouts()

    def log_about(self, protocol, level: int, text: str, *arguments, **options) -> None:
        """Log of a request or a socket, within its application's context: an id that it left there is in the line."""
        details = self.connections.get(protocol, {})
        context = details["context"] if "context" in details else copy_context()
        # A copy: the application itself may be what brought us here.
        context.copy().run(logger.log, level, text, *arguments, **options)
