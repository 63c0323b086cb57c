"""The headers that a worker gets through the proxy, whatever the client sends."""

import json

import pytest

from chat.tests.server.octets import handshake, request
from chat.tests.server.raw import Raw, open_socket
from chat.tests.services import wait_until

from .asking import request_seen_by_worker

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
    """The scope without the client's port and the request's id, which differ each time."""
    kept = {name: values for name, values in scope["headers"].items() if name not in {"x-request-id", "via"}}
    return scope | {"headers": kept, "client": scope["client"][0]}


def test_the_worker_gets_the_clients_address_host_and_scheme(mirror):
    scope = request_seen_by_worker(mirror.port)
    assert (scope["client"][0], scope["scheme"], scope["root_path"]) == ("127.0.0.1", "http", "")
    assert scope["headers"]["x-forwarded-for"] == ["127.0.0.1"]
    assert scope["headers"]["host"] == ["localhost"]


def test_a_client_at_another_address_has_that_address(mirror):
    assert request_seen_by_worker(mirror.port, *CLAIMS, source="127.0.0.99")["client"][0] == "127.0.0.99"


@pytest.mark.parametrize("line", CLAIMS)
def test_forged_headers_do_not_reach_the_worker(mirror, line):
    assert without_ids(request_seen_by_worker(mirror.port, line)) == without_ids(request_seen_by_worker(mirror.port))


def test_a_client_cannot_remove_our_headers_by_naming_them_in_connection(mirror):
    with Raw(mirror.port) as raw:
        raw.send(request("/here").replace(b"\r\n\r\n", b"\r\nConnection: close, X-Forwarded-For, X-Request-ID\r\n\r\n"))
        response = raw.read_all()
    assert b'"x-forwarded-for": ["127.0.0.1"]' in response
    assert b'"x-request-id"' in response


def test_a_socket_gets_the_same_headers_as_a_page(mirror):
    with open_socket(mirror.port, "/chat", *CLAIMS[:10]) as raw:
        scope = json.loads(raw.receive_text())
    assert (scope["client"][0], scope["scheme"], scope["root_path"]) == ("127.0.0.1", "ws", "")
    assert "forwarded" not in scope["headers"]


def test_each_request_has_an_id_in_its_response_and_in_the_log(mirror):
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
def test_secret_links_and_cookies_are_not_logged(mirror, path):
    with Raw(mirror.port) as raw:
        lines = ["Cookie: sessionid=SECRET", "Authorization: Bearer SECRET", "Referer: http://localhost/setup/SECRET/"]
        number = raw.get(path, *lines).headers["x-request-id"]
    wait_until(lambda: number in mirror.log, "the request in the log")
    assert "SECRET" not in mirror.log


def test_a_trusted_proxy_in_front_may_set_the_clients_address(new_mirror, program):
    proxy = new_mirror(program=program, FRONT_PROXIES="127.0.0.1 198.51.100.0/24")
    scope = request_seen_by_worker(
        proxy.port, "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https", "Daphne-Root-Path: /evil"
    )
    assert (scope["client"][0], scope["scheme"], scope["root_path"]) == ("192.0.2.7", "https", "")
    assert request_seen_by_worker(proxy.port, *CLAIMS, source="127.0.0.99")["client"][0] == "127.0.0.99"


def test_frames_pass_unchanged_in_both_directions(mirror):
    with Raw(mirror.port) as raw:
        raw.send(handshake("/chat"))
        assert raw.head().status == 101
        raw.receive_text()
        for text in ["", "é" * 70_000, "x" * 125, "x" * 126]:
            assert raw.send_text(text).receive_text() == text
