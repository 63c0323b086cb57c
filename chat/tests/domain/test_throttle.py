"""Rate limits, with a clock that the test sets."""

import threading

import pytest
from django.core.cache.backends.locmem import LocMemCache

from chat.domain import throttle
from chat.domain.errors import SlowDown
from chat.domain.throttle import Limit, Rule

ALICE, CHARLIE = "192.0.2.1", "198.51.100.7"
RULE = Rule("test", (Limit(3, 60), Limit(5, 3600)))


@pytest.fixture(autouse=True)
def store(monkeypatch, request):
    """A cache for this test."""
    store = LocMemCache(request.node.nodeid, {})
    monkeypatch.setattr(throttle, "cache", store)
    return store


@pytest.fixture
def clock(monkeypatch):
    """The clock of `throttle`, a list of one number: the start of a minute and of an hour."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(throttle, "clock", lambda: now[0])
    return now


def refused(address=ALICE, rule=RULE) -> float:
    """The `retry_after` for `address`, in seconds."""
    with pytest.raises(SlowDown) as caught:
        throttle.take(rule, address)
    return caught.value.retry_after


def test_the_fourth_attempt_in_a_minute_is_refused(clock):
    for _ in range(3):
        throttle.take(RULE, ALICE)
    assert refused() > 0


def test_attempts_of_other_addresses_do_not_count(clock):
    for _ in range(3):
        throttle.take(RULE, ALICE)
    throttle.take(RULE, CHARLIE)


def test_one_rule_does_not_count_for_another(clock):
    for _ in range(3):
        throttle.take(RULE, ALICE)
    throttle.take(Rule("other", RULE.limits), ALICE)


def test_an_attempt_is_allowed_after_retry_after_and_not_a_second_earlier(clock):
    for _ in range(3):
        throttle.take(RULE, ALICE)
    wait = refused()
    clock[0] += wait - 1
    refused()
    clock[0] += 1
    throttle.take(RULE, ALICE)


@pytest.mark.parametrize("into_s", [0, 1, 17, 30, 59])
def test_retry_after_is_correct_at_any_second_of_the_minute(clock, into_s):
    clock[0] += into_s
    for _ in range(3):
        throttle.take(RULE, ALICE)
    clock[0] += refused()
    throttle.take(RULE, ALICE)


def test_attempts_of_the_last_minute_count_in_a_new_minute(clock):
    clock[0] += 59
    for _ in range(3):
        throttle.take(RULE, ALICE)
    clock[0] += 2
    assert refused() > 10


def test_refused_attempts_do_not_increase_the_wait(clock):
    for _ in range(3):
        throttle.take(RULE, ALICE)
    assert {refused() for _ in range(50)} == {refused()}


def test_the_limit_per_hour_applies_too(clock):
    for _ in range(5):
        throttle.take(RULE, ALICE)
        clock[0] += 61
    assert refused() > 600


def test_an_attempt_that_is_given_back_is_not_counted(clock):
    for _ in range(20):
        throttle.take(RULE, ALICE).give_back()
    throttle.take(RULE, ALICE)


def test_giving_back_an_evicted_count_does_nothing(clock, store):
    turn = throttle.take(RULE, ALICE)
    store.clear()
    turn.give_back()
    for _ in range(3):
        throttle.take(RULE, ALICE)
    refused()


def test_addresses_of_one_ipv6_customer_count_as_one(clock):
    for host in range(3):
        throttle.take(RULE, f"2001:db8:1:2::{host}")
    assert refused("2001:db8:1:2:ffff::1") > 0
    throttle.take(RULE, "2001:db8:1:3::1")


def test_an_ipv4_mapped_ipv6_address_counts_as_the_ipv4_address(clock):
    for _ in range(3):
        throttle.take(RULE, "192.0.2.1")
    assert refused("::ffff:192.0.2.1") > 0


@pytest.mark.parametrize("address", ["", "not an address", "fe80::1%eth0", "a" * 10_000, "192.0.2.1\n"])
def test_a_text_that_is_no_address_is_counted_too(clock, address):
    for _ in range(3):
        throttle.take(RULE, address)
    assert refused(address) > 0


def test_of_a_hundred_simultaneous_attempts_only_the_limit_is_allowed(clock):
    together = threading.Barrier(20)
    through = []

    def hammer():
        together.wait()
        for _ in range(5):
            try:
                throttle.take(RULE, ALICE)
            except SlowDown:
                continue
            through.append(1)

    threads = [threading.Thread(target=hammer) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(through) <= 3


class BrokenCache:
    """A shared cache whose server is down."""

    def __getattr__(self, name):
        raise ConnectionError("nobody there")


def test_without_the_shared_cache_the_process_counts_for_itself(clock, monkeypatch, caplog):
    monkeypatch.setattr(throttle, "cache", BrokenCache())
    rule = Rule("without-cache", (Limit(3, 60),))
    for _ in range(3):
        throttle.take(rule, ALICE)
    assert refused(rule=rule) > 0
    assert "counts for itself" in caplog.text


def test_a_cache_that_fails_after_the_count_does_not_stop_a_sign_in(clock):
    turn = throttle.take(RULE, ALICE)
    throttle.Reservation(BrokenCache(), turn.keys).give_back()


def test_a_long_wait_is_given_in_minutes(clock):
    for _ in range(5):
        throttle.take(RULE, ALICE)
        clock[0] += 61
    with pytest.raises(SlowDown, match="minutes"):
        throttle.take(RULE, ALICE)
