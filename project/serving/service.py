"""The server: Daphne's, with our connections and limits. It runs any ASGI application."""

import asyncio
import logging
import signal
import time

from autobahn.twisted.websocket import WebSocketServerFactory
from twisted.internet import defer, reactor
from twisted.internet.endpoints import serverFromString
from twisted.logger import FilteringLogObserver, LogLevel, LogLevelFilterPredicate, STDLibLogObserver, globalLogBeginner

from . import metrics
from .applications import ApplicationServer
from .drain import Drain
from .flush_scheduler import FlushScheduler
from .framing import configured_class
from .handshake_rate import HandshakeRate
from .http_connection import HttpConnection, HttpConnectionFactory
from .http_error import HttpError
from .limits import Limits
from .quota import Lease, Quota
from .websocket_connection import RESTARTING, WebSocketConnection

logger = logging.getLogger(__name__)

CHECK_INTERVAL_S = 1
RETRY_AFTER = (b"Retry-After", b"5")
BACKLOG = 4096
"""Connections that the kernel queues while the event loop is busy. All clients may reconnect at the same moment."""

BODY_CHUNK_BYTES = 64 * 1024
"""The application gets a body in messages of this size. With Daphne's 8 KiB, a piece of an upload would be 128."""


class Service(ApplicationServer):
    """A server with `limits`. It calls `announce` with each address that it listens on.

    All other arguments are those of Daphne's server.
    """

    def __init__(self, *args, limits: Limits, announce=lambda address: None, **kwargs):
        if kwargs.pop("proxy_forwarded_address_header", None):
            logger.warning("--proxy-headers has no effect: list the proxies in TRUSTED_PROXIES.")
        super().__init__(*args, request_buffer_size=BODY_CHUNK_BYTES, **kwargs)
        self.limits = limits
        self.endpoints = [_with_backlog(endpoint) for endpoint in self.endpoints]
        self.proxies = limits.proxies
        self._create_quotas(limits)
        self.announce = announce
        self.connections = {}
        self.http_connections: set[HttpConnection] = set()
        self.websockets: set[WebSocketConnection] = set()
        self.ports = []
        self.stop_requested = False
        self.drain: Drain | None = None
        self._checked_at = time.monotonic()

    def _create_quotas(self, limits: Limits) -> None:
        per_address = HttpError(503, "There are too many connections from your address.", RETRY_AFTER)
        full = HttpError(503, "The server is full. Please try again later.", RETRY_AFTER)
        self.websocket_quota = Quota(
            limits.max_connections, limits.max_connections_per_address, full=full, share_used=per_address
        )
        self.http_quota = Quota(0, limits.max_http_connections_per_address, full=full, share_used=per_address)
        memory = HttpError(503, "Too much data is being sent to the server. Please try again later.", RETRY_AFTER)
        self.memory_quota = Quota(limits.max_held_bytes, limits.max_held_bytes // 4, full=memory, share_used=memory)
        self.handshake_rate = HandshakeRate(
            limits.max_handshakes_per_address,
            limits.handshake_burst,
            HttpError(429, "Your address connects too often. Please try again later.", RETRY_AFTER),
        )

    def run(self):
        """Serve until the process is asked to stop. Replaces Daphne's `run`, which makes its own factories."""
        self.loop = reactor._asyncioEventloop
        asyncio.set_event_loop(self.loop)
        self.flush_scheduler = FlushScheduler(self.loop)
        metrics.register(self)
        self.http_factory = HttpConnectionFactory(self)
        self.websocket_factory = self._create_websocket_factory()
        # Autobahn and Twisted log every invalid request. Exceptions in our code have the level CRITICAL.
        critical = LogLevelFilterPredicate(LogLevel.critical)
        globalLogBeginner.beginLoggingTo(
            [FilteringLogObserver(STDLibLogObserver("twisted"), [critical])], redirectStandardIO=False
        )
        reactor.callLater(CHECK_INTERVAL_S, self.check)
        reactor.callWhenRunning(self._install_signal_handlers)
        for endpoint in self.endpoints:
            listener = serverFromString(reactor, str(endpoint)).listen(self.http_factory)
            listener.addCallbacks(self.listen_success, self.listen_error)
        reactor.addSystemEventTrigger("before", "shutdown", self.stop_serving)
        if not self.abort_start:
            if self.ready_callable:
                self.ready_callable()
            reactor.run(installSignalHandlers=self.signal_handlers)

    def _install_signal_handlers(self) -> None:
        # Twisted's handlers only run when the loop next wakes up. These wake it.
        if self.signal_handlers:
            self.loop.add_signal_handler(signal.SIGTERM, self._handle_signal, signal.SIGTERM)
            self.loop.add_signal_handler(signal.SIGINT, self._handle_signal, signal.SIGINT)

    def _handle_signal(self, number: int) -> None:
        if not self.stop_requested:
            # `drain` is set in the next iteration of the loop. A second signal before that must not stop the reactor
            # again.
            self.stop_requested = True
            self.stop()
        elif number == signal.SIGINT and self.drain:
            self.drain.skip_waiting()  # A second Ctrl-C. A second SIGTERM changes nothing.

    def _create_websocket_factory(self) -> WebSocketServerFactory:
        factory = WebSocketServerFactory()
        factory.setProtocolOptions(
            maxMessagePayloadSize=self.websocket_max_message_size,
            maxFramePayloadSize=self.websocket_max_frame_size,
            # Parse nothing after an error. `WebSocketFraming` still sends a close frame, which autobahn would not.
            failByDrop=True,
            # `check` watches the time limits of all connections with one timer.
            openHandshakeTimeout=0,
            closeHandshakeTimeout=0,
            echoCloseCodeReason=True,
        )
        after_handshake = {"websocket_version": 13, "inside_message": False, "current_frame": None}
        factory.protocol = configured_class(
            WebSocketConnection, factory, service=self, limits=self.limits, **after_handshake
        )
        return factory

    def listen_success(self, port):
        """Remember the port, and announce its address."""
        self.ports.append(port)
        super().listen_success(port)
        # After the signal handlers are installed, because a reader of the announcement may immediately send a signal.
        reactor.callWhenRunning(self.announce, port.getHost())

    def listen_error(self, failure):
        """End the process, because the server cannot listen."""
        logger.critical("Cannot listen: %s", failure.getErrorMessage())
        self.abort_start = True
        if reactor.running:
            reactor.stop()

    def stop_serving(self) -> defer.Deferred:
        """Shut down gracefully; the reactor waits for the result."""
        self.drain = Drain(self)
        return defer.Deferred.fromFuture(asyncio.ensure_future(self.drain.run(), loop=self.loop))

    # --- Connections

    def admit_websocket(self, address: str | None, now: float) -> Lease:
        """Count one more WebSocket. Raises HttpError if there are too many, or during shutdown."""
        if self.drain:
            raise RESTARTING.with_traceback(None)
        self.handshake_rate.take(address, now)
        return self.websocket_quota.take(address)

    def protocol_connected(self, protocol):
        """A request or a WebSocket starts."""
        super().protocol_connected(protocol)
        if isinstance(protocol, WebSocketConnection):
            self.websockets.add(protocol)

    # --- Time limits

    def check(self):
        """End connections and applications that take too long. One timer for all of them."""
        reactor.callLater(CHECK_INTERVAL_S, self.check)
        now = time.monotonic()
        # After a pause of this process, answers to pings may still be unread: then no client counts as dead.
        is_punctual, self._checked_at = now - self._checked_at < 2 * CHECK_INTERVAL_S, now
        for connection in list(self.http_connections):
            self._check_connection(connection, now)
        for websocket in list(self.websockets):
            self._check_connection(websocket, now, is_punctual)
        self.check_applications()
        self.handshake_rate.forget_idle(now)

    def _check_connection(self, connection, *arguments) -> None:
        try:
            connection.check_timeouts(*arguments)
        except Exception:
            # The other connections must still be checked.
            self.log_about(connection, logging.ERROR, "A connection could not be checked.", exc_info=True)
            connection.transport.abortConnection()


def _with_backlog(endpoint: str) -> str:
    if endpoint.startswith(("tcp:", "unix:")) and ":backlog=" not in endpoint:
        return f"{endpoint}:backlog={BACKLOG}"
    return endpoint
