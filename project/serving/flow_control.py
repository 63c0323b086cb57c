"""Reading from a WebSocket: when it pauses, when it continues, and the bytes that are held for the client."""

from time import monotonic

from .asgi_bridge import AsgiBridge
from .http_error import HttpError
from .quota import Lease
from .transport_state import was_reset

TRY_AGAIN_LATER = 1013
UNCOUNTED = 16 * 1024
"""Bytes that a socket may hold without being counted. Most commands are smaller and need no accounting."""


class FlowControl(AsgiBridge):
    """The incoming side of a WebSocket. `pause_reasons` is a set of bits (PAUSED_…); reading pauses unless it is 0."""

    pause_reasons = 0
    received_at = 0.0
    """When bytes last arrived."""
    pinged_at: float | None = None
    """When the ping was sent that has no answer yet; None if there is none."""
    _memory_lease: Lease | None = None
    _discarded = 0

    def dataReceived(self, data: bytes) -> None:
        self.received_at = monotonic()
        self.pinged_at = None
        if self.state == self.STATE_CONNECTING:
            # A client should send frames only after our response (RFC 6455 section 4.1). Earlier ones wait until then.
            self.data += data
            self.pause_reading(self.PAUSED_UNTIL_ACCEPT)
        elif self.ended:
            self._discard(len(data))
        else:
            super().dataReceived(data)
            self.count_held()
        if was_reset(self.transport):
            self.direct.abort()

    def may_parse(self) -> bool:
        return not self.pause_reasons and super().may_parse()

    def _discard(self, count: int) -> None:
        self._discarded += count
        if self._discarded > self.limits.max_discarded:
            self.direct.abort()

    def count_held(self) -> None:
        """Count the bytes that are held for this client, if they are many: incomplete and waiting messages."""
        held = len(self.data) + len(self.message_data or ()) + self.receive_queue.size
        if held > UNCOUNTED or self._memory_lease is not None:
            try:
                if self._memory_lease is None:
                    self._memory_lease = self.service.memory_quota.take(self.address, 0)
                self._memory_lease.resize(held if held > UNCOUNTED and not self.ended else 0)
            except HttpError as error:
                self.fail(TRY_AGAIN_LATER, error.detail)

    def message_taken(self) -> None:
        """Called when the application has taken a message from the queue: it is not held any more."""
        if self._memory_lease is not None:
            self.count_held()

    def pause_reading(self, reason: int) -> None:
        """Stop reading for this reason (PAUSED_…)."""
        if not self.pause_reasons:
            self.transport.pauseProducing()
        self.pause_reasons |= reason

    def resume_reading(self, reason: int) -> None:
        """Remove this reason; reading continues when it was the last one."""
        if self.pause_reasons & reason:
            self.pause_reasons &= ~reason
            if not self.pause_reasons:
                self.call_soon(self._continue_reading)

    def _continue_reading(self) -> None:
        self.parse()
        self.count_held()
        if not self.pause_reasons and self.state != self.STATE_CLOSED:
            self.transport.resumeProducing()

    def release_held(self) -> None:
        """Return the bytes that were counted for this client."""
        if self._memory_lease is not None:
            self._memory_lease.release()
