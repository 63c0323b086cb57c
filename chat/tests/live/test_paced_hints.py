"""Hints of one room: the first one at once, those that follow at once as one."""

from chat.dispatch.envelope import Envelope
from chat.live.paced_hints import PAUSE_S, PacedHints


class Loop:
    """A loop whose time a test advances."""

    def __init__(self):
        self.now, self.calls = 0.0, []

    def call_later(self, delay, function, *given):
        self.calls.append((self.now + delay, function, given))

    def advance(self, seconds):
        self.now += seconds
        due = [call for call in self.calls if call[0] <= self.now]
        self.calls = [call for call in self.calls if call[0] > self.now]
        for _at, function, given in due:
            function(*given)


def hint(room: str) -> Envelope:
    return Envelope("readers", room=room)


def test_fifty_hints_within_a_moment_become_two():
    loop, delivered = Loop(), []
    hints = PacedHints(loop, delivered.append)
    for _number in range(50):
        hints.offer(hint("tea"))
    assert len(delivered) == 1
    loop.advance(PAUSE_S)
    assert len(delivered) == 2
    loop.advance(PAUSE_S)
    assert len(delivered) == 2
    assert loop.calls == []


def test_each_room_has_its_own_pace():
    loop, delivered = Loop(), []
    hints = PacedHints(loop, delivered.append)
    for room in ("tea", "den", "tea"):
        hints.offer(hint(room))
    assert [envelope.room for envelope in delivered] == ["tea", "den"]


def test_a_hint_after_a_pause_goes_out_at_once():
    loop, delivered = Loop(), []
    hints = PacedHints(loop, delivered.append)
    hints.offer(hint("tea"))
    loop.advance(PAUSE_S)
    hints.offer(hint("tea"))
    assert len(delivered) == 2
