"""Request smuggling: ambiguous requests are refused, and never answer another client's request."""

import contextlib

import pytest

from chat.tests.server.octets import request
from chat.tests.server.raw import Raw

from .asking import post_head, request_counts, request_seen_by_worker

HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"

TWO_IN_ONE = {
    "CL.TE": (["Content-Length: 44", "Transfer-Encoding: chunked"], b"0\r\n\r\n"),
    "TE.CL": (["Transfer-Encoding: chunked", "Content-Length: 4"], b"29\r\n" + HIDDEN + b"\r\n0\r\n\r\n"),
    "TE.TE": (["Transfer-Encoding: chunked", "Transfer-Encoding: identity", "Content-Length: 5"], b"0\r\n\r\n"),
    "chunked twice": (["Transfer-Encoding: chunked, chunked", "Content-Length: 5"], b"0\r\n\r\n"),
    "chunked unlike": (["Transfer-Encoding: xchunked", "Content-Length: 5"], b"0\r\n\r\n"),
    "a space before the colon": (["Transfer-Encoding : chunked", "Content-Length: 5"], b"0\r\n\r\n"),
    "a tab before the colon": (["Content-Length\t: 5", "Content-Length: 0"], b"0\r\n\r\n"),
    "an encoding on a line of its own": (["Transfer-Encoding:\r\n chunked", "Content-Length: 5"], b"0\r\n\r\n"),
    "a vertical tab": (["Transfer-Encoding: \x0bchunked", "Content-Length: 5"], b"0\r\n\r\n"),
    "two lengths": (["Content-Length: 5", "Content-Length: 0"], b"0\r\n\r\n"),
    "two lengths in one": (["Content-Length: 5, 0"], b"0\r\n\r\n"),
    "a length with a sign": (["Content-Length: +5"], b"0\r\n\r\n"),
    "a negative length": (["Content-Length: -5"], b"0\r\n\r\n"),
    "a length in hexadecimal": (["Content-Length: 0x5"], b"0\r\n\r\n"),
    "a length beyond all numbers": (["Content-Length: " + "9" * 40], b"0\r\n\r\n"),
    "no length": ([], b""),
    "two hosts": (["Host: elsewhere", "Content-Length: 5"], b"0\r\n\r\n"),
    "a name with a space": (["Content Length: 5", "Content-Length: 0"], b""),
    "a name with a null": (["Content\0Length: 5", "Content-Length: 0"], b""),
}


@pytest.mark.parametrize("name", TWO_IN_ONE)
def test_an_ambiguous_form_is_refused(mirror, bystanders, name):
    lines, body = TWO_IN_ONE[name]
    with Raw(mirror.port) as raw:
        assert raw.send(post_head("/two-in-one", *lines) + body).head().status in {400, 411, 413, 501}
    assert "/two-in-one" not in request_counts(mirror.port)


@pytest.mark.parametrize("name", TWO_IN_ONE)
def test_a_hidden_request_never_answers_another_client(mirror, bystanders, name):
    lines, body = TWO_IN_ONE[name]
    before = request_counts(mirror.port).get("/here", 0)
    with Raw(mirror.port) as raw, contextlib.suppress(ConnectionResetError):
        raw.send(post_head("/x", *lines) + body + HIDDEN + request("/x", "Connection: close"))
        raw.read_all()
    assert [request_seen_by_worker(mirror.port)["path"] for _ in range(3)] == ["/here"] * 3
    assert request_counts(mirror.port)["/here"] == before + 3


@pytest.mark.parametrize("line", ["X-Folded: one\r\n two", "X-Folded: one\r\n\ttwo"])
def test_a_folded_header_reaches_a_worker_as_one_line(mirror, bystanders, line):
    assert request_seen_by_worker(mirror.port, line)["headers"]["x-folded"] == ["one two"]
