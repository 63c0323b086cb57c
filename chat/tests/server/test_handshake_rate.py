"""The limit of handshakes per second of one address."""

import pytest

from project.serving.handshake_rate import HandshakeRate
from project.serving.http_error import HttpError

from .conftest import ECHO
from .octets import handshake, request
from .raw import Raw, status_of

ALICE, BOB = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def rate():
    """10 per second, after 3 at once."""
    return HandshakeRate(10, 3, HttpError(429, "too often"))


def allowed(rate: HandshakeRate, address: str | None, now: float) -> bool:
    try:
        rate.take(address, now)
    except HttpError:
        return False
    return True


def test_an_address_gets_its_burst_and_then_its_rate(rate):
    assert [allowed(rate, ALICE, 0) for _ in range(4)] == [True, True, True, False]
    assert [allowed(rate, ALICE, 0.1) for _ in range(2)] == [True, False]


def test_another_address_has_its_own_burst(rate):
    assert not all(allowed(rate, ALICE, 0) for _ in range(4))
    assert allowed(rate, BOB, 0)


def test_addresses_of_one_ipv6_network_share_a_burst(rate):
    assert [allowed(rate, f"2001:db8::{number}", 0) for number in range(4)] == [True, True, True, False]


def test_a_unix_socket_and_a_rate_of_0_have_no_limit(rate):
    assert all(allowed(rate, None, 0) for _ in range(10))
    unlimited = HandshakeRate(0, 3, HttpError(429, "too often"))
    assert all(allowed(unlimited, ALICE, 0) for _ in range(10))


def test_networks_are_forgotten_when_their_burst_is_full_again(rate):
    assert not all(allowed(rate, ALICE, 0) for _ in range(4))
    allowed(rate, BOB, 0)
    rate.forget_idle(0.15)
    assert list(rate._buckets) == [ALICE]
    rate.forget_idle(0.35)
    assert not rate._buckets


def test_a_client_that_connects_too_often_gets_429_while_pages_are_served(start_server):
    # The burst of `project.server` is 1000. With this rate, nothing is added to it during the test.
    port = start_server(ECHO, MAX_HANDSHAKES_PER_ADDRESS=0.001).port
    assert [status_of(port, handshake()) for _ in range(1000)] == [101] * 1000
    with Raw(port) as raw:
        head = raw.upgrade()
        assert (head.status, head.headers["retry-after"]) == (429, "5")
        assert b"too often" in raw.read_all()
    assert status_of(port, request()) == 200
