"""RFC 6455 frames: autobahn's parser, and the ends of a connection as §7.1 requires them.

Autobahn gives each connection a copy of its options and about thirty attributes. Here they are attributes of the class
that `configured_class` makes. This saves most of a connection's memory, and half of the CPU time of opening it.
"""

from functools import cached_property
from time import monotonic

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.util import encode_truncate
from autobahn.websocket.utf8validator import Utf8Validator

from .limits import Limits
from .observation import FIRST_CONTROL, Observer, received_frame
from .token_bucket import TokenBucket

MAX_REASON = 123
"""Bytes of a close frame's reason: 125 of a control frame, less 2 for the code (RFC 6455 §5.5)."""


class WebSocketFraming(WebSocketServerProtocol):
    """Parses frames into messages, and sends messages and close frames. Subclasses connect it to the network."""

    ended = False
    """Whether a close frame or an error has arrived: nothing after it is processed (§1.4, §7.1.7)."""
    limits = Limits()
    message_data: bytearray | None = None
    message_since: float | None = None
    """When `WebSocketConnection` first saw that a message was incomplete."""
    observer: Observer | None = None
    """Gets each frame, if the application asked for it."""
    _frame_bucket: TokenBucket | None = None

    # Autobahn makes one for each connection. It is only needed while a message is incomplete.
    @cached_property
    def utf8validator(self):
        """The validator of the current message."""
        return Utf8Validator()

    def dataReceived(self, data: bytes) -> None:
        if not self.ended:
            self.data += data
            self.parse()

    def parse(self) -> None:
        """Process all complete frames."""
        while self.may_parse() and self.processData():
            pass

    def may_parse(self) -> bool:
        """Whether frames may be processed now."""
        return self.state in (self.STATE_OPEN, self.STATE_CLOSING) and not self.ended

    def is_inside_message(self) -> bool:
        """Whether a frame or a message is incomplete."""
        return self.state == self.STATE_OPEN and bool(self.inside_message or self.current_frame or self.data)

    # --- Frames. Each costs CPU time, however small it is

    def onFrameBegin(self) -> None:
        if self._is_limited(self.current_frame) and not self._take_frame():
            self.fail(1008, "Too many control frames or small fragments.")
        else:
            super().onFrameBegin()

    def onFrameEnd(self):
        if self.observer is not None:
            payload = b"".join(self.control_frame_data) if self.current_frame.opcode >= FIRST_CONTROL else b""
            self.observer.frame(received_frame(self.current_frame, payload))
        return super().onFrameEnd()

    def _is_limited(self, frame) -> bool:
        """Whether the frame counts for `Limits.frame_rate`: control frames, small fragments, and all after our close.

        Complete messages are counted by the application, and large fragments by the limit of the message's size.
        """
        if frame.opcode > 7 or self.state != self.STATE_OPEN:
            return True
        return not (frame.fin and frame.opcode) and frame.length < self.limits.small_fragment

    def _take_frame(self) -> bool:
        limits, now = self.limits, monotonic()
        if self._frame_bucket is None:
            self._frame_bucket = TokenBucket(limits.frame_burst, now)
        return self._frame_bucket.take(limits.frame_rate, limits.frame_burst, now)

    # --- Messages. Fragments are collected in one buffer, so that they use no more memory than their bytes

    def onMessageBegin(self, isBinary: bool) -> None:
        super().onMessageBegin(isBinary)
        self.message_data = bytearray()

    def onMessageFrameData(self, payload: bytes) -> None:
        if not self.failedByMe:
            self.message_data += payload

    def onMessageFrameEnd(self) -> None:
        self.frame_data = None

    def onMessageEnd(self) -> None:
        message, self.message_data = self.message_data, None
        self.message_since = None
        self.__dict__.pop("utf8validator", None)
        if not self.failedByMe and self.state == self.STATE_OPEN:
            self.onMessage(bytes(message), self.message_is_binary)

    # --- Ends. Each takes effect in the next iteration of the event loop, so that messages which arrived in the same
    # packet before it are answered first

    def onCloseFrame(self, code: int | None, reasonRaw: bytes | None) -> None:
        self._end(super().onCloseFrame, code, reasonRaw)

    def _fail_connection(self, code: int = 1001, reason: str = "going away") -> None:
        """Autobahn's name for `fail`."""
        self.fail(code, reason)

    def fail(self, code: int, reason: str) -> None:
        """§7.1.7: send a close frame, then end the connection without waiting for the client's."""
        self.failedByMe = True
        self._end(self._fail, code, reason)

    def _end(self, finish, *arguments) -> None:
        self.ended = True
        self.data = b""
        self.call_soon(finish, *arguments)

    def _fail(self, code: int, reason: str) -> None:
        if self.state != self.STATE_CLOSED:
            self.close(code, reason)
            self.half_close()

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Begin the closing handshake. Raises ValueError for a code that must not be sent (§7.4)."""
        if not 1000 <= code <= 4999 or code in (1004, 1005, 1006, 1015):
            raise ValueError(f"{code} is not a close code that a server may send.")
        # Not autobahn's `sendClose`: it accepts 1000 and 3000 to 4999 only.
        self.sendCloseFrame(code, encode_truncate(reason, MAX_REASON) if reason else None)

    def dropConnection(self, abort: bool = False) -> None:
        """Both close frames have been sent: end the TCP connection without a reset."""
        if self.state != self.STATE_CLOSED:
            self.state = self.STATE_CLOSED
            self.full_close()


def configured_class(
    protocol: type[WebSocketFraming], factory: WebSocketServerFactory, **state
) -> type[WebSocketFraming]:
    """A subclass of `protocol` that has the factory's options and autobahn's initial state as class attributes.

    `state` replaces some of autobahn's initial state. Options and state of mutable types are left out.
    """
    pattern = WebSocketServerProtocol()
    pattern.factory = factory
    pattern._connectionMade()
    factory.countConnections = 0
    plain = {
        name: value
        for name, value in vars(pattern).items()
        if value is None or isinstance(value, bool | int | float | str | bytes)
    }
    options = {name: getattr(factory, name) for name in pattern.CONFIG_ATTRS}
    options = {name: staticmethod(value) if callable(value) else value for name, value in options.items()}
    # Autobahn counts traffic in it, and nothing reads it: one object for all connections.
    shared = {"factory": factory, "trafficStats": pattern.trafficStats}
    return type(protocol.__name__, (protocol,), {**plain, **options, **shared, **state})
