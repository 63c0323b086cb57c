"""The services of docker-compose.yml, started by their own commands where no container engine runs."""

import re
import subprocess
import sys

import pytest
import redis

from chat.tests.client import Client
from chat.tests.server.octets import request
from chat.tests.server.raw import status_of
from chat.tests.services import PASSWORD, Visitor
from chat.tests.services.environment import ROOT, environment
from chat.tests.services.site import TROUBLE

from .plain import Services

DORA = {"site_name": "Harbour", "username": "dora", "email": "", "lobby_guests": "write"}


@pytest.fixture(scope="module")
def services(tmp_path_factory, postgres_server, prepared):
    """All of them, in the order in which an engine would start them; `said` is what the job before the workers said."""
    folder = tmp_path_factory.mktemp("services")
    prepared.static_files(folder)  # As the image has them.
    services = Services(folder, database=postgres_server.new_url())
    with services.names:
        try:
            services.run("keys")
            services.find()
            services.start_cache()
            services.said = services.run("prepare")
            for _ in range(services.services["web"]["scale"]):
                services.start_worker()
            services.proxy = services.start_proxy()
            yield services
        finally:
            services.stop()
    for worker in services.workers:
        assert worker.popen.returncode == 0
        assert not TROUBLE.search(worker.log), worker.log


@pytest.fixture(scope="module")
def dora(services) -> Visitor:
    """The admin, who set the site up by the link in the job's log."""
    address, path = re.search(r"(http://localhost:\d+)(/setup/[\w-]+/)", services.said).groups()
    assert address == f"http://localhost:{services.port}"
    dora = Visitor(services.proxy.url)
    answer = dora.post(path, DORA | {"password": PASSWORD, "password_again": PASSWORD})
    assert answer.url.endswith("/rooms/lobby/"), answer.text
    assert Visitor(services.proxy.url).get(path).status == 404
    return dora


def test_a_second_start_changes_nothing(services, dora):
    before = services.workers[0].log
    services.run("keys")
    assert "/setup/" not in services.run("prepare")
    assert dora.get("/rooms/lobby/").status == 200
    assert services.workers[0].log.startswith(before)


def test_the_cache_wants_the_password_that_the_job_made(services):
    with pytest.raises(redis.AuthenticationError), redis.Redis(port=services.cache_port) as stranger:
        stranger.ping()


def test_a_worker_is_healthy_and_says_so_to_the_engine(services, dora):
    command = [sys.executable, "-m", "project.deploy.healthcheck"]
    look = {"cwd": ROOT, "capture_output": True, "text": True}
    well = subprocess.run(command, env=environment(PORT=services.worker_port), **look)
    assert well.returncode == 0, well.stdout
    assert subprocess.run(command, env=environment(PORT=1), **look).returncode == 1


def test_pages_and_their_files_come_through_the_proxy(services, dora):
    page = dora.get("/rooms/lobby/")
    paths = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert paths
    for path in paths:
        answer = dora.get(path)
        assert (answer.status, "immutable" in answer.headers["Cache-Control"]) == (200, True)
        assert "X-Request-ID" not in answer.headers, "a worker was asked"


async def test_people_on_two_workers_talk(services, dora):
    alice = Client(services.proxy.ws_url, dora.cookies["sessionid"], rooms=["lobby"])
    gina = Client(services.proxy.ws_url, rooms=["lobby"])
    async with alice, gina:
        said = await alice.say("lobby", "Hello")
        await gina.until(lambda: said["id"] in gina.copies["lobby"].messages, "what was said")
        again = await gina.say("lobby", "Ahoy")
        await alice.until(lambda: again["id"] in alice.copies["lobby"].messages, "the answer")


@pytest.mark.parametrize(
    "path", ["/metrics", "//metrics", "/%6detrics", "/metrics/", "/./metrics", "http://x/metrics", "/readyz"]
)
def test_what_is_for_those_inside_is_not_for_those_outside(services, dora, path):
    assert status_of(services.proxy.port, request(path)) == 404


def test_a_worker_is_replaced_and_no_page_is_missed(services, dora):
    first = services.workers[0]
    services.start_worker()
    first.terminate()
    assert first.wait() == 0
    # While its name still leads to it, too.
    assert [dora.get("/rooms/lobby/").status for _ in range(4)] == [200] * 4
    services.names.addresses.remove(first.host)
    assert [dora.get("/rooms/lobby/").status for _ in range(4)] == [200] * 4
