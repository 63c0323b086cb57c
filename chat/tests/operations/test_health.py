"""`/healthz`: the process answers. `/readyz`: what it needs works, or a sentence says what does not."""

import http.client
import os
import signal
from pathlib import Path

import pytest

from chat.tests.server.raw import Raw
from chat.tests.services import Postgres, Redis, wait_until
from project import __version__


@pytest.fixture(scope="module")
def own_redis(tmp_path_factory):
    """A Redis that these tests may stop; they must start it again."""
    with Redis(tmp_path_factory.mktemp("redis")) as redis:
        yield redis


@pytest.fixture(scope="module")
def own_postgres(prepared):
    """A PostgreSQL that these tests may stop; they must start it again."""
    postgres = Postgres(copy_of=prepared.cluster())
    try:
        yield postgres.start()
    finally:
        postgres.remove()


@pytest.fixture(scope="module")
def worker(new_site, own_postgres, own_redis):
    """A worker with its own PostgreSQL and Redis."""
    site = new_site(postgres=own_postgres, redis=own_redis)
    yield site.start().workers[0]
    site.stop()


def ask(worker, path: str, host: str = "10.1.2.3") -> tuple[int, str]:
    """The response to a probe, with a Host that is not a name of the site."""
    connection = http.client.HTTPConnection("127.0.0.1", worker.port, timeout=60)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def readiness(worker) -> tuple[int, str]:
    return ask(worker, "/readyz")


def freeze(postgres, number: int) -> None:
    """Send a signal to PostgreSQL and to each of its processes."""
    children = Path(f"/proc/{postgres.pid}/task/{postgres.pid}/children").read_text().split()
    for pid in (postgres.pid, *map(int, children)):
        os.kill(pid, number)


@pytest.mark.core
def test_a_worker_is_ready_when_all_that_it_needs_works(worker):
    assert ask(worker, "/healthz") == (200, "alive\n")
    status, text = readiness(worker)
    assert status == 200
    assert text.splitlines() == ["database: ok", "migrations: ok", "redis: ok", "pages: ok", f"version: {__version__}"]


@pytest.mark.core
@pytest.mark.log_may_show("channel layer|Redis|redis")
def test_without_redis_readyz_says_so_and_healthz_is_200(worker, own_redis):
    own_redis.stop()
    status, text = readiness(worker)
    assert status == 503
    assert "redis: Redis does not answer" in text
    assert "database: ok" in text
    assert ask(worker, "/healthz")[0] == 200
    own_redis.start()
    wait_until(lambda: readiness(worker)[0] == 200)


@pytest.mark.log_may_show("database|pool|connection")
def test_without_the_database_readyz_says_so_and_healthz_is_200(worker, own_postgres):
    own_postgres.stop()
    status, text = readiness(worker)
    assert status == 503
    assert "database: " in text
    assert "database: ok" not in text
    assert ask(worker, "/healthz")[0] == 200
    own_postgres.start()
    wait_until(lambda: readiness(worker)[0] == 200)


@pytest.mark.log_may_show("channel layer|Redis|redis")
def test_readyz_answers_in_time_when_redis_hangs(worker, own_redis):
    own_redis.pause()
    try:
        status, text = readiness(worker)
        assert status == 503
        assert "redis: " in text
        assert "redis: ok" not in text
        assert ask(worker, "/healthz")[0] == 200
    finally:
        own_redis.resume()
    wait_until(lambda: readiness(worker)[0] == 200)


@pytest.mark.log_may_show("database|pool|connection")
def test_readyz_answers_in_time_when_the_database_hangs(worker, own_postgres):
    assert readiness(worker)[0] == 200
    freeze(own_postgres, signal.SIGSTOP)
    try:
        status, text = readiness(worker)
        assert status == 503
        assert "No answer about database" in text
        assert "redis: ok" in text
        assert ask(worker, "/healthz")[0] == 200
    finally:
        freeze(own_postgres, signal.SIGCONT)
    wait_until(lambda: readiness(worker)[0] == 200)


@pytest.mark.log_may_show("channel layer|Redis|redis")
def test_a_client_behind_a_proxy_gets_no_details(worker, own_redis):
    own_redis.stop()
    connection = http.client.HTTPConnection("127.0.0.1", worker.port, timeout=60)
    connection.request("GET", "/readyz", headers={"X-Forwarded-For": "192.0.2.1"})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (503, b"database: ok\nmigrations: ok\nredis: not ok\npages: ok\n")
    connection.close()
    own_redis.start()
    wait_until(lambda: readiness(worker)[0] == 200)


def test_a_worker_that_is_shutting_down_is_not_ready(make_site):
    worker = make_site().workers[0]
    with Raw(worker.port) as probe:
        # A request that is incomplete when the signal arrives.
        probe.send(b"POST /readyz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n")
        assert ask(worker, "/readyz")[0] == 200
        worker.terminate()
        wait_until(lambda: not worker.answers())
        probe.send(b"{}")
        assert probe.head().status == 503
        assert b"server: It is shutting down." in probe.read_all()


def test_readyz_names_missing_migrations(make_site, own_postgres):
    site = make_site(postgres=own_postgres)
    # Its jobs need the tables.
    site.workers[0].stop()
    site.manage("migrate", "chat", "zero")
    site.workers[0].start(wait=False)
    wait_until(lambda: _answers(site.workers[0]))
    status, text = readiness(site.workers[0])
    assert status == 503
    assert "chat.0001_initial" in text


def _answers(worker) -> bool:
    try:
        return ask(worker, "/healthz")[0] == 200
    except OSError:
        return False
