"""A whole site through the proxy: set-up, sign-in, talk over two workers, static files, addresses."""

import gzip
import re
import subprocess
from urllib.parse import urlencode

import pytest

from chat.tests.client import Client
from chat.tests.server.octets import ACCEPT, handshake, request
from chat.tests.server.raw import Raw, open_socket, status_of
from chat.tests.server.test_handshake import SAMPLE
from chat.tests.services import PASSWORD, Visitor, wait_until

YEAR = "public, max-age=31536000, immutable"
WRONG = {"username": "alice", "password": "wrong"}


@pytest.fixture(scope="module")
def house(new_house):
    """A site of two workers, that is also asked for as server.example.com."""
    hosts = {"ALLOWED_HOSTS": "127.0.0.1,localhost,server.example.com", "ALLOWED_ORIGINS": "http://example.com"}
    return new_house(workers=2, postgres=True, redis=True, GUEST_RATE=0, **hosts)


# --- Pages


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


# --- Sockets


async def test_alice_and_bob_talk_over_two_workers(house):
    people = [Client(house.proxy.ws_url, house.session(name), rooms=["lobby"]) for name in ("alice", "bob")]
    async with people[0] as alice, people[1] as bob:
        # Workers are taken in turn, so each of the two has one of these sockets.
        assert [sockets(worker) for worker in house.site.workers] == [1, 1]
        said = await alice.say("lobby", "Hello from the first worker")
        heard = await bob.until(lambda: bob.copies["lobby"].messages.get(said["id"]), "what Alice said")
        assert heard["text"] == "Hello from the first worker"
        await bob.say("lobby", "And from the second")
        await alice.until(lambda: alice.copies["lobby"].version == bob.copies["lobby"].version, "what Bob said")
        assert not alice.faults + bob.faults


@pytest.mark.parametrize("path", ["/chat", "/"])
def test_the_sample_request_gets_the_sample_answer_and_nothing_else_that_matters(house, path):
    with Raw(house.proxy.port) as raw:
        head = raw.send(SAMPLE.format(path=path).encode()).head()
        assert head.raw.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
        # A proxy sorts headers, and may name itself and the time.
        assert {name: value for name, value in head.headers.items() if name not in {"server", "date", "via"}} == {
            "upgrade": "websocket",
            "connection": "Upgrade",
            "sec-websocket-accept": ACCEPT,
            "sec-websocket-protocol": "chat",
        }
        assert '"type":"welcome"' in raw.hear_text()


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["Origin: http://evil.example"], 403),
        (["Origin: null"], 403),
        (["Sec-WebSocket-Protocol: superchat"], 403),
        (["Sec-WebSocket-Version: 12"], 400),
        (["X-Forwarded-Host: evil.example", "Origin: http://evil.example"], 403),
        (["X-Forwarded-Proto: https", "Origin: http://localhost"], 101),
    ],
)
def test_a_handshake_is_judged_as_without_a_proxy(house, lines, status):
    assert status_of(house.proxy.port, handshake("/chat", *lines)) == status


def test_a_page_that_asks_for_the_sockets_address_is_told_to_upgrade(house):
    with Raw(house.proxy.port) as raw:
        assert raw.get("/chat").status == 426


# --- Addresses


def test_sockets_are_counted_by_the_address_that_they_come_from(new_house):
    port = new_house(MAX_CONNECTIONS_PER_ADDRESS=2).proxy.port
    with open_socket(port, "/chat"), open_socket(port, "/chat"):
        for claim in ["X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9", "X-Real-IP: 203.0.113.9"]:
            assert status_of(port, handshake("/chat", claim)) == 503
        with Raw(port, source="127.0.0.99") as other:
            assert other.upgrade("/chat").status == 101


def test_tries_to_sign_in_are_counted_by_the_address_that_they_come_from(house):
    guesser = house.visitor()
    tried = 0
    while guesser.post("/accounts/login/", WRONG, X_Forwarded_For=f"203.0.113.{tried}").status != 429:
        tried += 1
        # Ten a minute, and some that grew back while we tried.
        assert tried < 20
    token = guesser.cookies["csrftoken"]
    form = urlencode(WRONG | {"csrfmiddlewaretoken": token})
    lines = [
        f"Cookie: csrftoken={token}",
        f"Content-Length: {len(form)}",
        "Content-Type: application/x-www-form-urlencoded",
    ]
    data = request("/accounts/login/", *lines).replace(b"GET", b"POST", 1) + form.encode()
    assert status_of(house.proxy.port, data) == 429
    with Raw(house.proxy.port, source="127.0.0.99") as other:
        assert other.send(data).head().status == 200


# --- Static files


def styles_of(page: str) -> list[str]:
    """The addresses of a page's styles and scripts."""
    return re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page)


def test_static_files_are_the_proxys_own_compressed_and_kept_for_a_year(house):
    visitor = house.visitor()
    paths = styles_of(visitor.get("/accounts/login/").text)
    assert paths
    for path in paths:
        plain, packed = (
            visitor.get(path, Accept_Encoding="identity"),
            visitor.get(path, Accept_Encoding="gzip, zstd, br"),
        )
        assert (plain.status, plain.headers["Cache-Control"], plain.headers["Content-Encoding"]) == (200, YEAR, None)
        assert plain.headers["X-Content-Type-Options"] == "nosniff"
        assert "X-Request-ID" not in plain.headers, "a worker was asked"
        if (house.site.folder / f"{path[1:]}.gz").exists():
            assert packed.headers["Content-Encoding"] == "gzip"
            assert packed.headers["Vary"] == "Accept-Encoding"
            assert gzip.decompress(packed.body) == plain.body
            # As it lies there: the best compression, made once.
            assert packed.body == (house.site.folder / f"{path[1:]}.gz").read_bytes()
            assert packed.headers["Cache-Control"] == YEAR
        again = visitor.get(path, If_None_Match=plain.headers["ETag"])
        assert again.status == 304


def test_a_name_without_a_hash_is_kept_for_a_minute(house):
    answer = house.visitor().get("/static/admin/css/base.css")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "public, max-age=60")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../secret_key",
        "/static/%2e%2e/parley.sqlite3",
        "/static/",
        "/static/admin/",
        "/static/no.0123456789ab.js",
    ],
)
def test_what_is_no_static_file_is_not_served_and_not_kept(house, path):
    with Raw(house.proxy.port) as raw:
        head = raw.get(path)
    assert head.status == 404
    assert "immutable" not in head.headers.get("cache-control", "")


def test_files_that_only_the_workers_have_come_from_there(new_house, tmp_path):
    visitor = new_house(proxy={"FILES": tmp_path}).visitor()
    for path in styles_of(visitor.get("/accounts/login/").text):
        answer = visitor.get(path)
        assert (answer.status, "immutable" in answer.headers["Cache-Control"]) == (200, True)
        assert "X-Request-ID" in answer.headers, "the proxy has it"


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


def sockets(worker) -> int:
    """How many connections the worker holds."""
    said = subprocess.run(
        ["ss", "-Htn", "state", "established", f"src {worker.host}:{worker.port}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return len(said.stdout.splitlines())
