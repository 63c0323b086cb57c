"""The order of a room's changes: whatever is lost, repeated, delayed or fetched, each is returned once, in order."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chat.live.continuity import LATE_LIMIT, Continuity


def versions(items) -> list[int]:
    return [version for version, _item in items]


def started(at: int) -> Continuity:
    return Continuity(at)


def test_the_next_version_is_returned_at_once():
    log = started(5)
    assert log.receive(6, "six") == [(6, "six")]
    assert log.receive(7, "seven") == [(7, "seven")]
    assert (log.at, log.has_gap) == (7, False)


def test_an_old_version_is_ignored():
    log = started(5)
    assert log.receive(5, "five") == log.receive(1, "one") == []
    log.receive(6, "six")
    assert log.receive(6, "six") == []


def test_late_events_wait_for_those_before_them():
    log = started(5)
    assert log.receive(8, "eight") == log.receive(7, "seven") == []
    assert log.has_gap
    assert log.receive(6, "six") == [(6, "six"), (7, "seven"), (8, "eight")]
    assert not log.has_gap


def test_a_delta_closes_a_gap_and_releases_the_events_after_it():
    log = started(5)
    log.receive(8, "eight")
    log.receive(10, "ten")
    assert log.apply_delta(5, 7) == [(8, "eight")]
    assert (log.at, log.has_gap) == (8, True)
    assert log.apply_delta(8, 12) == []
    assert (log.at, log.has_gap) == (12, False)


def test_a_delta_that_is_old_or_begins_after_a_gap_is_ignored():
    log = started(5)
    assert log.apply_delta(2, 5) is None
    assert log.apply_delta(6, 9) is None
    assert log.apply_delta(3, 7) == []
    assert log.at == 7


def test_before_the_first_snapshot_all_events_wait():
    log = Continuity()
    assert log.receive(4, "four") == log.receive(6, "six") == log.receive(7, "seven") == []
    assert log.apply_delta(0, 9) is None
    assert not log.has_gap
    assert not log.is_behind(100)
    assert log.start(5) == [(6, "six"), (7, "seven")]
    assert log.start(0) == []
    assert log.at == 7


def test_a_higher_head_in_the_database_shows_a_missing_event():
    log = started(5)
    assert log.is_behind(6)
    assert not log.is_behind(5)


def test_the_number_of_waiting_events_is_limited():
    log = started(0)
    for version in range(2, 2 * LATE_LIMIT):
        log.receive(version, version)
    assert len(log._late) == LATE_LIMIT
    # The dropped events are in the delta, or show a gap again.
    assert versions(log.apply_delta(0, 1)) == list(range(2, LATE_LIMIT + 2))
    assert log.is_behind(2 * LATE_LIMIT - 1)


@given(st.permutations(range(1, 30)), st.integers(0, 28))
def test_changes_in_any_order_are_returned_in_the_order_of_versions(order, at):
    log = started(at)
    out = [version for each in order for version in versions(log.receive(each, each))]
    assert out == list(range(at + 1, 30))


class Channel(RuleBasedStateMachine):
    """A room whose events are lost, repeated and delayed, and a hub that fetches what is missing."""

    @initialize(head=st.integers(0, 5))
    def begin(self, head):
        self.head = head
        self.log = Continuity()
        self.in_transit = []
        self.snapshot = None
        self.delivered = None
        """The last version that the watchers received; None before the snapshot."""

    @rule(times=st.integers(0, 3))
    def change(self, times):
        """The room changes. Its event is sent this many times."""
        self.head += 1
        self.in_transit += [self.head] * times

    @precondition(lambda self: self.in_transit)
    @rule(data=st.data())
    def deliver(self, data):
        """One of the events that were sent arrives."""
        version = self.in_transit.pop(data.draw(st.integers(0, len(self.in_transit) - 1)))
        self.check(self.log.receive(version, f"event {version}"))

    @precondition(lambda self: self.snapshot is None)
    @rule()
    def read_snapshot(self):
        self.snapshot = self.head

    @precondition(lambda self: self.snapshot is not None and self.delivered is None)
    @rule()
    def start_from_snapshot(self):
        self.delivered = self.snapshot
        self.check(self.log.start(self.snapshot))

    @precondition(lambda self: self.delivered is not None)
    @rule(data=st.data())
    def fetch(self, data):
        """A delta arrives: up to the head, or an earlier one that is late or comes twice."""
        after = data.draw(st.integers(0, self.log.at))
        upto = data.draw(st.integers(after, self.head))
        before = self.log.at
        follow = self.log.apply_delta(after, upto)
        assert (follow is None) == (upto <= before)
        if follow is not None:
            self.delivered = upto
            self.check(follow)

    @precondition(lambda self: self.delivered is not None)
    @rule(after=st.integers(1, 10))
    def fetch_a_delta_after_a_gap(self, after):
        assert self.log.apply_delta(self.log.at + after, self.log.at + after + 1) is None

    def check(self, items):
        for version, item in items:
            assert self.delivered is not None, "delivered before the snapshot"
            assert version == self.delivered + 1, "out of order, repeated, or after a gap"
            assert item == f"event {version}"
            self.delivered = version

    @invariant()
    def its_version_is_the_one_that_watchers_have(self):
        assert self.log.at == self.delivered

    @invariant()
    def it_detects_missing_events(self):
        if self.delivered is not None:
            assert self.log.is_behind(self.head) == (self.delivered < self.head)
            assert not self.log.has_gap or self.log.is_behind(self.head)

    def teardown(self):
        """A delta up to the head always brings the watchers to it."""
        if getattr(self, "delivered", None) is not None and self.delivered < self.head:
            assert self.log.apply_delta(self.delivered, self.head) == []
            assert not self.log.has_gap


TestChannel = Channel.TestCase
TestChannel.settings = settings(max_examples=80, stateful_step_count=40)
