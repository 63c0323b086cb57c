"""Requests that are wrong, too large, too slow or not for everyone: an error, and nobody else notices."""

import pytest

from chat.tests.server.octets import request
from chat.tests.server.raw import Raw, open_socket, status_of

from .asking import counts, form, seen

# --- Wrong


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
def test_what_is_no_request_is_refused(mirror, bystanders, data):
    assert 400 <= status_of(mirror.port, data) < 600


# --- Too large


def test_a_head_that_is_too_large_gets_431(mirror, bystanders):
    assert status_of(mirror.port, request("/", "X-Long: " + "x" * 30_000)) == 431
    assert status_of(mirror.port, request("/", *(f"X-{number}: {'x' * 90}" for number in range(300)))) == 431


def test_a_body_that_says_it_is_too_large_gets_413(mirror, bystanders):
    # With the beginning of it: a proxy reads some, so that a client that sends before it listens hears the answer.
    assert status_of(mirror.port, form("/large", "Content-Length: 10485761") + b"x" * 300_000) == 413
    assert "/large" not in counts(mirror.port)


def test_a_body_that_grows_too_large_gets_413_from_the_proxy_itself(new_mirror, program):
    proxy = new_mirror(program=program, MAX_REQUEST_BYTES=1000)
    data = form("/large", "Content-Length: 2000")
    assert status_of(proxy.port, data + b"x" * 2000) == 413
    assert "/large" not in counts(proxy.port)
    assert status_of(proxy.port, form("/small", "Content-Length: 1000") + b"x" * 1000) == 200


def test_bodies_that_break_off_do_not_switch_the_worker_off(mirror, bystanders):
    for _ in range(20):
        with Raw(mirror.port) as raw:
            raw.send(form("/broken", "Content-Length: 1000") + b"x" * 10)
    assert seen(mirror.port)["path"] == "/here"
    assert "/broken" not in counts(mirror.port)


# --- Too slow


def test_a_head_that_comes_too_slowly_is_given_up(new_mirror, program):
    proxy = new_mirror(program=program, READ_HEADER_TIMEOUT="1s")
    slow = [Raw(proxy.port).send(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ") for _ in range(200)]
    try:
        assert seen(proxy.port)["path"] == "/here"
        for raw in slow:
            said = raw.read_all()
            assert said == b"" or said.startswith(b"HTTP/1.1 4"), said
        assert seen(proxy.port)["path"] == "/here"
    finally:
        for raw in slow:
            raw.socket.close()


def test_a_body_that_comes_too_slowly_is_given_up_and_told_so(new_mirror, program):
    proxy = new_mirror(program=program, READ_BODY_TIMEOUT="5s", worker={"BODY_TIMEOUT_S": 1})
    slow = [Raw(proxy.port).send(form("/slow", "Content-Length: 100") + b"x") for _ in range(50)]
    try:
        assert seen(proxy.port)["path"] == "/here"
        assert {raw.head().status for raw in slow} == {408}
        assert "/slow" not in counts(proxy.port)
    finally:
        for raw in slow:
            raw.socket.close()


def test_a_socket_outlives_the_times_for_requests(new_mirror, program):
    proxy = new_mirror(
        program=program, READ_HEADER_TIMEOUT="500ms", READ_BODY_TIMEOUT="3s", worker={"BODY_TIMEOUT_S": 1}
    )
    with open_socket(proxy.port, "/chat") as alice, Raw(proxy.port) as slow:
        alice.hear_text()
        # As long as a body may take.
        assert slow.send(form("/slow", "Content-Length: 100") + b"x").head().status == 408
        assert alice.say("still here").hear_text() == "still here"


# --- Inside


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
def test_what_is_for_those_inside_is_not_asked_of_a_worker_in_any_spelling(mirror, path):
    before = counts(mirror.port)
    assert status_of(mirror.port, request(path)) == 404
    assert status_of(mirror.port, form(path, "Content-Length: 0")) == 404
    assert counts(mirror.port) == before
