"""Requests that are invalid, too large, too slow or for internal paths get an error; other clients are still served."""

import pytest

from chat.tests.server.octets import request
from chat.tests.server.raw import Raw, open_socket, status_of

from .asking import post_head, request_counts, request_seen_by_worker

pytestmark = pytest.mark.extended

# --- Invalid


@pytest.mark.parametrize(
    "data",
    [
        request("/").replace(b"Host: localhost\r\n", b""),
        request("/").replace(b"localhost", b"a b"),
        request("/").replace(b"localhost", b"evil.example/x?"),
        request("/").replace(b"localhost", b"\xff\xfe"),
        request("/").replace(b"HTTP/1.1", b"HTTP/9.9"),
        request("/").replace(b"GET /", b"GET nothing"),
        request("/").replace(b"GET", b"G\xffT"),
        request("/", "X: \x01\x02"),
    ],
)
def test_an_invalid_request_is_refused(mirror, bystanders, data):
    assert 400 <= status_of(mirror.port, data) < 600


# --- Too large


def test_a_head_that_is_too_large_gets_431(mirror, bystanders):
    assert status_of(mirror.port, request("/", "X-Long: " + "x" * 30_000)) == 431
    assert status_of(mirror.port, request("/", *(f"X-{number}: {'x' * 90}" for number in range(300)))) == 431


def test_a_content_length_above_the_limit_gets_413(mirror, bystanders):
    # With some of the body: the proxy reads it, so that a client that sends first can read the response.
    assert status_of(mirror.port, post_head("/large", "Content-Length: 10485761") + b"x" * 300_000) == 413
    assert "/large" not in request_counts(mirror.port)


def test_a_body_that_grows_too_large_gets_413_from_the_proxy(new_mirror, program):
    proxy = new_mirror(program=program, MAX_REQUEST_BYTES=1000)
    data = post_head("/large", "Content-Length: 2000")
    assert status_of(proxy.port, data + b"x" * 2000) == 413
    assert "/large" not in request_counts(proxy.port)
    assert status_of(proxy.port, post_head("/small", "Content-Length: 1000") + b"x" * 1000) == 200


def test_interrupted_bodies_do_not_disable_the_worker(mirror, bystanders):
    for _ in range(20):
        with Raw(mirror.port) as raw:
            raw.send(post_head("/broken", "Content-Length: 1000") + b"x" * 10)
    assert request_seen_by_worker(mirror.port)["path"] == "/here"
    assert "/broken" not in request_counts(mirror.port)


# --- Too slow


def test_a_slow_head_ends_the_connection(new_mirror, program):
    proxy = new_mirror(program=program, READ_HEADER_TIMEOUT="1s")
    slow = [Raw(proxy.port).send(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ") for _ in range(200)]
    try:
        assert request_seen_by_worker(proxy.port)["path"] == "/here"
        for raw in slow:
            response = raw.read_all()
            assert response == b"" or response.startswith(b"HTTP/1.1 4"), response
        assert request_seen_by_worker(proxy.port)["path"] == "/here"
    finally:
        for raw in slow:
            raw.socket.close()


def test_a_slow_body_gets_an_error(new_mirror, program):
    proxy = new_mirror(program=program, READ_BODY_TIMEOUT="5s", worker={"BODY_TIMEOUT_S": 1})
    slow = [Raw(proxy.port).send(post_head("/slow", "Content-Length: 100") + b"x") for _ in range(50)]
    try:
        assert request_seen_by_worker(proxy.port)["path"] == "/here"
        assert {raw.head().status for raw in slow} == {408}
        assert "/slow" not in request_counts(proxy.port)
    finally:
        for raw in slow:
            raw.socket.close()


def test_the_time_limits_of_requests_do_not_apply_to_sockets(new_mirror, program):
    proxy = new_mirror(
        program=program, READ_HEADER_TIMEOUT="500ms", READ_BODY_TIMEOUT="3s", worker={"BODY_TIMEOUT_S": 1}
    )
    with open_socket(proxy.port, "/chat") as alice, Raw(proxy.port) as slow:
        alice.receive_text()
        # Longer than the limit of a body.
        assert slow.send(post_head("/slow", "Content-Length: 100") + b"x").head().status == 408
        assert alice.send_text("still here").receive_text() == "still here"


# --- Internal paths


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/metrics/",
        "/metrics?x",
        "//metrics",
        "/%6detrics",
        "/%6D%65%74rics",
        "/./metrics",
        "/%2e/metrics",
        "/x/../metrics",
        "/x/%2e%2e/metrics",
        "/x%2f..%2fmetrics",
        "/%2fmetrics",
        "/metrics%2f",
        "/metrics/.",
        "/static/../metrics",
        "/static/%2e%2e/metrics",
        "/METRICS",
        "/readyz",
        "//%72eadyz",
        "http://localhost/metrics",
        "http://evil.example//%6detrics",
        "http:///metrics",
        "http:/metrics",
    ],
)
def test_internal_paths_are_not_forwarded_in_any_spelling(mirror, path):
    before = request_counts(mirror.port)
    assert status_of(mirror.port, request(path)) == 404
    assert status_of(mirror.port, post_head(path, "Content-Length: 0")) == 404
    assert request_counts(mirror.port) == before
