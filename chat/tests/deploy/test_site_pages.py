"""A whole site's pages through the proxy."""

import gzip
import re

import pytest

from chat.tests.server.octets import handshake, request
from chat.tests.server.raw import Raw, status_of
from chat.tests.services import PASSWORD, Visitor, wait_until


def test_dora_sets_the_site_up_by_its_one_time_link(new_house):
    house = new_house(peopled=False)
    link = re.search(r"/setup/\S+", house.site.manage("setup", "--link").stdout)[0]
    dora = house.visitor()
    assert dora.get(link).status == 200
    given = {"site_name": "Harbour", "username": "dora", "email": "", "lobby_guests": "none"}
    assert dora.post(link, given | {"password": PASSWORD, "password_again": PASSWORD}).url.endswith("/rooms/lobby/")
    assert house.visitor().get(link).status == 404
    assert house.visitor("dora").get("/rooms/lobby/").status == 200
    wait_until(lambda: '"uri":"/setup/' in house.proxy.log, "the set-up in the proxy's log")
    assert link.split("/")[2] not in house.proxy.log


def test_alice_signs_in_and_stays_so_whichever_worker_answers(house):
    alice = house.visitor("alice")
    assert [alice.get("/rooms/den/").status for _ in range(6)] == [200] * 6


def test_pages_are_compressed_and_keep_the_headers_of_the_site(house):
    answer = house.visitor("bob").get("/rooms/lobby/", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"<html" in gzip.decompress(answer.body)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "server.example.com.evil.example", "[::1"])
def test_a_forged_host_is_refused(house, host):
    assert status_of(house.proxy.port, request("/").replace(b"localhost", host.encode())) == 400
    assert status_of(house.proxy.port, handshake("/chat", f"Host: {host}")) in {400, 403}


@pytest.mark.parametrize(
    "path", ["/metrics", "//metrics", "/%6detrics", "/metrics/", "/./metrics", "http://localhost/metrics"]
)
def test_metrics_are_not_for_those_who_come_through_the_proxy(house, path):
    assert status_of(house.proxy.port, request(path)) == 404


# --- Outages


def test_while_no_worker_answers_a_visitor_is_told_and_the_proxy_goes_on(new_house):
    house = new_house(proxy={"RETRY_FOR": "1s"})
    house.site.workers[0].stop()
    answer = Visitor(house.proxy.url).get("/accounts/login/")
    assert answer.status in {502, 503}
    assert answer.text.startswith(str(answer.status))
    house.site.workers[0].start()
    assert Visitor(house.proxy.url).get("/accounts/login/").status == 200


def test_a_page_asked_for_while_the_worker_starts_again_comes(new_house):
    house = new_house()
    worker = house.site.workers[0]
    worker.stop()
    with Raw(house.proxy.port) as raw:
        raw.send(request("/accounts/login/"))
        worker.start()
        assert raw.head().status == 200
