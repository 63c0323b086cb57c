"""Log lines that strangers can cause are few."""

import logging

import pytest

from project.operations.sparing import MAX_LINES, PERIOD_S, SparingLog


class Clock:
    """A clock that stands still until it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def log(clock):
    return SparingLog(logging.getLogger("parley.test"), clock=clock)


def test_a_line_is_written_once_in_a_period_and_the_rest_is_counted(log, clock, caplog):
    for _ in range(5):
        log.warning("the same")
    assert caplog.messages == ["the same"]
    clock.now += PERIOD_S
    log.warning("the same")
    assert caplog.messages[1:] == ["4 more requests were refused.", "the same"]


def test_distinct_lines_have_a_bound_too(log, caplog):
    for number in range(1000):
        log.warning(f"line {number}")
    assert len(caplog.messages) == MAX_LINES
    assert len(log._written) == MAX_LINES


def test_a_line_is_no_format(log, caplog):
    log.warning("100 %s of them")
    assert caplog.messages == ["100 %s of them"]
