"""Sites behind a real proxy. Each worker has its own address, as in a network of containers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chat.tests.server.conftest import Server
from chat.tests.server.raw import Raw, open_socket
from chat.tests.services import Site, Visitor, free_port

from .caddy import CURRENT, DEBIANS, Caddy
from .names import Names, new_addresses

MIRROR = "chat.tests.deploy.mirror:application"
PROXY = "127.0.0.1"
"""The address of the proxy for a worker."""


class SiteBehindProxy:
    """A site whose workers share one host name, and the proxy in front of them."""

    def __init__(self, site: Site, names: Names, proxy: Caddy):
        self.site, self.names, self.proxy = site, names, proxy

    def add_workers(self, count: int) -> None:
        """Start `count` more workers; the name server lists them when they are ready."""
        for address in new_addresses(count):
            self.site.add_worker(address, self.proxy.upstream_port)
            self.names.addresses.append(address)

    def drop_worker(self) -> None:
        """Stop the oldest worker as `make deploy` does: SIGTERM, wait for its end, then remove its address."""
        worker = next(worker for worker in self.site.workers if worker.running)
        worker.terminate()
        assert worker.wait() == 0
        self.names.addresses.remove(worker.host)

    def visitor(self, name: str | None = None, **options) -> Visitor:
        """A visitor who uses the proxy; with `name`, signed in."""
        return self.site.visitor(name, url=self.proxy.url, **options)

    def session(self, name: str) -> str:
        """The key of a new session of this person."""
        return self.visitor(name).cookies["sessionid"]


@pytest.fixture(scope="module")
def start_behind_proxy(new_site, tmp_path_factory):
    """Function that starts a site behind a proxy.

    `workers`: their number; `proxy`: variables for the Caddyfile; other options are those of `new_site`. By default the
    site has SQLite and one worker.
    """
    started = []

    def start(*, workers: int = 1, proxy: dict | None = None, **options) -> SiteBehindProxy:
        site = new_site(workers=0, TRUSTED_PROXIES=PROXY, CHAT_POST_RATE=0, **options)
        names = Names().__enter__()
        started.append((site, names))
        folder = tmp_path_factory.mktemp("proxy")
        (folder / "files").mkdir()
        (folder / "files" / "static").symlink_to(site.folder / "static")
        caddy = Caddy(folder, names, free_port(), files=folder / "files", **proxy or {})
        behind_proxy = SiteBehindProxy(site, names, caddy)
        started[-1] += (caddy,)
        behind_proxy.add_workers(workers)
        caddy.start()
        return behind_proxy

    yield start
    for site, names, *proxies in started:
        for proxy in proxies:
            proxy.stop()
        site.stop()
        names.__exit__()


@pytest.fixture(scope="module")
def behind_proxy(start_behind_proxy):
    """A site of two workers, also known as server.example.com."""
    hosts = {"ALLOWED_HOSTS": "127.0.0.1,localhost,server.example.com", "ALLOWED_ORIGINS": "http://example.com"}
    return start_behind_proxy(workers=2, postgres=True, redis=True, GUEST_RATE=0, **hosts)


@pytest.fixture(scope="module")
def new_mirror(tmp_path_factory) -> Iterator:
    """Function that starts a proxy in front of one worker that shows what reaches it.

    `worker`: the worker's variables; all others are variables of the Caddyfile.
    """
    started = []

    def start(*, worker: dict | None = None, **variables) -> Caddy:
        folder = tmp_path_factory.mktemp("mirror")
        address, port = new_addresses(1)[0], free_port()
        names = Names().__enter__()
        names.addresses.append(address)
        server = Server(folder, MIRROR, "--bind", address, port=port, TRUSTED_PROXIES=PROXY, **worker or {})
        caddy = Caddy(folder / "proxy", names, port, files=folder / "files", **variables)
        started.append((caddy, server, names))
        server.start()
        return caddy.start()

    yield start
    for caddy, server, names in started:
        caddy.stop()
        server.stop()
        names.__exit__()
        assert not server.trouble(), server.log


@pytest.fixture(scope="module", params=[CURRENT, DEBIANS], ids=["current", "debians"])
def program(request) -> Path:
    """The Caddy of docker-compose.yml, and Debian's."""
    return request.param


@pytest.fixture(scope="module")
def mirror(new_mirror, program) -> Caddy:
    """A proxy in front of a worker that shows what reaches it."""
    return new_mirror(program=program)


@pytest.fixture
def bystanders(mirror):
    """Other clients of the same proxy and worker, who must not notice what a test does."""
    with open_socket(mirror.port, "/chat") as alice, Raw(mirror.port) as bob:
        alice.receive_text()
        assert bob.get("/here").status == 200
        yield
        assert alice.send_text("still here").receive_text() == "still here"
        bob.read_to(b"0\r\n\r\n")
        assert bob.get("/here").status == 200
