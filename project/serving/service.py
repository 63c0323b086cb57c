"""Daphne's server with our connections. It runs any ASGI application."""

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
from .budget import Budget, Lease
from .channel import Channel, ChannelFactory
from .drain import Drain
from .framing import configured
from .limits import Limits
from .refusal import Refusal
from .turn import Turn
from .websocket import RESTARTING, Socket

logger = logging.getLogger(__name__)

CHECK_EVERY_S = 1
RETRY_AFTER = (b"Retry-After", b"5")
BACKLOG = 4096
"""Connections that the kernel holds for us while we are busy; all of a site's people may come back at once."""


class Service(ApplicationServer):
    """A server with `limits`; `announce` is told each address that it listens on. All else as Daphne's takes it."""

    def __init__(self, *args, limits: Limits, announce=lambda address: None, **kwargs):
        if kwargs.pop("proxy_forwarded_address_header", None):
            logger.warning("--proxy-headers is not used: name the proxies in TRUSTED_PROXIES.")
        super().__init__(*args, **kwargs)
        self.limits = limits
        self.endpoints = [_with_backlog(endpoint) for endpoint in self.endpoints]
        self.proxies = limits.proxies
        self._share(limits)
        self.announce = announce
        self.connections = {}
        self.channels: set[Channel] = set()
        self.sockets: set[Socket] = set()
        self.ports = []
        self.told = False
        self.draining: Drain | None = None
        self._checked_at = time.monotonic()

    def _share(self, limits: Limits) -> None:
        """Set what clients share."""
        many = Refusal(503, "There are too many connections from your address.", RETRY_AFTER)
        full = Refusal(503, "The server is full. Please try again later.", RETRY_AFTER)
        self.socket_places = Budget(
            limits.max_connections, limits.max_connections_per_address, full=full, share_used=many
        )
        self.http_places = Budget(0, limits.max_http_connections_per_address, full=full, share_used=many)
        large = Refusal(503, "Too much is being sent to the server. Please try again later.", RETRY_AFTER)
        self.held_bytes = Budget(limits.max_held_bytes, limits.max_held_bytes // 4, full=large, share_used=large)

    def run(self):
        """Serve until told to stop. Daphne's own `run` makes its factories itself, so it is written anew."""
        self.loop = reactor._asyncioEventloop
        asyncio.set_event_loop(self.loop)
        self.turn = Turn(self.loop)
        metrics.register(self)
        self.http_factory = ChannelFactory(self)
        self.ws_factory = self._socket_factory()
        # Autobahn and Twisted tell of every bad client; what is our own fault comes at the level CRITICAL.
        critical = LogLevelFilterPredicate(LogLevel.critical)
        globalLogBeginner.beginLoggingTo(
            [FilteringLogObserver(STDLibLogObserver("twisted"), [critical])], redirectStandardIO=False
        )
        reactor.callLater(CHECK_EVERY_S, self.check)
        reactor.callWhenRunning(self._take_signals)
        for endpoint in self.endpoints:
            listener = serverFromString(reactor, str(endpoint)).listen(self.http_factory)
            listener.addCallbacks(self.listen_success, self.listen_error)
        reactor.addSystemEventTrigger("before", "shutdown", self.stop_serving)
        if not self.abort_start:
            if self.ready_callable:
                self.ready_callable()
            reactor.run(installSignalHandlers=self.signal_handlers)

    def _take_signals(self) -> None:
        # Twisted's own handlers are run when the loop next wakes up; these wake it.
        if self.signal_handlers:
            self.loop.add_signal_handler(signal.SIGTERM, self._on_signal, signal.SIGTERM)
            self.loop.add_signal_handler(signal.SIGINT, self._on_signal, signal.SIGINT)

    def _on_signal(self, number: int) -> None:
        if not self.told:
            # The drain begins a turn later: until then a second signal would stop a reactor that is stopping.
            self.told = True
            self.stop()
        elif number == signal.SIGINT and self.draining:
            self.draining.hurry()  # A second Ctrl-C means: now. A second SIGTERM says nothing new.

    def _socket_factory(self) -> WebSocketServerFactory:
        factory = WebSocketServerFactory()
        factory.setProtocolOptions(
            maxMessagePayloadSize=self.websocket_max_message_size,
            maxFramePayloadSize=self.websocket_max_frame_size,
            # Read nothing more after an error. `Framing` still says the close frame, which autobahn would not.
            failByDrop=True,
            # The service watches the clock for all sockets at once.
            openHandshakeTimeout=0,
            closeHandshakeTimeout=0,
            echoCloseCodeReason=True,
        )
        handshaken = {"websocket_version": 13, "inside_message": False, "current_frame": None}
        factory.protocol = configured(Socket, factory, service=self, limits=self.limits, **handshaken)
        return factory

    def listen_success(self, port):
        """Remember the port, and tell where it is."""
        self.ports.append(port)
        super().listen_success(port)
        # Not before signals are taken: who reads the line may send one.
        reactor.callWhenRunning(self.announce, port.getHost())

    def listen_error(self, failure):
        """Give up: a server that does not listen is none."""
        logger.critical("Cannot listen: %s", failure.getErrorMessage())
        self.abort_start = True
        if reactor.running:
            reactor.stop()

    def stop_serving(self) -> defer.Deferred:
        """Let everything end in good order; the reactor waits for it."""
        self.draining = Drain(self)
        return defer.Deferred.fromFuture(asyncio.ensure_future(self.draining.run(), loop=self.loop))

    # --- Connections and their applications

    def admit(self, address: str | None) -> Lease:
        """Count one more socket. Raises Refusal."""
        if self.draining:
            raise RESTARTING.with_traceback(None)
        return self.socket_places.take(address)

    def protocol_connected(self, protocol):
        """A request or a socket begins."""
        super().protocol_connected(protocol)
        if isinstance(protocol, Socket):
            self.sockets.add(protocol)

    # --- In time

    def check(self):
        """Look for connections and applications that overstay. One timer for all."""
        reactor.callLater(CHECK_EVERY_S, self.check)
        now = time.monotonic()
        # After a pause of ours, answers may lie unread: nobody is dead for that.
        punctual, self._checked_at = now - self._checked_at < 2 * CHECK_EVERY_S, now
        for channel in list(self.channels):
            self._check(channel, now)
        for socket in list(self.sockets):
            self._check(socket, now, punctual)
        self.check_applications()

    def _check(self, connection, *arguments) -> None:
        try:
            connection.check_timeouts(*arguments)
        except Exception:
            # It must not keep the others from being checked.
            self.log_about(connection, logging.ERROR, "A connection could not be checked.", exc_info=True)
            connection.transport.abortConnection()


def _with_backlog(endpoint: str) -> str:
    if endpoint.startswith(("tcp:", "unix:")) and ":backlog=" not in endpoint:
        return f"{endpoint}:backlog={BACKLOG}"
    return endpoint
