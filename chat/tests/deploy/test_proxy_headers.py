"""What a worker hears through the proxy, whatever a client claims of itself."""

import json

import pytest

from chat.tests.server.octets import handshake, request
from chat.tests.server.raw import Raw, open_socket
from chat.tests.services import wait_until

from .asking import seen

CLAIMS = [
    "X-Forwarded-For: 203.0.113.9",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-Port: 443",
    "X-Forwarded-Prefix: /evil",
    "X-Forwarded-Server: evil.example",
    "Forwarded: for=203.0.113.9;proto=https;host=evil.example",
    "X-Real-IP: 203.0.113.9",
    "Daphne-Root-Path: /evil",
    "X-Request-ID: mine",
    "X_Forwarded_For: 203.0.113.9",
    "daphne-root-path: /evil",
    "x-forwarded-for: 203.0.113.10, 203.0.113.11",
]


def without_ids(scope: dict) -> dict:
    """The same, without what differs each time: the client's port and the number of the request."""
    kept = {name: values for name, values in scope["headers"].items() if name not in {"x-request-id", "via"}}
    return scope | {"headers": kept, "client": scope["client"][0]}


def test_the_worker_sees_the_client_and_how_it_asked(mirror):
    scope = seen(mirror.port)
    assert (scope["client"][0], scope["scheme"], scope["root_path"]) == ("127.0.0.1", "http", "")
    assert scope["headers"]["x-forwarded-for"] == ["127.0.0.1"]
    assert scope["headers"]["host"] == ["localhost"]


def test_a_client_elsewhere_is_seen_where_it_is(mirror):
    assert seen(mirror.port, *CLAIMS, source="127.0.0.99")["client"][0] == "127.0.0.99"


@pytest.mark.parametrize("line", CLAIMS)
def test_what_a_client_claims_never_arrives(mirror, line):
    assert without_ids(seen(mirror.port, line)) == without_ids(seen(mirror.port))


def test_a_header_named_in_connection_cannot_be_taken_from_the_worker(mirror):
    with Raw(mirror.port) as raw:
        raw.send(request("/here").replace(b"\r\n\r\n", b"\r\nConnection: close, X-Forwarded-For, X-Request-ID\r\n\r\n"))
        said = raw.read_all()
    assert b'"x-forwarded-for": ["127.0.0.1"]' in said
    assert b'"x-request-id"' in said


def test_a_socket_is_seen_like_a_page(mirror):
    with open_socket(mirror.port, "/chat", *CLAIMS[:10]) as raw:
        scope = json.loads(raw.hear_text())
    assert (scope["client"][0], scope["scheme"], scope["root_path"]) == ("127.0.0.1", "ws", "")
    assert "forwarded" not in scope["headers"]


def test_each_request_has_a_number_that_its_answer_and_the_log_know(mirror):
    with Raw(mirror.port) as raw:
        number = raw.get("/here", "X-Request-ID: mine").headers["x-request-id"]
    assert number != "mine"
    wait_until(lambda: number in mirror.log, "the request in the log")


@pytest.mark.parametrize(
    "path",
    [
        "/setup/SECRET/",
        "/join/SECRET",
        "/accounts/reset/Mg/SECRET/",
        "http://localhost/setup/SECRET/?x",
        "//join/SECRET",
    ],
)
def test_no_link_and_no_cookie_is_in_the_log(mirror, path):
    with Raw(mirror.port) as raw:
        lines = ["Cookie: sessionid=SECRET", "Authorization: Bearer SECRET", "Referer: http://localhost/setup/SECRET/"]
        number = raw.get(path, *lines).headers["x-request-id"]
    wait_until(lambda: number in mirror.log, "the request in the log")
    assert "SECRET" not in mirror.log


def test_a_proxy_before_this_one_may_say_who_the_client_is(new_mirror, program):
    proxy = new_mirror(program=program, FRONT_PROXIES="127.0.0.1 198.51.100.0/24")
    scope = seen(proxy.port, "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https", "Daphne-Root-Path: /evil")
    assert (scope["client"][0], scope["scheme"], scope["root_path"]) == ("192.0.2.7", "https", "")
    assert seen(proxy.port, *CLAIMS, source="127.0.0.99")["client"][0] == "127.0.0.99"


def test_frames_pass_both_ways_unchanged(mirror):
    with Raw(mirror.port) as raw:
        raw.send(handshake("/chat"))
        assert raw.head().status == 101
        raw.hear_text()
        for said in ["", "é" * 70_000, "x" * 125, "x" * 126]:
            assert raw.say(said).hear_text() == said
