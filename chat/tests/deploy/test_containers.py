"""`docker compose up` in a real container engine: the first start, the next version, a restart.

It needs a running engine that has, or can pull, the images of docker-compose.yml; docs/operating.md describes how to
make them where no registry can be reached. Each test runs with each installed version of Compose.
"""

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import time

import pytest

from chat.tests.client import Client
from chat.tests.deploy.containers import Containers, composes, engine_answers
from chat.tests.server.octets import ACCEPT
from chat.tests.server.raw import Raw
from chat.tests.server.test_handshake import SAMPLE
from chat.tests.services import PASSWORD, free_port
from chat.tests.services.environment import ROOT

pytestmark = [
    pytest.mark.skipif(not engine_answers(), reason="no container engine runs here"),
    pytest.mark.timeout(1800),
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


@pytest.fixture(params=composes())
def compose(request) -> list[str]:
    """Each installed version of Compose."""
    return composes()[request.param]


@pytest.fixture
def site(compose):
    """A site that `docker compose up -d` has started, without preparation."""
    containers = Containers(compose)
    try:
        containers.up()
        yield containers
    finally:
        containers.remove()


async def test_a_site_from_its_first_start_to_its_next_version(site, tmp_path):
    set_up(site)
    check_containers(site)
    check_network(site)
    check_logs(site)
    check_handshake(site)
    check_failed_deploy(site, tmp_path / "broken")
    check_killed_deploy(site)
    site.python(ADD_BOB)
    sessions = [session(site, name) for name in ("alice", "bob")]
    async with Client(site.ws_url, sessions[0], rooms=["lobby"]) as alice, elsewhere(site, sessions[1]) as bob:
        assert [site.sockets(worker) for worker in site.workers()] == [1, 1]
        posted = [(await alice.post_message("lobby", "Hello from the first worker"))["id"]]
        await bob.until(lambda: posted[0] in bob.copies["lobby"].messages, "the message of Alice")
        posted += await post_while_replaced(site, alice, bob)
        for person in (alice, bob):
            copy = person.copies["lobby"]
            await person.until(lambda copy=copy: max(posted) in copy.messages, "the newest message")
            await person.load_all("lobby")
            assert sorted(copy.messages) == sorted(posted), "a message was lost or stored twice"
            assert not person.faults
            assert person.connections >= 2
    check_images(site)
    site.compose("down")
    site.up()
    check_network(site)
    async with Client(site.ws_url, sessions[1], rooms=["lobby"]) as bob:
        await bob.load_all("lobby")
        assert sorted(bob.copies["lobby"].messages) == sorted(posted)
    assert "/setup/" not in site.compose("logs", "prepare")


@contextlib.asynccontextmanager
async def elsewhere(site: Containers, key: str):
    """A socket on the worker that has none: the proxy uses workers in turn, in the order of the name server."""
    for _try in range(20):
        async with Client(site.ws_url, key, rooms=["lobby"]) as client:
            if all(site.sockets(worker) for worker in site.workers()):
                yield client
                return
    pytest.fail("The proxy sends everybody to the same worker.")


def set_up(site: Containers) -> None:
    (link,) = set(re.findall(rf"{site.url}(/setup/[\w-]+/)", site.compose("logs", "prepare")))
    dora = site.visitor()
    assert "Reload" in dora.get("/").text
    answer = dora.post(link, GIVEN)
    assert answer.status == 200
    assert answer.url == f"{site.url}/rooms/lobby/"
    assert site.visitor().get(link).status == 404


def check_containers(site: Containers) -> None:
    containers = site.compose("ps", "-q").split()
    assert len(containers) >= 5
    for container in containers:
        name = site.inspect(container, "{{.Name}}")
        given = json.loads(site.inspect(container, "{{json .HostConfig}}"))
        assert given["ReadonlyRootfs"], name
        assert given["CapDrop"] == ["ALL"], name
        assert given["SecurityOpt"] == ["no-new-privileges:true"], name
        assert given["Memory"] > 0, name
        assert given["PidsLimit"] > 0, name
    worker = site.workers()[0]
    assert site.inspect(worker, "{{.Config.User}}") == "parley"
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


def check_network(site: Containers) -> None:
    """Only the port for plain HTTP is published, on this machine only; the networks have their fixed addresses."""
    published = site.run(
        "docker", "ps", "--filter", f"label=com.docker.compose.project={site.name}", "--format", "{{.Ports}}"
    )
    assert re.findall(r"\S+->\S+", published) == [f"127.0.0.1:{site.port}->3368/tcp"]
    for name, subnet in (("inside", site.inside), ("outside", site.outside)):
        given = site.run("docker", "network", "inspect", f"{site.name}_{name}", "--format", "{{json .IPAM.Config}}")
        assert [entry["Subnet"] for entry in json.loads(given)] == [subnet]


def check_logs(site: Containers) -> None:
    """Each line is a JSON object, with the client's address from the proxy of this machine."""
    visitor = site.visitor()
    path = "/accounts/login/"
    assert visitor.get(path).status == 200
    assert visitor.get(path, X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https").status == 200
    lines = []
    for container in site.compose("ps", "-a", "-q", "web", "prepare").split():
        done = subprocess.run(["docker", "logs", container], capture_output=True, text=True, check=True)
        lines += [json.loads(line) for line in (done.stdout + done.stderr).splitlines()]
    assert all({"time", "level", "message"} <= line.keys() for line in lines)
    assert any(line["message"].startswith("Parley is at ") for line in lines)
    clients = {line["client"] for line in lines if line.get("path") == path}
    assert clients == {site.gateway, "203.0.113.9"}


def image_of(site: Containers) -> str:
    """The id of the image that has the site's tag."""
    return site.inspect(f"parley:{site.name}", "{{.Id}}")


def check_failed_deploy(site: Containers, checkout) -> None:
    """A version whose workers do not start changes neither the workers nor the image of the next start."""
    before = site.workers(), image_of(site)
    leave_out = shutil.ignore_patterns(".git", ".venv", "var*", "bench", "node_modules", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, checkout, symlinks=True, ignore=leave_out)
    with (checkout / "project" / "asgi.py").open("a") as file:
        file.write("\nimport os\nif os.environ.get('REDIS_URL_FILE'):\n    raise SystemExit('broken')\n")
    with pytest.raises(AssertionError, match="not healthy"):
        site.run("sh", "project/deploy/replace.sh", folder=checkout, WAIT_S="60")
    assert (site.workers(), image_of(site)) == before
    check_nothing_is_left(site)
    assert not [*checkout.glob(".deploy-*[!k]")], "it would count the workers wrong"


def check_killed_deploy(site: Containers) -> None:
    """A killed deploy leaves twice the workers; the next deploy ends with the right number."""
    before = site.workers()
    script = subprocess.Popen(
        ["sh", "project/deploy/replace.sh"], cwd=ROOT, env=site.env, stdout=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 600
    while len(site.workers()) <= len(before):
        assert script.poll() is None, "it ended before it started workers"
        assert time.monotonic() < deadline
        time.sleep(0.2)
    os.killpg(script.pid, signal.SIGKILL)
    script.wait()
    site.run("sh", "project/deploy/replace.sh")
    after = site.workers()
    assert len(after) == len(before)
    assert not {*before} & {*after}
    check_nothing_is_left(site)


def check_nothing_is_left(site: Containers) -> None:
    """There is no worker that is being tested, and no image of a next version."""
    names = site.run("docker", "ps", "-a", "--format", "{{.Names}}").split()
    assert f"{site.name}-trial" not in names
    assert not site.run("docker", "images", "-q", f"parley:{site.env['PARLEY_VERSION']}-next").split()


def check_images(site: Containers) -> None:
    """The images of former versions are deleted."""
    assert not site.run("docker", "images", "-q", "--filter", "dangling=true", "--filter", "label=app=parley").split()


def check_handshake(site: Containers) -> None:
    with Raw(site.port) as raw:
        head = raw.send(SAMPLE.format(path="/chat").encode()).head()
        assert head.raw.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
        # A proxy sorts headers, and may add Via and Date.
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


async def post_while_replaced(site: Containers, *people: Client) -> list[int]:
    """Post messages until `make deploy` has replaced all workers; returns the ids of the messages."""
    before, posted, done = site.workers(), [], asyncio.Event()

    async def post(person: Client) -> None:
        while not done.is_set():
            posted.append((await person.post_message("lobby", f"message {len(posted)}"))["id"])

    async def deploy() -> None:
        try:
            await asyncio.to_thread(site.run, "make", "deploy", PARLEY_VERSION=f"{site.name}-second")
        finally:
            done.set()

    async with asyncio.TaskGroup() as tasks:
        for person in people:
            tasks.create_task(post(person))
        tasks.create_task(deploy())
    after = site.workers()
    assert len(after) == len(before) == 2
    assert not set(before) & set(after)
    assert {site.inspect(worker, "{{.Config.Image}}") for worker in after} == {f"parley:{site.name}-second"}
    site.env["PARLEY_VERSION"] = f"{site.name}-second"
    return posted


def test_a_site_with_a_name_is_served_with_tls_and_others_are_refused(compose):
    """With the name `localhost`, for which Caddy makes its own certificate."""
    http, https = free_port(), free_port()
    site = Containers(
        compose,
        COMPOSE_FILE="docker-compose.yml:docker-compose.tls.yml",
        SITE_ADDRESS="localhost",
        ALLOWED_HOSTS="",
        HTTP_PORT=str(http),
        HTTPS_PORT=str(https),
    )
    try:
        with pytest.raises(AssertionError):
            site.compose("-f", "docker-compose.yml", "up", "-d")
        (prepare,) = site.compose("ps", "-a", "-q", "prepare").split()
        log = subprocess.run(["docker", "logs", prepare], capture_output=True, text=True, check=True).stderr
        assert "docker-compose.tls.yml" in json.loads(log)["message"]
        site.up()
        (link,) = set(re.findall(r"https://localhost(/setup/[\w-]+/)", site.compose("logs", "prepare")))
        name = f"https://localhost:{https}"
        assert curl(f"{name}{link}").startswith("HTTP/2 200")
        assert curl(name, "--header", "Host: evil.example").startswith("HTTP/2 421")
        assert curl(f"http://localhost:{http}/", "--header", "Host: evil.example").startswith("HTTP/1.1 421")
        assert curl(f"http://localhost:{http}/").startswith("HTTP/1.1 308")
        assert f"127.0.0.1:{site.port}->3368/tcp" in site.run("docker", "ps", "--format", "{{.Ports}}")
    finally:
        site.remove()


def curl(url: str, *arguments: str) -> str:
    """The head of a response; certificates are not checked."""
    command = ["curl", "--silent", "--insecure", "--max-time", "30", "--include", *arguments, url]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
