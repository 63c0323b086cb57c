"""What one client may hold of the server by plain HTTP: connections, bodies, and answers that it does not read."""

import contextlib
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from chat.tests.services import wait_until

from .conftest import ECHO, PUPPET
from .octets import handshake, request
from .raw import Raw, number, open_socket, status_of

KIB = 1024
ALICE, BOB = "X-Forwarded-For: 2001:db8:0:1::1", "X-Forwarded-For: 2001:db8:0:2::1"
ALICE_AGAIN = "X-Forwarded-For: 2001:db8:0:1:ffff::2"


def post(size: int, *lines: str) -> bytes:
    """The head of a form with a body of so many bytes."""
    return request("/", f"Content-Length: {size}", *lines).replace(b"GET", b"POST")


# --- Connections


def test_an_address_may_have_so_many_connections_and_one_more_when_one_ends(start_server):
    port = start_server(ECHO, MAX_HTTP_CONNECTIONS_PER_ADDRESS=3).port
    with ExitStack() as stack:
        # Each counts, whether it has asked for anything or not.
        raws = [stack.enter_context(Raw(port)) for _ in range(3)]
        assert raws[0].get().status == 200
        with Raw(port) as more:
            assert more.head().status == 503
            assert b"from your address" in more.read_all()
        with Raw(port, source="127.0.0.2") as bob:
            assert bob.get().status == 200
        raws.pop().socket.close()
        wait_until(lambda: asks(port))
        # A socket is not one of them any more.
        assert raws[1].upgrade().status == 101
        wait_until(lambda: asks(port))


def asks(port: int) -> bool:
    """Whether one more connection is let in."""
    with contextlib.suppress(ConnectionError, EOFError), Raw(port) as raw:
        return raw.get().status == 200
    return False


def test_through_a_trusted_proxy_the_requests_of_a_client_are_counted_and_not_the_proxys_connections(start_server):
    port = start_server(PUPPET, MAX_HTTP_CONNECTIONS_PER_ADDRESS=2, TRUSTED_PROXIES="127.0.0.1").port
    with ExitStack() as stack:
        raws = [stack.enter_context(Raw(port)) for _ in range(4)]
        for raw in raws[:2]:
            raw.send(post(10, ALICE))
        wait_until(lambda: number(port, "parley_requests") == 3)
        # The same /64 is the same client.
        assert raws[2].get("/", ALICE_AGAIN).status == 503
        assert raws[3].get("/", BOB).status == 200
        assert raws[0].send(b"x" * 10).head().status == 200
        assert status_of(port, request("/", ALICE)) == 200


def test_a_handshake_through_a_proxy_gives_its_place_as_a_request_back(start_server):
    port = start_server(ECHO, MAX_HTTP_CONNECTIONS_PER_ADDRESS=1, TRUSTED_PROXIES="127.0.0.1").port
    with open_socket(port, "/", ALICE), open_socket(port, "/", ALICE):
        assert status_of(port, request("/", ALICE)) == 200


def test_sockets_of_one_ipv6_network_are_one_clients(start_server):
    port = start_server(ECHO, MAX_CONNECTIONS_PER_ADDRESS=1, TRUSTED_PROXIES="127.0.0.1").port
    with open_socket(port, "/", ALICE):
        assert status_of(port, handshake("/", ALICE_AGAIN)) == 503
        assert status_of(port, handshake("/", BOB)) == 101


# --- Bodies


def test_the_site_takes_256_kib(make_site):
    port = make_site().port
    assert status_of(port, post(256 * KIB + 1)) == 413
    with Raw(port) as raw:
        # No form of ours: refused by the site, once the body was taken.
        assert raw.send(post(256 * KIB) + b"x" * 256 * KIB).head().status in (403, 405)


def test_bodies_have_a_common_bound_and_an_address_a_quarter_of_it(start_server):
    limits = {"MAX_REQUEST_BYTES": 256 * KIB, "MAX_HELD_BYTES": 1024 * KIB, "TRUSTED_PROXIES": "127.0.0.1"}
    port = start_server(ECHO, **limits).port
    half = b"x" * 200 * KIB
    with ExitStack() as stack:
        raws = [stack.enter_context(Raw(port)) for _ in range(7)]
        raws[0].send(post(256 * KIB, ALICE) + half)
        wait_until(lambda: number(port, "parley_held_bytes") == 200 * KIB)
        assert raws[1].send(post(256 * KIB, ALICE_AGAIN) + half).head().status == 503
        # Others have room, until all of it is used.
        for network in range(4):
            raws[2 + network].send(post(256 * KIB, f"X-Forwarded-For: 192.0.2.{network}") + half)
        wait_until(lambda: number(port, "parley_held_bytes") == 5 * 200 * KIB)
        refused = raws[6].send(post(256 * KIB, BOB) + half).head()
        assert (refused.status, refused.headers["retry-after"]) == (503, "5")
        # What is broken off, refused or finished gives its own back.
        for raw in raws[2:6]:
            raw.socket.close()
        wait_until(lambda: number(port, "parley_held_bytes") == 200 * KIB)
        assert raws[0].send(b"x" * 56 * KIB).head().status == 200
        wait_until(lambda: number(port, "parley_held_bytes") == 0)


def test_forty_bodies_of_10_mib_leave_nothing_on_the_disk_and_little_in_memory(make_site):
    site = make_site()
    with ExitStack() as stack:
        raws = [stack.enter_context(Raw(site.port)) for _ in range(40)]
        for raw in raws:
            with contextlib.suppress(ConnectionError):
                raw.send(request("/nothing", "Transfer-Encoding: chunked").replace(b"GET", b"POST"))
                raw.send((b"40000\r\n" + b"x" * 0x40000 + b"\r\n") * 40)
        assert {raw.head().status for raw in raws} <= {413}
        wait_until(lambda: not deleted_files(site.workers[0].pid))


def deleted_files(pid: int) -> list[str]:
    """The temporary files that a process has open."""
    found = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found.append(str(entry.readlink()))
    return [name for name in found if name.startswith("/tmp") and name.endswith("(deleted)")]


# --- Answers that are not read


def test_an_answer_that_is_not_read_ends_its_connection_in_time(start_server):
    server = start_server(PUPPET, SEND_TIMEOUT_S=1)
    with Raw(server.port, receive_buffer=4096) as slow:
        slow.send(request("/?1600"))
        wait_until(lambda: number(server.port, "parley_requests") == 2)
        wait_until(lambda: number(server.port, "parley_http_connections") == 1, timeout=20)
        assert number(server.port, "parley_requests") == 1
        with pytest.raises((ConnectionError, EOFError)):
            slow.read(1600 * 65536)


def test_a_reader_that_is_slow_and_reads_gets_all_of_it(start_server):
    port = start_server(PUPPET, SEND_TIMEOUT_S=2).port
    with Raw(port, receive_buffer=4096) as slow:
        slow.send(request("/?96"))
        slow.head()
        began, taken = time.monotonic(), 0
        # 6 MiB in at least 6 s, so three times the limit.
        while time.monotonic() - began < 6:
            taken += len(slow.read(64 * KIB))
            time.sleep(0.1)
        rest = slow.read_to(b"\r\n0\r\n\r\n")
        assert taken + len(rest) >= 96 * 65536
