"""LimitedLog: log lines that any client can cause have a limit."""

import logging

import pytest

from project.operations.log_limit import MAX_LINES, PERIOD_S, LimitedLog


class Clock:
    """A clock that the test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def log(clock):
    return LimitedLog(logging.getLogger("parley.test"), clock=clock)


def test_a_line_is_written_once_per_period_and_repetitions_are_counted(log, clock, caplog):
    for _ in range(5):
        log.warning("the same")
    assert caplog.messages == ["the same"]
    clock.now += PERIOD_S
    log.warning("the same")
    assert caplog.messages[1:] == ["4 more requests were refused.", "the same"]


def test_the_number_of_different_lines_is_limited(log, caplog):
    for number in range(1000):
        log.warning(f"line {number}")
    assert len(caplog.messages) == MAX_LINES
    assert len(log._written) == MAX_LINES


def test_percent_signs_in_a_line_are_not_interpreted(log, caplog):
    log.warning("100 %s of them")
    assert caplog.messages == ["100 %s of them"]
