"""What clients share, and who counts as one client."""

import pytest

from project.serving.budget import Budget
from project.serving.refusal import Refusal


def budget(limit: int = 0, per_network: int = 0) -> Budget:
    return Budget(limit, per_network, full=Refusal(503, "full"), share_used=Refusal(503, "share"))


def test_no_limit_lets_everybody_in():
    places = budget()
    for _ in range(100):
        places.take("192.0.2.1")
    assert places.used == 100


def test_a_client_without_an_address_counts_in_total_only():
    places = budget(limit=2, per_network=1)
    places.take(None)
    places.take(None)
    with pytest.raises(Refusal, match="full"):
        places.take(None)
    assert places.used == 2


def test_a_released_lease_makes_room_once():
    places = budget(per_network=1)
    lease = places.take("192.0.2.1")
    with pytest.raises(Refusal, match="share"):
        places.take("192.0.2.1")
    lease.release()
    lease.release()
    places.take("192.0.2.1")
    assert places.used == 1


def test_a_lease_grows_and_shrinks_and_a_refused_growth_changes_nothing():
    held = budget(limit=100, per_network=60)
    lease = held.take("192.0.2.1", 0)
    lease.set(60)
    with pytest.raises(Refusal, match="share"):
        lease.set(61)
    assert (lease.amount, held.used) == (60, 60)
    lease.set(10)
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
def test_an_ipv6_client_is_its_64_bit_network(first, second, same):
    places = budget(per_network=1)
    places.take(first)
    if same:
        with pytest.raises(Refusal):
            places.take(second)
    else:
        places.take(second)


def test_a_refusal_that_is_raised_often_does_not_grow():
    places = budget(limit=1)
    places.take(None)
    for _ in range(3):
        with pytest.raises(Refusal) as caught:
            places.take(None)
    traceback, length = caught.value.__traceback__, 0
    while traceback := traceback.tb_next:
        length += 1
    assert length < 5
