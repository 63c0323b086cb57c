"""The order of a room's changes: whatever is lost, doubled, delayed or fetched, each comes out once, in order."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chat.live.continuity import LATE_LIMIT, Continuity


def versions(items) -> list[int]:
    return [version for version, _item in items]


def started(at: int) -> Continuity:
    return Continuity(at)


def test_what_follows_is_handed_out_at_once():
    log = started(5)
    assert log.offer(6, "six") == [(6, "six")]
    assert log.offer(7, "seven") == [(7, "seven")]
    assert (log.at, log.hole) == (7, False)


def test_what_was_handed_out_is_not_again():
    log = started(5)
    assert log.offer(5, "five") == log.offer(1, "one") == []
    log.offer(6, "six")
    assert log.offer(6, "six") == []


def test_late_events_wait_for_those_before_them():
    log = started(5)
    assert log.offer(8, "eight") == log.offer(7, "seven") == []
    assert log.hole
    assert log.offer(6, "six") == [(6, "six"), (7, "seven"), (8, "eight")]
    assert not log.hole


def test_a_fill_closes_a_hole_and_lets_late_events_follow():
    log = started(5)
    log.offer(8, "eight")
    log.offer(10, "ten")
    assert log.fill(5, 7) == [(8, "eight")]
    assert (log.at, log.hole) == (8, True)
    assert log.fill(8, 12) == []
    assert (log.at, log.hole) == (12, False)


def test_a_fill_that_is_no_news_or_begins_behind_a_hole_is_not_handed_out():
    log = started(5)
    assert log.fill(2, 5) is None
    assert log.fill(6, 9) is None
    assert log.fill(3, 7) == []
    assert log.at == 7


def test_before_the_first_snapshot_everything_is_kept():
    log = Continuity()
    assert log.offer(4, "four") == log.offer(6, "six") == log.offer(7, "seven") == []
    assert log.fill(0, 9) is None
    assert not log.hole
    assert not log.head_is(100)
    assert log.start(5) == [(6, "six"), (7, "seven")]
    assert log.start(0) == []
    assert log.at == 7


def test_the_databases_head_shows_what_nobody_told_of():
    log = started(5)
    assert log.head_is(6)
    assert not log.head_is(5)


def test_there_is_an_end_to_what_is_kept():
    log = started(0)
    for version in range(2, 2 * LATE_LIMIT):
        log.offer(version, version)
    assert len(log._late) == LATE_LIMIT
    # What was let go is in the fill, or is a hole again.
    assert versions(log.fill(0, 1)) == list(range(2, LATE_LIMIT + 2))
    assert log.head_is(2 * LATE_LIMIT - 1)


@given(st.permutations(range(1, 30)), st.integers(0, 28))
def test_whatever_the_order_all_come_out_in_order(order, at):
    log = started(at)
    out = [version for each in order for version in versions(log.offer(each, each))]
    assert out == list(range(at + 1, 30))


class Channel(RuleBasedStateMachine):
    """A room whose changes come over a channel that drops, doubles and delays; a hub that fetches what is missing."""

    @initialize(head=st.integers(0, 5))
    def begin(self, head):
        self.head = head
        self.log = Continuity()
        self.on_the_way = []
        self.snapshot = None
        self.out = None
        """What a watcher got: where it stands."""

    @rule(times=st.integers(0, 3))
    def change(self, times):
        """The room changes; its event is on its way this many times."""
        self.head += 1
        self.on_the_way += [self.head] * times

    @precondition(lambda self: self.on_the_way)
    @rule(data=st.data())
    def arrive(self, data):
        """Any event that is on its way comes."""
        version = self.on_the_way.pop(data.draw(st.integers(0, len(self.on_the_way) - 1)))
        self.take(self.log.offer(version, f"event {version}"))

    @precondition(lambda self: self.snapshot is None)
    @rule()
    def read_snapshot(self):
        self.snapshot = self.head

    @precondition(lambda self: self.snapshot is not None and self.out is None)
    @rule()
    def hand_out_snapshot(self):
        self.out = self.snapshot
        self.take(self.log.start(self.snapshot))

    @precondition(lambda self: self.out is not None)
    @rule(data=st.data())
    def fetch(self, data):
        """A fill comes, of this moment or as far as one went: perhaps late, perhaps twice."""
        after = data.draw(st.integers(0, self.log.at))
        upto = data.draw(st.integers(after, self.head))
        before = self.log.at
        follow = self.log.fill(after, upto)
        assert (follow is None) == (upto <= before)
        if follow is not None:
            self.out = upto
            self.take(follow)

    @precondition(lambda self: self.out is not None)
    @rule(after=st.integers(1, 10))
    def fetch_behind_a_hole(self, after):
        assert self.log.fill(self.log.at + after, self.log.at + after + 1) is None

    def take(self, items):
        for version, item in items:
            assert self.out is not None, "handed out before the snapshot"
            assert version == self.out + 1, "out of order, doubled, or past a hole"
            assert item == f"event {version}"
            self.out = version

    @invariant()
    def it_stands_where_its_watchers_stand(self):
        assert self.log.at == self.out

    @invariant()
    def it_knows_of_its_holes(self):
        if self.out is not None:
            assert self.log.head_is(self.head) == (self.out < self.head)
            assert not self.log.hole or self.log.head_is(self.head)

    def teardown(self):
        """A fill up to the head always brings everyone there."""
        if getattr(self, "out", None) is not None and self.out < self.head:
            assert self.log.fill(self.out, self.head) == []
            assert not self.log.hole


TestChannel = Channel.TestCase
TestChannel.settings = settings(max_examples=80, stateful_step_count=40)
