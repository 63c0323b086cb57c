"""Runs the ASGI application of each request and each WebSocket."""

import asyncio
import logging
import time
from contextvars import copy_context
from functools import partial

from daphne.server import Server

from .drain import EXTENSION as DRAINING
from .websocket_connection import WebSocketConnection

logger = logging.getLogger(__name__)


class ApplicationServer(Server):
    """Daphne's server, with a callback when an application ends. Daphne itself polls once per second for that.

    `connections` maps each request (`Request`) and each `WebSocketConnection`, both called protocol by Daphne, to a
    dictionary: `application_instance` is the task while it runs, `context` its context variables, and `disconnected`
    the time when the client left.
    """

    loop: asyncio.AbstractEventLoop
    drain = None

    def protocol_disconnected(self, protocol):
        """The connection ended. Its application has `application_close_timeout` seconds to end."""
        details = self.connections.get(protocol)
        if details and "application_instance" in details:
            details.setdefault("disconnected", time.time())
        elif details:
            del self.connections[protocol]

    def create_application(self, protocol, scope):
        """Start the application for a request or a WebSocket; returns its input queue."""
        if protocol not in self.connections:
            return None
        scope.setdefault("asgi", {"version": "3.0"})
        if self.drain:
            scope.setdefault("extensions", {})[DRAINING] = {}
        queue = protocol.receive_queue if isinstance(protocol, WebSocketConnection) else asyncio.Queue()
        context = copy_context()
        work = self._run_application(scope, queue.get, partial(self.handle_reply, protocol))
        task = self.loop.create_task(work, context=context)
        self.connections[protocol] |= {"application_instance": task, "context": context}
        task.add_done_callback(partial(self._application_ended, protocol))
        return queue

    async def _run_application(self, scope, receive, send):
        await self.application(scope, receive, send)

    async def handle_reply(self, protocol, message):
        """Process an ASGI message of the application. Returns when the client has read most of what it was sent."""
        details = self.connections.get(protocol)
        if details is None or "disconnected" in details:
            return
        if isinstance(protocol, WebSocketConnection):
            protocol.handle_reply(message)
            writable = protocol.direct.writable()
        else:
            await super().handle_reply(protocol, message)
            writable = protocol.writable()
        if writable:
            await writable

    def _application_ended(self, protocol, task: asyncio.Task) -> None:
        details = self.connections[protocol]
        del details["application_instance"]
        error = None if task.cancelled() else task.exception()
        if error:
            self.log_about(protocol, logging.ERROR, "The application failed.", exc_info=error)
        if "disconnected" in details:
            del self.connections[protocol]
        elif isinstance(protocol, WebSocketConnection):
            protocol.application_ended(error)
        elif error or not protocol.finished:
            protocol.handle_exception(error)

    def check_applications(self) -> None:
        """Cancel applications that do not end after their connection, and requests that take too long."""
        now = time.time()
        for protocol, details in list(self.connections.items()):
            if now - details.get("disconnected", now) > self.application_close_timeout:
                text = "The application of %r took too long to end: cancelled."
                self.log_about(protocol, logging.WARNING, text, protocol)
                details["application_instance"].cancel()
                details["disconnected"] = now
            elif not isinstance(protocol, WebSocketConnection):
                protocol.check_timeouts()

    def log_about(self, protocol, level: int, text: str, *arguments, **options) -> None:
        """Log in the context of a request or WebSocket, so that the line has the id that its application set."""
        details = self.connections.get(protocol, {})
        context = details["context"] if "context" in details else copy_context()
        # A copy, because a context cannot be entered twice: the caller may be the application, which runs in it.
        context.copy().run(logger.log, level, text, *arguments, **options)
