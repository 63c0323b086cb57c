"""Shows a connection to its own person: the handshake, and its frames while they pass.

Only connections to an address with the query `observe` have an observation. The frames come from project.server, which
knows them (`project/serving/observation.py`); their texts are not repeated, because the client has them.
"""

import asyncio
from collections import OrderedDict
from itertools import count
from time import monotonic

from chat.protocol import events, replies
from chat.protocol.observation import ObservedFrame, Traffic

from .frames import text_frame
from .shown_handshake import shown_handshake

REPORT_EVERY_S = 0.1
MAX_FRAMES = 50
"""Frames in one report: at most 500 are shown per second. The others are counted."""
MAX_UNSENT = 64 * 1024
"""Bytes. If so much waits for the client already, its frames are counted, and not shown."""
MAX_PINGS = 10
"""Pings without an answer whose time is remembered."""
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Observation:
    """The observation of one connection. It is the observer that `parley.socket` of project.server calls."""

    def __init__(self, scope, socket, subprotocol: str | None):
        self._scope = scope
        self._socket = socket
        self._subprotocol = subprotocol
        self._response: bytes | None = None
        self._accepted_at = 0.0
        self._frames: list[ObservedFrame] = []
        self._skipped = 0
        self._traffic = {True: Traffic(frames=0, bytes=0), False: Traffic(frames=0, bytes=0)}
        self._messages = {True: 0, False: 0}
        self._pings: OrderedDict[bytes, float] = OrderedDict()
        self._ping_numbers = count(1)
        self._is_asked = False
        self._timer: asyncio.TimerHandle | None = None
        forwarded_for = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        self._opening = socket.observe(self, forwarded_for) if socket else None

    def reply(self) -> replies.ObserveReply:
        """The answer to `observe`. From now on the frames are reported, those since the handshake first."""
        if not self._is_asked:
            self._is_asked = True
            self._report_soon()
        handshake = shown_handshake(self._scope, self._subprotocol, self._opening, self._response)
        return replies.ObserveReply(handshake=handshake, shows_frames=self._socket is not None)

    def ping(self) -> None:
        """Send a ping frame, if the server can."""
        if self._socket:
            self._socket.ping(b"%d" % next(self._ping_numbers))

    def stop(self) -> None:
        """The connection has ended."""
        if self._timer:
            self._timer.cancel()

    # --- For project.server

    def accepted(self, response: bytes) -> None:
        """The server has answered the handshake."""
        self._response = response
        self._accepted_at = monotonic()

    def frame(self, frame) -> None:
        """A frame was received, or is sent now."""
        traffic = self._traffic[frame.sent]
        traffic.frames += 1
        traffic.bytes += len(frame.head) + frame.length
        if frame.opcode in (TEXT, BINARY):
            self._messages[frame.sent] += 1
        round_trip_ms = self._round_trip_ms(frame)
        if len(self._frames) >= MAX_FRAMES or self._is_behind():
            self._skipped += 1
        else:
            self._frames.append(
                ObservedFrame(
                    from_server=frame.sent,
                    at=round(1000 * (frame.at - self._accepted_at), 2),
                    head=frame.head.hex(),
                    length=frame.length,
                    message=None if frame.is_control else self._messages[frame.sent],
                    payload=frame.payload.hex() if frame.is_control else None,
                    round_trip_ms=round_trip_ms,
                )
            )
        if frame.sent and frame.opcode == CLOSE:
            self._report()
        else:
            self._report_soon()

    def _is_behind(self) -> bool:
        return self._socket.pending > MAX_UNSENT

    def _round_trip_ms(self, frame) -> float | None:
        """The time from a ping of the server to this pong."""
        if frame.opcode == PING and frame.sent:
            self._pings[frame.payload] = frame.at
            if len(self._pings) > MAX_PINGS:
                self._pings.popitem(last=False)
        elif frame.opcode == PONG and not frame.sent and frame.payload in self._pings:
            return round(1000 * (frame.at - self._pings.pop(frame.payload)), 2)
        return None

    # --- Reports

    def _report_soon(self) -> None:
        if self._is_asked and self._socket and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(REPORT_EVERY_S, self._report)

    def _report(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if not self._is_asked or not (self._frames or self._skipped):
            return
        if self._is_behind():
            self._skipped += len(self._frames)
            self._frames = []
            self._report_soon()
            return
        report = events.Frames(
            frames=self._frames, skipped=self._skipped, sent=self._traffic[True], received=self._traffic[False]
        )
        self._frames, self._skipped = [], 0
        self._socket.write_unobserved(text_frame(report.encode()))
