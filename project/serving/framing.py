"""RFC 6455 as a server speaks it: autobahn's parser, with the ends of a connection as §7.1 has them.

Autobahn gives each connection a copy of its options and some thirty attributes; here those live on the class that
`configured` makes, which spares most of a connection's memory and half of the work of opening it.
"""

from functools import cached_property
from time import monotonic

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.util import encode_truncate
from autobahn.websocket.utf8validator import Utf8Validator

from .limits import Limits
from .pace import FrameBudget

REASON_LIMIT = 123
"""Bytes of a close frame's reason: a control frame's 125, less the code (RFC 6455 §5.5)."""


class Framing(WebSocketServerProtocol):
    """Frames in, messages and closes out. `Socket` says where they come from and where they go."""

    ended = False
    """Whether a close frame or an error has come: nothing after it is processed (§1.4, §7.1.7)."""
    limits = Limits()
    message_data: bytearray | None = None
    begun_at: float | None = None
    """When `Socket` first saw a message that had begun and not ended."""
    _frames: FrameBudget | None = None

    # Autobahn makes one for each connection: 64 bytes of state that only a message under way needs.
    @cached_property
    def utf8validator(self):
        """The validator of the message under way."""
        return Utf8Validator()

    def dataReceived(self, data: bytes) -> None:
        if not self.ended:
            self.data += data
            self.parse()

    def parse(self) -> None:
        """Take what frames there are."""
        while self.may_parse() and self.processData():
            pass

    def may_parse(self) -> bool:
        """Whether frames may be taken now."""
        return self.state in (self.STATE_OPEN, self.STATE_CLOSING) and not self.ended

    def is_amid_message(self) -> bool:
        """Whether a frame or a message has begun and not ended."""
        return self.state == self.STATE_OPEN and bool(self.inside_message or self.current_frame or self.data)

    # --- Frames: each costs work, however little is in it

    def onFrameBegin(self) -> None:
        if self._is_counted(self.current_frame) and not self._take_frame():
            self.fail(1008, "Too many control frames or small fragments.")
        else:
            super().onFrameBegin()

    def _is_counted(self, frame) -> bool:
        """Whether this is a control frame or a small fragment, or comes after our close frame.

        Whole messages are the application's to count, and large fragments are bounded by the limit of a message.
        """
        if frame.opcode > 7 or self.state != self.STATE_OPEN:
            return True
        return not (frame.fin and frame.opcode) and frame.length < self.limits.small_fragment

    def _take_frame(self) -> bool:
        limits, now = self.limits, monotonic()
        if self._frames is None:
            self._frames = FrameBudget(limits.frame_burst, now)
        return self._frames.take(limits.frame_rate, limits.frame_burst, now)

    # --- Messages: pieces are gathered in one buffer, so that a message in bytes costs no more than it weighs

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
        self.begun_at = None
        self.__dict__.pop("utf8validator", None)
        if not self.failedByMe and self.state == self.STATE_OPEN:
            self.onMessage(bytes(message), self.message_is_binary)

    # --- Ends. Each takes effect a turn of the loop later: what came before it in the same packet is answered before it

    def onCloseFrame(self, code: int | None, reasonRaw: bytes | None) -> None:
        self._end(super().onCloseFrame, code, reasonRaw)

    def _fail_connection(self, code: int = 1001, reason: str = "going away") -> None:
        """Autobahn's name for `fail`."""
        self.fail(code, reason)

    def fail(self, code: int, reason: str) -> None:
        """§7.1.7: say why, then end the connection without waiting for an answer."""
        self.failedByMe = True
        self._end(self._fail, code, reason)

    def _end(self, how, *arguments) -> None:
        self.ended = True
        self.data = b""
        self.later(how, *arguments)

    def _fail(self, code: int, reason: str) -> None:
        if self.state != self.STATE_CLOSED:
            self.close(code, reason)
            self.half_close()

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Begin the closing handshake. Raises ValueError for a code that may not be sent (§7.4)."""
        if not 1000 <= code <= 4999 or code in (1004, 1005, 1006, 1015):
            raise ValueError(f"{code} is no close code that a server may send.")
        # Not autobahn's `sendClose`: that lets applications say 1000 and 3000 to 4999 only.
        self.sendCloseFrame(code, encode_truncate(reason, REASON_LIMIT) if reason else None)

    def dropConnection(self, abort: bool = False) -> None:
        """Both close frames have been said: end the connection, in good order."""
        if self.state != self.STATE_CLOSED:
            self.state = self.STATE_CLOSED
            self.full_close()


def configured(protocol: type[Framing], factory: WebSocketServerFactory, **state) -> type[Framing]:
    """`protocol` with the factory's options and autobahn's first state as attributes of the class.

    `state` is set in place of autobahn's own. Options and state that could be changed in place stay out.
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
    # It counts, and nobody reads it: one for all.
    shared = {"factory": factory, "trafficStats": pattern.trafficStats}
    return type(protocol.__name__, (protocol,), {**plain, **options, **shared, **state})
