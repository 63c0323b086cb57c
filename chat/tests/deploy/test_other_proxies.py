"""A site behind each proxy of the examples in docs/proxies.md."""

import contextlib
import re
import ssl
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

from chat.management.protocol_connection import Unreachable
from chat.tests.client import Client
from chat.tests.server.octets import handshake
from chat.tests.services import PASSWORD

from .asking import curl
from .fronts import NAME, apache, caddy, haproxy, nginx

MAX_UPLOAD_CHUNK = 4 * 1024 * 1024
TUS = "application/offset+octet-stream"


@pytest.fixture(scope="module")
def proxied_site(new_site):
    """A site of two workers that trusts its proxy, and has a name."""
    known = {"TRUSTED_PROXIES": "127.0.0.1", "ALLOWED_HOSTS": NAME, "SECURE_COOKIES": "true"}
    site = new_site(workers=2, postgres=True, redis=True, MAX_CONNECTIONS_PER_ADDRESS=2, **known)
    yield site.start()
    site.stop()


@pytest.fixture(scope="module", params=[nginx, caddy, haproxy, apache], ids=lambda make: make.__name__)
def front(request, proxied_site, tmp_path_factory):
    """The site behind the proxy of an example."""
    proxy = request.param(tmp_path_factory.mktemp("front"), proxied_site)
    try:
        yield SimpleNamespace(site=proxied_site, proxy=proxy.start())
    finally:
        proxy.stop()


def signed_in(front, folder: Path, name: str) -> str:
    """Sign in with curl through the proxy, like a page; returns the session key."""
    jar = folder / f"cookies-{name}"
    cookies = ["--cookie-jar", jar, "--cookie", jar]
    curl(front, *cookies)
    form = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": cookie(jar, "csrftoken")}
    answer = curl(front, *cookies, "--header", f"Origin: {front.proxy.url}", "--data", urlencode(form))
    assert answer.split()[1] == "302", answer
    return cookie(jar, "sessionid")


def cookie(jar: Path, name: str) -> str:
    """A cookie in a file that curl wrote."""
    return re.search(rf"\t{name}\t(\S+)", jar.read_text())[1]


def open_in(front, session: str = "", **options) -> Client:
    """A client of the site's socket through the proxy, from a page of the site."""
    context = ssl.create_default_context(cafile=front.proxy.authority)
    where = {"host": "127.0.0.1", "port": front.proxy.port, "ssl": context, "origin": front.proxy.url}
    return Client(front.proxy.url.replace("https", "wss") + "/chat", session, **where | options)


def test_pages_use_http_2_and_cookies_for_https_only(front):
    response = curl(front)
    assert response.startswith("HTTP/2 200")
    assert re.search("^set-cookie: csrftoken.*Secure", response, re.MULTILINE)


async def test_two_people_sign_in_and_exchange_messages(front, tmp_path):
    sessions = [signed_in(front, tmp_path, name) for name in ("alice", "bob")]
    alice, bob = (open_in(front, session, rooms=["lobby"]) for session in sessions)
    async with alice, bob:
        message = await alice.post_message("lobby", "Hello")
        await bob.until(lambda: message["id"] in bob.copies["lobby"].messages, "the message of Alice")


async def test_sockets_are_counted_by_the_clients_real_address(front):
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(4):  # Two for each worker.
            await stack.enter_async_context(open_in(front))
        with pytest.raises(Unreachable, match="503"):
            await open_in(front, patience=0).ensure_connected()
        for claim in ["X-Forwarded-For: 203.0.113.9", "Daphne-Root-Path: /evil"]:
            assert upgraded(front, claim) == "503"
        assert upgraded(front, source="127.0.0.99") == "101"


def upgraded(front, *lines: str, source: str = "127.0.0.1") -> str:
    """The status of the response to a handshake, sent from the address `source`."""
    with front.proxy.connect(source) as connection:
        connection.sendall(handshake("/chat", f"Host: {NAME}", *lines))
        return connection.recv(65536).split()[1].decode()


def test_metrics_are_not_forwarded(front):
    for path in ["/metrics", "//metrics", "/%6detrics", "/metrics/", "/./metrics"]:
        assert curl(front, "--path-as-is", url=front.proxy.url + path).startswith("HTTP/2 404")


@pytest.mark.parametrize(("size", "status"), [(MAX_UPLOAD_CHUNK, 412), (MAX_UPLOAD_CHUNK + 1, 413)])
def test_a_piece_of_an_upload_may_have_4_mib_and_no_more(front, tmp_path, size, status):
    """412: the piece reached the site, which misses a header of tus."""
    (tmp_path / "piece").write_bytes(b"x" * size)
    arguments = ("--data-binary", f"@{tmp_path / 'piece'}", "--header", "Expect:", "--header", f"Content-Type: {TUS}")
    response = curl(front, "--http1.1", *arguments, url=f"{front.proxy.url}/rooms/lobby/files/")
    assert f" {status} " in response.splitlines()[0]
