"""The limit on the rate of commands, with a clock that the test sets."""

import gc

import pytest
from django.test import override_settings

from chat.domain.guests import Guest
from chat.live import limits
from chat.live.connection import Connection
from chat.live.limits import SharedBuckets, TokenBucket


@pytest.fixture
def clock():
    """The time, in a list of one number."""
    return [100.0]


def bucket(clock, rate=2, burst=3):
    return TokenBucket(rate, burst, lambda: clock[0])


def test_after_a_burst_the_rate_is_limited(clock):
    mine = bucket(clock)
    assert [mine.take() for _ in range(3)] == [0.0, 0.0, 0.0]
    assert mine.take() == pytest.approx(0.5)
    clock[0] += 0.5
    assert mine.take() == 0.0
    assert mine.take() == pytest.approx(0.5)


def test_after_the_returned_wait_a_token_is_available(clock):
    mine = bucket(clock, rate=7, burst=1)
    mine.take()
    for _ in range(20):
        clock[0] += mine.take()
        # Exact, in spite of rounding.
        clock[0] += 1e-9
        assert mine.take() == 0.0


def test_a_refused_take_costs_no_tokens(clock):
    mine = bucket(clock)
    for _ in range(3):
        mine.take()
    for _ in range(50):
        assert mine.take() == pytest.approx(0.5)


def test_a_bucket_never_holds_more_than_a_burst(clock):
    mine = bucket(clock)
    clock[0] += 3600
    assert [mine.take() for _ in range(4)][:3] == [0.0, 0.0, 0.0]
    assert mine.take() > 0


def test_a_rate_of_0_lifts_the_limit(clock):
    mine = bucket(clock, rate=0, burst=0)
    assert [mine.take() for _ in range(1000)] == [0.0] * 1000


def test_a_cost_above_the_burst_is_the_burst(clock):
    mine = bucket(clock)
    assert mine.take(2) == 0.0
    assert mine.take(100) == pytest.approx(1.0)
    clock[0] += 1
    assert mine.take(100) == 0.0
    assert mine.take() > 0


def test_a_longer_frame_costs_more():
    assert [limits.cost_of("x" * size) for size in (0, 1, 8191, 8192, 256 * 1024)] == [1, 1, 1, 2, 33]


@override_settings(CHAT_POST_RATE=10, CHAT_POST_BURST=4)
def test_all_connections_of_a_person_share_a_bucket_twice_as_large():
    people = SharedBuckets()
    first, second = people.get("u:1"), people.get("u:1")
    assert first is second
    assert people.get("u:2") is not first
    assert [first.take() for _ in range(4)] + [second.take() for _ in range(4)] == [0.0] * 8
    assert first.take() > 0
    assert [limits.connection_bucket().take() for _ in range(4)] == [0.0] * 4


@override_settings(CHAT_POST_RATE=1, CHAT_POST_BURST=2)
def test_a_bucket_is_kept_after_the_last_connection_until_it_is_full(clock):
    people = SharedBuckets(clock=lambda: clock[0])
    mine = people.get("u:1")
    assert [mine.take() for _ in range(4)] == [0.0] * 4
    people.release("u:1", mine)
    del mine
    gc.collect()
    assert people.get("u:1").take() > 0
    clock[0] += 2
    people.release("u:2", people.get("u:2"))
    gc.collect()
    assert len(people._kept) == 0
    assert [people.get("u:1").take() for _ in range(4)] == [0.0] * 4


@override_settings(CHAT_POST_RATE=1, CHAT_POST_BURST=2)
def test_a_bucket_that_is_full_is_not_kept():
    people = SharedBuckets()
    people.release("u:1", people.get("u:1"))
    gc.collect()
    assert len(people._all) == len(people._kept) == 0


@override_settings(CHAT_POST_RATE=1, CHAT_POST_BURST=2)
def test_no_more_buckets_are_kept_than_the_limit(clock):
    people = SharedBuckets(limit=100, clock=lambda: clock[0])

    def talk_once(key):
        mine = people.get(key)
        mine.take()
        people.release(key, mine)

    for number in range(1000):
        talk_once(f"g:{number}")
    gc.collect()
    assert len(people._all) == len(people._kept) == 100
    clock[0] += 60
    for number in range(1000, 1020):
        talk_once(f"g:{number}")
    gc.collect()
    assert len(people._kept) <= 20


# A low rate: no token is added while the test runs.
@override_settings(CHAT_POST_RATE=0.001, CHAT_POST_BURST=4)
def test_all_guests_of_a_network_share_a_bucket():
    connections = [Connection({}, None) for _ in range(20)]
    for number, connection in enumerate(connections):
        connection.identify(Guest(key=f"{number:032x}", name="Quiet Otter 100", network="198.51.100.7"), None, "")
    taken = [connection.take_tokens(1) for connection in connections for _ in range(4)]
    assert taken.count(0.0) == 4 * limits.NETWORK_FACTOR
    elsewhere = Connection({}, None)
    elsewhere.identify(Guest(key="f" * 32, name="Quiet Otter 101", network="198.51.100.8"), None, "")
    assert elsewhere.take_tokens(1) == 0.0
