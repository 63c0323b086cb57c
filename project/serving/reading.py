"""How a WebSocket is read: what is counted of it, when reading stops, and when it goes on."""

from time import monotonic

from .budget import Lease
from .dialog import Dialog
from .kernel import was_reset
from .refusal import Refusal

TRY_AGAIN_LATER = 1013
UNCOUNTED = 16 * 1024
"""Bytes that are held for a socket without being counted: an ordinary command costs no accounting."""


class Reading(Dialog):
    """The incoming side of a socket. `holds` is a set of bits, the reasons (HELD_…) not to read."""

    holds = 0
    heard_at = 0.0
    asked_at: float | None = None
    """Since when an answer to our ping is awaited."""
    _lease: Lease | None = None
    _discarded = 0

    def dataReceived(self, data: bytes) -> None:
        self.heard_at = monotonic()
        self.asked_at = None
        if self.state == self.STATE_CONNECTING:
            # A client that does not wait for our answer (§4.1) is read no further until it has it.
            self.data += data
            self.hold(self.HELD_EARLY)
        elif self.ended:
            self._discard(len(data))
        else:
            super().dataReceived(data)
            self.count_held()
        if was_reset(self.transport):
            self.direct.abort()

    def may_parse(self) -> bool:
        return not self.holds and super().may_parse()

    def _discard(self, count: int) -> None:
        self._discarded += count
        if self._discarded > self.limits.max_discarded:
            self.direct.abort()

    def count_held(self) -> None:
        """Count what is held for this client, if it is much: the message that has begun, and those that wait."""
        held = len(self.data) + len(self.message_data or ()) + self.inbox.size
        if held > UNCOUNTED or self._lease is not None:
            try:
                if self._lease is None:
                    self._lease = self.service.held_bytes.take(self.address, 0)
                self._lease.set(held if held > UNCOUNTED and not self.ended else 0)
            except Refusal as refusal:
                self.fail(TRY_AGAIN_LATER, refusal.detail)

    def note_taken(self) -> None:
        """The application has taken a message out of the inbox."""
        if self._lease is not None:
            self.count_held()

    # --- Held back and let go on

    def hold(self, reason: int) -> None:
        """Stop reading for this reason, one of HELD_…."""
        if not self.holds:
            self.transport.pauseProducing()
        self.holds |= reason

    def release(self, reason: int) -> None:
        """This reason not to read has gone."""
        if self.holds & reason:
            self.holds &= ~reason
            if not self.holds:
                self.later(self._read_on)

    def _read_on(self) -> None:
        self.parse()
        self.count_held()
        if not self.holds and self.state != self.STATE_CLOSED:
            self.transport.resumeProducing()

    def release_held(self) -> None:
        """Give back what was counted."""
        if self._lease is not None:
            self._lease.release()
