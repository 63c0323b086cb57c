"""What the page `/wire/` asks by HTTP: the accept value of a key, and checks of the site's own address."""

import asyncio
import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client

from chat.doctor import own_site
from chat.doctor.target import BadAddress
from chat.domain import throttle

pytestmark = pytest.mark.django_db

RFC_KEY = "dGhlIHNhbXBsZSBub25jZQ=="
BAD_KEYS = [
    "",
    "short",
    "dGhlIHNhbXBsZSBub25jZQ",
    "dGhlIHNhbXBsZSBub25jZQ=",
    "dGhlIHNhbXBsZSBub25jZSE=",
    "dGhlIHNhbXBsZSBub25jZ===",
    "dGhlIHNhbXBsZSBub25jZQ==\n",
    "dGhlIHNhbXBsZSBub25jZ_==",
    "ｄGhlIHNhbXBsZSBub25jZQ==",
    "<b>hlIHNhbXBsZSBub25j</b>",
    "A" * 100_000,
]


# --- The accept value of a key


def test_the_key_of_the_rfc_gives_the_accept_value_of_the_rfc(visit, bob):
    found = visit(bob).get("/wire/accept/", {"key": RFC_KEY}).json()
    assert found == {
        "key": RFC_KEY,
        "joined": f"{RFC_KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
        "sha1": "b37a4f2cc0624f1690f64606cf385945b2bec4ea",
        "accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
    }


def test_another_key_gives_the_value_that_rfc_6455_describes(visit, bob):
    key = base64.b64encode(bytes(range(240, 256))).decode()
    accept = base64.b64encode(hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()).decode()
    assert visit(bob).get("/wire/accept/", {"key": key}).json()["accept"] == accept


@pytest.mark.parametrize("key", BAD_KEYS, ids=range(len(BAD_KEYS)))
def test_a_key_that_is_not_16_bytes_in_base64_gets_an_error(visit, bob, key):
    response = visit(bob).get("/wire/accept/", {"key": key})
    assert response.status_code == 400
    error = response.json()
    assert (error["code"], error["field"]) == ("invalid", "key")
    assert "16 bytes in base64" in error["detail"]


def test_a_visitor_who_has_opened_no_page_gets_no_answer_and_no_session(client, lobby):
    response = client.get("/wire/accept/", {"key": RFC_KEY})
    assert (response.status_code, response.json()["code"]) == (401, "signed_out")
    assert not client.cookies


def test_a_guest_gets_an_answer(client, garden):
    client.get("/rooms/")
    assert client.get("/wire/accept/", {"key": RFC_KEY}).status_code == 200


def test_a_person_may_ask_for_60_keys_a_minute(visit, bob, alice):
    bobs = visit(bob)
    statuses = [bobs.get("/wire/accept/", {"key": RFC_KEY}).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    refused = bobs.get("/wire/accept/", {"key": RFC_KEY})
    assert refused.json()["code"] == "slow_down"
    assert int(refused["Retry-After"]) == refused.json()["retry_after"]
    assert visit(alice).get("/wire/accept/", {"key": RFC_KEY}).status_code == 200


# --- The own address


@pytest.fixture
def named(settings):
    """The settings of a site with a name, a second name, and patterns."""
    settings.SITE_URL = "https://chat.example.com"
    settings.ALLOWED_HOSTS = ["chat.example.com", "talk.example.org", "[::1]", ".example.net", "*"]


@pytest.mark.parametrize("host", ["chat.example.com", "Chat.Example.com:443", "talk.example.org", "[::1]"])
def test_a_name_of_the_site_at_its_port_is_its_own_address(named, host):
    target = own_site.own_target(host)
    assert (target.secure, target.port, target.path) == (True, 443, "/chat")
    assert target.host == host.lower().removesuffix(":443").strip("[]")


OTHERS = "chat.example.com:6379 chat.example.com:80 evil.example.net .example.net * 127.0.0.1 10.0.0.1 [::2] a/../b u@b"


@pytest.mark.parametrize("host", OTHERS.split(" "))
def test_another_name_or_port_is_not(named, host):
    with pytest.raises(BadAddress):
        own_site.own_target(host)


class Mirror(BaseHTTPRequestHandler):
    """A server that answers everything with 404, and remembers what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Answer."""
        self.server.asked.append(self.headers)
        self.send_error(404)

    def log_message(self, *args):
        """Write nothing."""


@pytest.fixture
def mirror(settings):
    """A running server at the public address of the site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SITE_URL = f"http://localhost:{server.server_port}"
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    yield server
    server.shutdown()
    server.server_close()


def run_checks(browser: Client, port: int) -> list[dict]:
    """The results that the server sends to a browser that has reached it at `127.0.0.1:port`."""
    response = browser.post("/wire/checks/", headers={"host": f"127.0.0.1:{port}"})
    assert (response.status_code, response["Content-Type"]) == (200, "application/x-ndjson")

    async def read() -> list[dict]:
        return [json.loads(line) async for part in response.streaming_content for line in part.splitlines()]

    return asyncio.run(read())


def test_the_server_checks_the_address_of_the_page(mirror, visit, bob):
    results = run_checks(visit(bob), mirror.server_port)
    assert [result["name"] for result in results] == list(own_site.CHECKS)
    assert results[0]["outcome"] == "ok"
    assert results[2]["outcome"] == "failed"
    assert "404 instead of 101" in results[2]["sentence"]
    assert "passes this path on" in results[2]["advice"]
    assert {headers["Host"] for headers in mirror.asked} == {f"127.0.0.1:{mirror.server_port}", "another-site.invalid"}


def test_no_session_of_the_visitor_is_sent_to_the_address(mirror, visit, bob):
    run_checks(visit(bob), mirror.server_port)
    assert mirror.asked
    assert not any(headers["Cookie"] or headers["Authorization"] for headers in mirror.asked)


def test_a_server_that_cannot_reach_itself_says_so(mirror, visit, bob):
    mirror.shutdown()
    mirror.server_close()
    (result,) = run_checks(visit(bob), mirror.server_port)
    assert (result["name"], result["outcome"]) == ("connection", "warning")
    assert "cannot reach its own public address" in result["advice"]


def test_an_address_that_is_not_the_sites_own_is_not_checked(mirror, visit, bob):
    port = mirror.server_port
    for host in (f"127.0.0.1:{port + 1}", "127.0.0.1", "localhost:22"):
        response = visit(bob).post("/wire/checks/", headers={"host": host})
        assert (response.status_code, response.json()["code"]) == (403, "forbidden")
    assert mirror.asked == []


def test_a_visitor_without_a_session_starts_no_check(mirror, client, lobby):
    response = client.post("/wire/checks/", headers={"host": f"127.0.0.1:{mirror.server_port}"})
    assert response.status_code == 401
    assert mirror.asked == []


def test_another_site_cannot_start_checks_for_bob(mirror, bob):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(bob)
    assert browser.post("/wire/checks/", headers={"host": f"127.0.0.1:{mirror.server_port}"}).status_code == 403


def test_one_run_at_a_time_and_the_limits_of_a_person(mirror, visit, bob, alice):
    headers = {"host": f"127.0.0.1:{mirror.server_port}"}
    running = throttle.take_for(throttle.SITE_CHECKS_RUNNING, "site")
    busy = visit(bob).post("/wire/checks/", headers=headers)
    assert (busy.status_code, busy.json()["code"]) == (429, "slow_down")
    running.give_back()
    for _ in range(3):
        throttle.take_for(throttle.SITE_CHECKS, f"u:{bob.pk}")
    assert visit(bob).post("/wire/checks/", headers=headers).status_code == 429
    # The refusal has not left the checks marked as running.
    throttle.take_for(throttle.SITE_CHECKS_RUNNING, "site").give_back()


def test_the_next_run_may_begin_after_the_last_one(mirror, visit, bob):
    assert run_checks(visit(bob), mirror.server_port)
    assert run_checks(visit(bob), mirror.server_port)
