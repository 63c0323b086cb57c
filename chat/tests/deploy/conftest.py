"""Sites behind a real proxy, each worker at an address of its own, as in a network of containers."""

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
"""The address from which a worker sees the proxy."""


class House:
    """A site's workers under one name, and the proxy before them."""

    def __init__(self, site: Site, names: Names, proxy: Caddy):
        self.site, self.names, self.proxy = site, names, proxy

    def add_workers(self, count: int) -> None:
        """Start so many more; the proxy hears of them when they are ready."""
        for address in new_addresses(count):
            self.site.add_worker(address, self.proxy.upstream_port)
            self.names.addresses.append(address)

    def drop_worker(self) -> None:
        """The oldest ends as it does when it is replaced: told to, waited for, and only then forgotten by its name."""
        worker = next(worker for worker in self.site.workers if worker.running)
        worker.terminate()
        assert worker.wait() == 0
        self.names.addresses.remove(worker.host)

    def visitor(self, name: str | None = None, **options) -> Visitor:
        """Someone who comes through the proxy; with `name`, signed in."""
        return self.site.visitor(name, url=self.proxy.url, **options)

    def session(self, name: str) -> str:
        """The key of a new session of this person."""
        return self.visitor(name).cookies["sessionid"]


@pytest.fixture(scope="module")
def new_house(new_site, tmp_path_factory):
    """Function that starts a site behind a proxy.

    `workers`: how many; `proxy`: variables for the Caddyfile; the rest is `new_site`'s: SQLite and one worker where
    nothing is said.
    """
    begun = []

    def start(*, workers: int = 1, proxy: dict | None = None, **options) -> House:
        site = new_site(workers=0, TRUSTED_PROXIES=PROXY, CHAT_POST_RATE=0, **options)
        names = Names().__enter__()
        begun.append((site, names))
        folder = tmp_path_factory.mktemp("proxy")
        (folder / "files").mkdir()
        (folder / "files" / "static").symlink_to(site.folder / "static")
        caddy = Caddy(folder, names, free_port(), files=folder / "files", **proxy or {})
        house = House(site, names, caddy)
        begun[-1] += (caddy,)
        house.add_workers(workers)
        caddy.start()
        return house

    yield start
    for site, names, *proxies in begun:
        for proxy in proxies:
            proxy.stop()
        site.stop()
        names.__exit__()


@pytest.fixture(scope="module")
def house(new_house):
    """A site of two workers, that is also asked for as server.example.com."""
    hosts = {"ALLOWED_HOSTS": "127.0.0.1,localhost,server.example.com", "ALLOWED_ORIGINS": "http://example.com"}
    return new_house(workers=2, postgres=True, redis=True, GUEST_RATE=0, **hosts)


@pytest.fixture(scope="module")
def new_mirror(tmp_path_factory) -> Iterator:
    """Function that starts a proxy before one worker that shows what reaches it.

    `worker`: the worker's variables; the others are the Caddyfile's.
    """
    begun = []

    def start(*, worker: dict | None = None, **variables) -> Caddy:
        folder = tmp_path_factory.mktemp("mirror")
        address, port = new_addresses(1)[0], free_port()
        names = Names().__enter__()
        names.addresses.append(address)
        server = Server(folder, MIRROR, "--bind", address, port=port, TRUSTED_PROXIES=PROXY, **worker or {})
        caddy = Caddy(folder / "proxy", names, port, files=folder / "files", **variables)
        begun.append((caddy, server, names))
        server.start()
        return caddy.start()

    yield start
    for caddy, server, names in begun:
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
    """A proxy before a worker that shows what reaches it."""
    return new_mirror(program=program)


@pytest.fixture
def bystanders(mirror):
    """Others who are connected through the same proxy to the same worker: their talk goes on."""
    with open_socket(mirror.port, "/chat") as alice, Raw(mirror.port) as bob:
        alice.hear_text()
        assert bob.get("/here").status == 200
        yield
        assert alice.say("still here").hear_text() == "still here"
        bob.read_to(b"0\r\n\r\n")
        assert bob.get("/here").status == 200
