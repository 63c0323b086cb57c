"""Pages of a site through the proxy."""

import gzip
import re

import pytest

from chat.tests.server.octets import handshake, request
from chat.tests.server.raw import Raw, status_of
from chat.tests.services import PASSWORD, Visitor, wait_until


def test_dora_sets_the_site_up_with_the_one_time_link(start_behind_proxy):
    behind_proxy = start_behind_proxy(with_users=False)
    link = re.search(r"/setup/\S+", behind_proxy.site.manage("setup", "--link").stdout)[0]
    dora = behind_proxy.visitor()
    assert dora.get(link).status == 200
    given = {"site_name": "Harbour", "username": "dora", "email": "", "lobby_guests": "none"}
    assert dora.post(link, given | {"password": PASSWORD, "password_again": PASSWORD}).url.endswith("/rooms/lobby/")
    assert behind_proxy.visitor().get(link).status == 404
    assert behind_proxy.visitor("dora").get("/rooms/lobby/").status == 200
    wait_until(lambda: '"uri":"/setup/' in behind_proxy.proxy.log, "the set-up in the proxy's log")
    assert link.split("/")[2] not in behind_proxy.proxy.log


def test_alice_stays_signed_in_on_all_workers(behind_proxy):
    alice = behind_proxy.visitor("alice")
    assert [alice.get("/rooms/den/").status for _ in range(6)] == [200] * 6


def test_pages_are_compressed_and_keep_the_headers_of_the_site(behind_proxy):
    answer = behind_proxy.visitor("bob").get("/rooms/lobby/", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"<html" in gzip.decompress(answer.body)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "server.example.com.evil.example", "[::1"])
def test_a_forged_host_is_refused(behind_proxy, host):
    assert status_of(behind_proxy.proxy.port, request("/").replace(b"localhost", host.encode())) == 400
    assert status_of(behind_proxy.proxy.port, handshake("/chat", f"Host: {host}")) in {400, 403}


@pytest.mark.parametrize(
    "path", ["/metrics", "//metrics", "/%6detrics", "/metrics/", "/./metrics", "http://localhost/metrics"]
)
def test_metrics_are_not_forwarded(behind_proxy, path):
    assert status_of(behind_proxy.proxy.port, request(path)) == 404


# --- Outages


def test_while_no_worker_answers_the_proxy_serves_an_error_page(start_behind_proxy):
    behind_proxy = start_behind_proxy(proxy={"RETRY_FOR": "1s"})
    behind_proxy.site.workers[0].stop()
    answer = Visitor(behind_proxy.proxy.url).get("/accounts/login/")
    assert answer.status in {502, 503}
    assert answer.text.startswith(str(answer.status))
    behind_proxy.site.workers[0].start()
    assert Visitor(behind_proxy.proxy.url).get("/accounts/login/").status == 200


def test_a_page_that_is_requested_while_the_worker_restarts_is_served(start_behind_proxy):
    behind_proxy = start_behind_proxy()
    worker = behind_proxy.site.workers[0]
    worker.stop()
    with Raw(behind_proxy.proxy.port) as raw:
        raw.send(request("/accounts/login/"))
        worker.start()
        assert raw.head().status == 200
