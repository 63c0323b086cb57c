"""How fast one may talk, by a clock of the test's own."""

import gc

import pytest
from django.test import override_settings

from chat.live import limits
from chat.live.limits import TokenBucket


@pytest.fixture
def clock():
    """The time, in a list of one number."""
    return [100.0]


def bucket(clock, rate=2, burst=3):
    return TokenBucket(rate, burst, lambda: clock[0])


def test_a_burst_and_then_the_rate(clock):
    mine = bucket(clock)
    assert [mine.take() for _ in range(3)] == [0.0, 0.0, 0.0]
    assert mine.take() == pytest.approx(0.5)
    clock[0] += 0.5
    assert mine.take() == 0.0
    assert mine.take() == pytest.approx(0.5)


def test_the_wait_that_is_told_is_enough(clock):
    mine = bucket(clock, rate=7, burst=1)
    mine.take()
    for _ in range(20):
        clock[0] += mine.take()
        # To the last digit of a float.
        clock[0] += 1e-9
        assert mine.take() == 0.0


def test_asking_too_early_costs_nothing(clock):
    mine = bucket(clock)
    for _ in range(3):
        mine.take()
    for _ in range(50):
        assert mine.take() == pytest.approx(0.5)


def test_what_was_saved_is_never_more_than_a_burst(clock):
    mine = bucket(clock)
    clock[0] += 3600
    assert [mine.take() for _ in range(4)][:3] == [0.0, 0.0, 0.0]
    assert mine.take() > 0


def test_a_rate_of_0_lifts_the_limit(clock):
    mine = bucket(clock, rate=0, burst=0)
    assert [mine.take() for _ in range(1000)] == [0.0] * 1000


@override_settings(CHAT_POST_RATE=10, CHAT_POST_BURST=4)
def test_all_sockets_of_a_person_share_a_bucket_twice_as_large():
    first, second = limits.person_bucket("u:1"), limits.person_bucket("u:1")
    assert first is second
    assert limits.person_bucket("u:2") is not first
    assert [first.take() for _ in range(4)] + [second.take() for _ in range(4)] == [0.0] * 8
    assert first.take() > 0
    assert [limits.connection_bucket().take() for _ in range(4)] == [0.0] * 4


def test_a_person_is_forgotten_with_their_last_socket():
    kept = limits.person_bucket("u:3")
    assert "u:3" in limits._people
    del kept
    gc.collect()
    assert "u:3" not in limits._people
