"""`docker compose up`, in a real container engine: from nothing to a site, to its next version, through a restart.

It needs a running engine that has, or can get, the images that docker-compose.yml names; see docs/operating.md for how
to make them where no registry can be reached.
"""

import asyncio
import contextlib
import re

import pytest

from chat.tests.client import Client
from chat.tests.deploy.containers import Containers, engine_answers
from chat.tests.server.octets import ACCEPT
from chat.tests.server.raw import Raw
from chat.tests.server.test_handshake import SAMPLE
from chat.tests.services import PASSWORD

pytestmark = [
    pytest.mark.skipif(not engine_answers(), reason="no container engine runs here"),
    pytest.mark.timeout(900),
]

GIVEN = {
    "site_name": "Harbour",
    "username": "alice",
    "email": "",
    "password": PASSWORD,
    "password_again": PASSWORD,
    "lobby_guests": "none",
}
ADD_BOB = f"""
from django.contrib.auth import get_user_model
from chat.domain import accounts
accounts.create(username="bob", password={PASSWORD!r})
"""


@pytest.fixture
def site():
    """A site that was started by `docker compose up -d`, with no preparation."""
    containers = Containers()
    try:
        containers.up()
        yield containers
    finally:
        containers.remove()


async def test_a_site_from_its_first_start_to_its_next_version(site):
    set_up(site)
    check_containers(site)
    check_handshake(site)
    site.python(ADD_BOB)
    sessions = [session(site, name) for name in ("alice", "bob")]
    async with Client(site.ws_url, sessions[0], rooms=["lobby"]) as alice, elsewhere(site, sessions[1]) as bob:
        assert [site.sockets(worker) for worker in site.workers()] == [1, 1]
        said = [(await alice.say("lobby", "Hello from the first worker"))["id"]]
        await bob.until(lambda: said[0] in bob.copies["lobby"].messages, "what Alice said")
        said += await talk_while_replaced(site, alice, bob)
        for person in (alice, bob):
            copy = person.copies["lobby"]
            await person.until(lambda copy=copy: max(said) in copy.messages, "the newest message")
            await person.load_all("lobby")
            assert sorted(copy.messages) == sorted(said), "something was lost, or said twice"
            assert not person.faults
            assert person.connections >= 2
    site.compose("down")
    site.up()
    async with Client(site.ws_url, sessions[1], rooms=["lobby"]) as bob:
        await bob.load_all("lobby")
        assert sorted(bob.copies["lobby"].messages) == sorted(said)
    assert "/setup/" not in site.compose("logs", "prepare")


@contextlib.asynccontextmanager
async def elsewhere(site: Containers, key: str):
    """A socket on the worker that has none yet: the proxy takes them in turn, as its name server lists them."""
    for _try in range(20):
        async with Client(site.ws_url, key, rooms=["lobby"]) as client:
            if all(site.sockets(worker) for worker in site.workers()):
                yield client
                return
    pytest.fail("The proxy sends everybody to the same worker.")


def set_up(site: Containers) -> None:
    (link,) = set(re.findall(rf"{site.url}(/setup/[\w-]+/)", site.compose("logs", "prepare")))
    dora = site.visitor()
    assert "Look again" in dora.get("/").text
    answer = dora.post(link, GIVEN)
    assert answer.status == 200
    assert answer.url == f"{site.url}/rooms/lobby/"
    assert site.visitor().get(link).status == 404


def check_containers(site: Containers) -> None:
    worker = site.workers()[0]
    assert site.inspect(worker, "{{.HostConfig.ReadonlyRootfs}} {{.Config.User}}") == "true parley"
    assert site.inspect(worker, "{{json .NetworkSettings.Ports}}") in ('{"3368/tcp":null}', '{"3368/tcp":[]}')
    assert int(site.inspect(f"parley:{site.name}", "{{.Size}}")) < 250_000_000
    environment = site.inspect(worker, "{{json .Config.Env}}")
    secret = site.run("docker", "exec", worker, "cat", "/secrets/web/cache_password")
    assert len(secret) > 30
    assert secret not in environment
    assert site.visitor().get("/metrics").status == 404
    assert (
        site.run("docker", "exec", worker, "sh", "-c", "cat /proc/1/cmdline").replace("\0", " ").startswith("python -m")
    )


def check_handshake(site: Containers) -> None:
    with Raw(site.port) as raw:
        head = raw.send(SAMPLE.format(path="/chat").encode()).head()
        assert head.raw.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
        # A proxy sorts headers, and may name itself and the time.
        assert {name: value for name, value in head.headers.items() if name not in {"server", "date", "via"}} == {
            "upgrade": "websocket",
            "connection": "Upgrade",
            "sec-websocket-accept": ACCEPT,
            "sec-websocket-protocol": "chat",
        }


def session(site: Containers, name: str) -> str:
    visitor = site.visitor()
    visitor.post("/accounts/login/", {"username": name, "password": PASSWORD})
    return visitor.cookies["sessionid"]


async def talk_while_replaced(site: Containers, *people: Client) -> list[int]:
    """Talk until `make deploy` has put another version in the place of all workers; returns the ids of what is said."""
    before, said, done = site.workers(), [], asyncio.Event()

    async def talk(person: Client) -> None:
        while not done.is_set():
            said.append((await person.say("lobby", f"message {len(said)}"))["id"])

    async def deploy() -> None:
        try:
            await asyncio.to_thread(site.run, "make", "deploy", PARLEY_VERSION=f"{site.name}-next")
        finally:
            done.set()

    async with asyncio.TaskGroup() as tasks:
        for person in people:
            tasks.create_task(talk(person))
        tasks.create_task(deploy())
    after = site.workers()
    assert len(after) == len(before) == 2
    assert not set(before) & set(after)
    assert {site.inspect(worker, "{{.Config.Image}}") for worker in after} == {f"parley:{site.name}-next"}
    site.env["PARLEY_VERSION"] = f"{site.name}-next"
    return said
