"""The services of docker-compose.yml, started by their commands without a container engine."""

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

pytestmark = pytest.mark.takes_long
DORA = {"site_name": "Harbour", "username": "dora", "email": "", "lobby_guests": "write"}


@pytest.fixture(scope="module")
def services(tmp_path_factory, postgres_server, prepared):
    """All services, started in the order of an engine; `output` is the output of the job `prepare`."""
    folder = tmp_path_factory.mktemp("services")
    prepared.static_files(folder)  # Like in the image.
    services = Services(folder, database=postgres_server.new_url())
    with services.names:
        try:
            services.run("keys")
            services.find()
            services.start_cache()
            services.output = services.run("prepare")
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
    """The admin, who has set the site up with the link in the job's log."""
    address, path = re.search(r"(http://localhost:\d+)(/setup/[\w-]+/)", services.output).groups()
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


def test_redis_requires_the_generated_password(services):
    with pytest.raises(redis.AuthenticationError), redis.Redis(port=services.cache_port) as stranger:
        stranger.ping()


def test_the_health_check_of_a_worker_succeeds(services, dora):
    command = [sys.executable, "-m", "project.deploy.healthcheck"]
    options = {"cwd": ROOT, "capture_output": True, "text": True}
    healthy = subprocess.run(command, env=environment(PORT=services.worker_port), **options)
    assert healthy.returncode == 0, healthy.stdout
    assert subprocess.run(command, env=environment(PORT=1), **options).returncode == 1


def test_pages_and_static_files_are_served_through_the_proxy(services, dora):
    page = dora.get("/rooms/lobby/")
    paths = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert paths
    for path in paths:
        answer = dora.get(path)
        assert (answer.status, "immutable" in answer.headers["Cache-Control"]) == (200, True)
        assert "X-Request-ID" not in answer.headers, "the response came from a worker"


async def test_people_on_two_workers_exchange_messages(services, dora):
    alice = Client(services.proxy.ws_url, dora.cookies["sessionid"], rooms=["lobby"])
    gina = Client(services.proxy.ws_url, rooms=["lobby"])
    async with alice, gina:
        message = await alice.post_message("lobby", "Hello")
        await gina.until(lambda: message["id"] in gina.copies["lobby"].messages, "the message")
        again = await gina.post_message("lobby", "Ahoy")
        await alice.until(lambda: again["id"] in alice.copies["lobby"].messages, "the answer")


@pytest.mark.parametrize(
    "path", ["/metrics", "//metrics", "/%6detrics", "/metrics/", "/./metrics", "http://x/metrics", "/readyz"]
)
def test_internal_paths_are_not_forwarded(services, dora, path):
    assert status_of(services.proxy.port, request(path)) == 404


def test_a_worker_is_replaced_without_a_failed_page(services, dora):
    first = services.workers[0]
    services.start_worker()
    first.terminate()
    assert first.wait() == 0
    # Also while the name server still lists it.
    assert [dora.get("/rooms/lobby/").status for _ in range(4)] == [200] * 4
    services.names.addresses.remove(first.host)
    assert [dora.get("/rooms/lobby/").status for _ in range(4)] == [200] * 4
