"""Limits of one HTTP client: connections, request bodies, and responses that it does not read."""

import contextlib
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from chat.tests.services import wait_until

from .conftest import ECHO, SCRIPTED_APP
from .octets import handshake, request
from .raw import Raw, number, open_socket, status_of

pytestmark = pytest.mark.core

KIB = 1024
ALICE, BOB = "X-Forwarded-For: 2001:db8:0:1::1", "X-Forwarded-For: 2001:db8:0:2::1"
ALICE_AGAIN = "X-Forwarded-For: 2001:db8:0:1:ffff::2"


def post(size: int, *lines: str) -> bytes:
    """The head of a POST request with a body of `size` bytes."""
    return request("/", f"Content-Length: {size}", *lines).replace(b"GET", b"POST")


# --- Connections


def test_an_address_has_a_limit_of_connections_and_may_open_one_when_one_ends(start_server):
    port = start_server(ECHO, MAX_HTTP_CONNECTIONS_PER_ADDRESS=3).port
    with ExitStack() as stack:
        # Each counts, also without a request.
        raws = [stack.enter_context(Raw(port)) for _ in range(3)]
        assert raws[0].get().status == 200
        with Raw(port) as more:
            assert more.head().status == 503
            assert b"from your address" in more.read_all()
        with Raw(port, source="127.0.0.2") as bob:
            assert bob.get().status == 200
        raws.pop().socket.close()
        wait_until(lambda: is_accepted(port))
        # A connection that became a WebSocket no longer counts.
        assert raws[1].upgrade().status == 101
        wait_until(lambda: is_accepted(port))


def is_accepted(port: int) -> bool:
    """Whether one more connection is accepted."""
    with contextlib.suppress(ConnectionError, EOFError), Raw(port) as raw:
        return raw.get().status == 200
    return False


def test_through_a_trusted_proxy_requests_are_counted_in_place_of_connections(start_server):
    port = start_server(SCRIPTED_APP, MAX_HTTP_CONNECTIONS_PER_ADDRESS=2, TRUSTED_PROXIES="127.0.0.1").port
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


def test_a_handshake_through_a_proxy_does_not_count_as_a_request_afterwards(start_server):
    port = start_server(ECHO, MAX_HTTP_CONNECTIONS_PER_ADDRESS=1, TRUSTED_PROXIES="127.0.0.1").port
    with open_socket(port, "/", ALICE), open_socket(port, "/", ALICE):
        assert status_of(port, request("/", ALICE)) == 200


def test_sockets_of_one_ipv6_network_share_a_limit(start_server):
    port = start_server(ECHO, MAX_CONNECTIONS_PER_ADDRESS=1, TRUSTED_PROXIES="127.0.0.1").port
    with open_socket(port, "/", ALICE):
        assert status_of(port, handshake("/", ALICE_AGAIN)) == 503
        assert status_of(port, handshake("/", BOB)) == 101


# --- Bodies


def test_the_site_accepts_bodies_of_256_kib(site):
    port = site.port
    assert status_of(port, post(256 * KIB + 1)) == 413
    with Raw(port) as raw:
        # The site has no such form: it refuses the request after it has read the body.
        assert raw.send(post(256 * KIB) + b"x" * 256 * KIB).head().status in (403, 405)


def test_bodies_share_a_limit_and_an_address_may_use_a_quarter_of_it(start_server):
    limits = {"MAX_REQUEST_BYTES": 256 * KIB, "MAX_HELD_BYTES": 1024 * KIB, "TRUSTED_PROXIES": "127.0.0.1"}
    port = start_server(ECHO, **limits).port
    half = b"x" * 200 * KIB
    with ExitStack() as stack:
        raws = [stack.enter_context(Raw(port)) for _ in range(7)]
        raws[0].send(post(256 * KIB, ALICE) + half)
        wait_until(lambda: number(port, "parley_held_bytes") == 200 * KIB)
        assert raws[1].send(post(256 * KIB, ALICE_AGAIN) + half).head().status == 503
        # Others may use the rest.
        for network in range(4):
            raws[2 + network].send(post(256 * KIB, f"X-Forwarded-For: 192.0.2.{network}") + half)
        wait_until(lambda: number(port, "parley_held_bytes") == 5 * 200 * KIB)
        refused = raws[6].send(post(256 * KIB, BOB) + half).head()
        assert (refused.status, refused.headers["retry-after"]) == (503, "5")
        # Interrupted, refused and finished requests return their part.
        for raw in raws[2:6]:
            raw.socket.close()
        wait_until(lambda: number(port, "parley_held_bytes") == 200 * KIB)
        assert raws[0].send(b"x" * 56 * KIB).head().status == 200
        wait_until(lambda: number(port, "parley_held_bytes") == 0)


def test_forty_bodies_of_10_mib_leave_no_temporary_files(site):
    with ExitStack() as stack:
        raws = [stack.enter_context(Raw(site.port)) for _ in range(40)]
        for raw in raws:
            with contextlib.suppress(ConnectionError):
                raw.send(request("/nothing", "Transfer-Encoding: chunked").replace(b"GET", b"POST"))
                raw.send((b"40000\r\n" + b"x" * 0x40000 + b"\r\n") * 40)
        assert {raw.head().status for raw in raws} <= {413}
        wait_until(lambda: not deleted_files(site.workers[0].pid))


def deleted_files(pid: int) -> list[str]:
    """The deleted temporary files that a process has open."""
    found = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found.append(str(entry.readlink()))
    return [name for name in found if name.startswith("/tmp") and name.endswith("(deleted)")]


# --- Responses that are not read


def test_a_response_that_is_not_read_ends_its_connection_in_time(start_server):
    server = start_server(SCRIPTED_APP, SEND_TIMEOUT_S=1)
    with Raw(server.port, receive_buffer=4096) as slow:
        slow.send(request("/?1600"))
        wait_until(lambda: number(server.port, "parley_requests") == 2)
        wait_until(lambda: number(server.port, "parley_http_connections") == 1)
        assert number(server.port, "parley_requests") == 1
        with pytest.raises((ConnectionError, EOFError)):
            slow.read(1600 * 65536)


@pytest.mark.extended
def test_a_slow_client_that_keeps_reading_gets_all_of_it(start_server):
    port = start_server(SCRIPTED_APP, SEND_TIMEOUT_S=2).port
    with Raw(port, receive_buffer=4096) as slow:
        slow.send(request("/?96"))
        slow.head()
        began, taken = time.monotonic(), 0
        # 6 MiB in at least 4.5 s, so more than twice the limit.
        while time.monotonic() - began < 4.5:
            taken += len(slow.read(64 * KIB))
            time.sleep(0.1)
        rest = slow.read_to(b"\r\n0\r\n\r\n")
        assert taken + len(rest) >= 96 * 65536


# --- Uploads


def piece(size: int, kind: str = "application/offset+octet-stream", *lines: str) -> bytes:
    """The head of a PATCH request of an upload."""
    head = request("/rooms/lobby/files/1/", f"Content-Length: {size}", f"Content-Type: {kind}", *lines)
    return head.replace(b"GET", b"PATCH")


def test_a_piece_of_an_upload_may_be_larger_than_another_body(make_site):
    port = make_site(MAX_UPLOAD_CHUNK_BYTES=2048 * KIB).port
    with Raw(port) as raw:
        # Without Tus-Resumable: refused after the whole body was read.
        assert raw.send(piece(2048 * KIB) + b"x" * 2048 * KIB).head().status == 412
    assert status_of(port, piece(2048 * KIB + 1)) == 413
    assert status_of(port, piece(256 * KIB + 1, "text/plain")) == 413
    chunked = request("/", "Transfer-Encoding: chunked", "Content-Type: application/offset+octet-stream")
    with Raw(port) as raw, contextlib.suppress(ConnectionError):
        raw.send(chunked.replace(b"GET", b"PATCH") + (b"40000\r\n" + b"x" * 0x40000 + b"\r\n") * 9)
        assert raw.head().status == 413


def test_a_piece_of_an_upload_holds_no_more_memory_than_a_mebibyte(start_server):
    port = start_server(ECHO, MAX_HELD_BYTES=16 * 1024 * KIB).port
    with Raw(port) as raw:
        raw.send(piece(3 * 1024 * KIB) + b"x" * (2 * 1024 * KIB))
        wait_until(lambda: number(port, "parley_held_bytes") == 1024 * KIB)
