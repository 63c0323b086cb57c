"""A site behind a proxy that was there already: the examples of docs/operating.md, tried."""

import contextlib
import re
import ssl
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

from chat.management.wire import Unreachable
from chat.tests.client import Client
from chat.tests.server.octets import handshake
from chat.tests.services import PASSWORD

from .asking import curl
from .fronts import NAME, caddy, nginx


@pytest.fixture(scope="module", params=[nginx, caddy], ids=lambda make: make.__name__)
def front(request, new_site, tmp_path_factory):
    """A site of two workers behind the proxy of an example."""
    known = {"TRUSTED_PROXIES": "127.0.0.1", "ALLOWED_HOSTS": NAME, "SECURE_COOKIES": "true"}
    site = new_site(workers=2, postgres=True, redis=True, MAX_CONNECTIONS_PER_ADDRESS=2, **known)
    proxy = request.param(tmp_path_factory.mktemp("front"), site)
    try:
        site.start()
        proxy.start()
        yield SimpleNamespace(site=site, proxy=proxy)
    finally:
        proxy.stop()
        site.stop()


def signed_in(front, folder: Path, name: str) -> str:
    """Sign in with curl, through the proxy, as a page does; returns the key of the session."""
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


def test_pages_come_by_http_2_with_cookies_for_https_alone(front):
    said = curl(front)
    assert said.startswith("HTTP/2 200")
    assert re.search("^set-cookie: csrftoken.*Secure", said, re.MULTILINE)


async def test_two_people_sign_in_and_talk(front, tmp_path):
    sessions = [signed_in(front, tmp_path, name) for name in ("alice", "bob")]
    alice, bob = (open_in(front, session, rooms=["lobby"]) for session in sessions)
    async with alice, bob:
        said = await alice.say("lobby", "Hello")
        await bob.until(lambda: said["id"] in bob.copies["lobby"].messages, "what Alice said")


async def test_sockets_are_counted_by_the_address_of_the_client_and_not_by_what_it_says(front):
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(4):  # Two for each worker.
            await stack.enter_async_context(open_in(front))
        with pytest.raises(Unreachable, match="503"):
            await open_in(front, patience=0).connected()
        for claim in ["X-Forwarded-For: 203.0.113.9", "Daphne-Root-Path: /evil"]:
            assert upgraded(front, claim) == "503"
        assert upgraded(front, source="127.0.0.99") == "101"


def upgraded(front, *lines: str, source: str = "127.0.0.1") -> str:
    """The status with which a handshake is answered, from the address `source`."""
    with front.proxy.connect(source) as connection:
        connection.sendall(handshake("/chat", f"Host: {NAME}", *lines))
        return connection.recv(65536).split()[1].decode()


def test_metrics_are_not_for_those_outside(front):
    for path in ["/metrics", "//metrics", "/%6detrics", "/metrics/", "/./metrics"]:
        assert curl(front, "--path-as-is", url=front.proxy.url + path).startswith("HTTP/2 404")


def test_a_body_may_have_10_mib_and_no_more(front, tmp_path):
    (tmp_path / "large").write_bytes(b"x" * (256 * 1024 + 1))
    said = curl(front, "--http1.1", "--data-binary", f"@{tmp_path / 'large'}", "--header", "Expect:")
    assert " 413 " in said.splitlines()[0]
