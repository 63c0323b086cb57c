"""Quota and Lease, and which addresses count as one client."""

import pytest

from project.serving.http_error import HttpError
from project.serving.quota import Quota


def quota(limit: int = 0, per_network: int = 0) -> Quota:
    return Quota(limit, per_network, full=HttpError(503, "full"), share_used=HttpError(503, "share"))


def test_a_limit_of_0_is_no_limit():
    places = quota()
    for _ in range(100):
        places.take("192.0.2.1")
    assert places.used == 100


def test_a_client_without_an_address_counts_for_the_total_only():
    places = quota(limit=2, per_network=1)
    places.take(None)
    places.take(None)
    with pytest.raises(HttpError, match="full"):
        places.take(None)
    assert places.used == 2


def test_releasing_a_lease_twice_makes_room_once():
    places = quota(per_network=1)
    lease = places.take("192.0.2.1")
    with pytest.raises(HttpError, match="share"):
        places.take("192.0.2.1")
    lease.release()
    lease.release()
    places.take("192.0.2.1")
    assert places.used == 1


def test_a_lease_grows_and_shrinks_and_a_refused_resize_changes_nothing():
    held = quota(limit=100, per_network=60)
    lease = held.take("192.0.2.1", 0)
    lease.resize(60)
    with pytest.raises(HttpError, match="share"):
        lease.resize(61)
    assert (lease.amount, held.used) == (60, 60)
    lease.resize(10)
    assert held.used == 10


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_an_ipv6_client_is_its_64_network(first, second, same):
    places = quota(per_network=1)
    places.take(first)
    if same:
        with pytest.raises(HttpError):
            places.take(second)
    else:
        places.take(second)


def test_the_traceback_of_a_repeated_error_does_not_grow():
    places = quota(limit=1)
    places.take(None)
    for _ in range(3):
        with pytest.raises(HttpError) as caught:
            places.take(None)
    traceback, length = caught.value.__traceback__, 0
    while traceback := traceback.tb_next:
        length += 1
    assert length < 5
