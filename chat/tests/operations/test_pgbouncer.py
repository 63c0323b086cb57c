"""A site behind pgbouncer in transaction mode, which refuses start-up options: all that people and operators do."""

import asyncio
import uuid

import psycopg
import pytest

from chat.tests.client import Client
from chat.tests.rows import rows_of, without_epoch
from chat.tests.services import wait_until
from chat.tests.services.pgbouncer import POOL_SIZE, PgBouncer
from chat.tests.services.visitor import Visitor
from chat.tests.wire.asking import refusal

LIMITS = ("lock_timeout", "idle_in_transaction_session_timeout", "statement_timeout")


@pytest.fixture(scope="module")
def direct_url(prepared, postgres_server, tmp_path_factory) -> str:
    """A database with the cast, as it is reached past pgbouncer."""
    return prepared.postgresql(postgres_server, tmp_path_factory.mktemp("direct"))


@pytest.fixture(scope="module")
def pgbouncer(postgres_server):
    """Before that PostgreSQL."""
    pgbouncer = PgBouncer(postgres_server)
    try:
        yield pgbouncer.start()
    finally:
        pgbouncer.remove()


@pytest.fixture(scope="module")
def pooled(new_site, pgbouncer, direct_url):
    """A site of two workers behind it, not yet migrated by this version's `migrate`."""
    url = pgbouncer.url(direct_url.rpartition("/")[2])
    site = new_site(workers=2, redis=True, DATABASE_URL=url, DATABASE_POOLER="pgbouncer", CHAT_POST_RATE=0)
    yield site.start()
    site.stop()


def readiness(site) -> str:
    return Visitor(site.url).get("/readyz").text


@pytest.fixture
def ready(pooled, pgbouncer):
    """The site, once `migrate` has given the role its limits, and pgbouncer has new connections."""
    pooled.manage("migrate")
    pgbouncer.console("RECONNECT")
    wait_until(lambda: "database: ok" in readiness(pooled))
    return pooled


def test_readyz_asks_for_the_limits_until_migrate_has_set_them(pooled, pgbouncer):
    assert "lock_timeout is 0, not 3s, behind the pooler: run manage.py migrate" in readiness(pooled)
    pooled.manage("migrate")
    pgbouncer.console("RECONNECT")
    wait_until(lambda: "database: ok" in readiness(pooled))


async def test_people_talk_and_find_what_was_said(ready, pgbouncer):
    alice, bob = (
        Client(worker.ws_url, ready.sign_in(name), ["tea"])
        for worker, name in zip(ready.workers, ("alice", "bob"), strict=True)
    )
    async with alice, bob, asyncio.timeout(120):
        for number in range(30):
            said = await alice.say("tea", f"line {number} @bob")
            await bob.insist("react", message=said["id"], emoji="👍", on=True)
        await alice.insist("edit", message=said["id"], body="changed")
        await asyncio.gather(*(person.say("tea", "at once") for person in (alice, bob) for _ in range(10)))
        for person in (alice, bob):
            await person.until(lambda held=person.copies["tea"]: len(held.messages) >= 50 and not held.behind)
            assert not person.faults
        reply = await bob.ask("history", room="tea", before=20, limit=10)
        assert len(reply["messages"]) == 10
    page = ready.visitor("bob").get("/rooms/tea/")
    assert page.status == 200
    assert "at once" in page.text
    servers = [row for row in pgbouncer.console("SHOW SERVERS") if row[2] not in ("pgbouncer", "postgres")]
    assert 0 < len(servers) <= POOL_SIZE


async def test_a_locked_room_frees_its_threads_in_time(ready, direct_url):
    lock = "SELECT * FROM chat_roomhead h JOIN chat_room r ON r.id = h.room_id WHERE slug = 'tea' FOR UPDATE OF h"
    async with Client(ready.ws_url, ready.sign_in("alice"), ["tea"]) as alice:
        with psycopg.connect(direct_url) as frozen:
            # The role's limit, which would end this transaction too.
            frozen.execute("SET idle_in_transaction_session_timeout = 0")
            frozen.execute(lock)
            began = asyncio.get_running_loop().time()
            refused = await refusal(alice.ask("post", room="tea", client_id=str(uuid.uuid4()), body="held up"))
            assert refused.code == "unavailable"
            assert 2.5 < asyncio.get_running_loop().time() - began < 15
        assert (await alice.say("tea", "free"))["text"] == "free"


def test_a_backup_goes_through_it_and_comes_back(ready, new_site, tmp_path):
    ready.manage("backup", str(tmp_path / "backup"))
    target = new_site(peopled=False)
    target.manage("restore", str(tmp_path / "backup"))
    assert without_epoch(rows_of(target)) == without_epoch(rows_of(ready))
    target.stop()


def test_migrations_go_through_it_both_ways(ready):
    ready.manage("migrate", "chat", "0003")
    ready.manage("migrate")
    assert "migrations: ok" in readiness(ready)


def test_the_limits_are_those_of_the_role_and_no_statement_stays_prepared(ready, pgbouncer, direct_url):
    for url in (direct_url, pgbouncer.url(direct_url.rpartition("/")[2])):
        with psycopg.connect(url, prepare_threshold=None) as database:
            assert [database.execute(f"SHOW {name}").fetchone()[0] for name in LIMITS] == ["3s", "3s", "20s"]
            assert database.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() == (0,)
