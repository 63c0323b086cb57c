"""A site behind pgbouncer in transaction mode, which refuses start-up options."""

import asyncio
import uuid

import psycopg
import pytest
from psycopg import sql

from chat.tests.client import Client
from chat.tests.rows import rows_of, without_epoch
from chat.tests.services import wait_until
from chat.tests.services.pgbouncer import POOL_SIZE, PgBouncer
from chat.tests.services.visitor import Visitor
from chat.tests.wire.asking import refusal

LIMITS = ("lock_timeout", "idle_in_transaction_session_timeout", "statement_timeout")


@pytest.fixture(scope="module")
def direct_url(prepared, postgres_server, tmp_path_factory) -> str:
    """The URL of a database with the cast, without pgbouncer."""
    return prepared.postgresql(postgres_server, tmp_path_factory.mktemp("direct"))


@pytest.fixture(scope="module")
def pgbouncer(postgres_server):
    """pgbouncer in front of that PostgreSQL."""
    pgbouncer = PgBouncer(postgres_server)
    try:
        yield pgbouncer.start()
    finally:
        pgbouncer.remove()


@pytest.fixture(scope="module")
def pooled(new_site, pgbouncer, direct_url):
    """A site of two workers behind pgbouncer. Whether `migrate` has set the limits depends on the tests before."""
    url = pgbouncer.url(direct_url.rpartition("/")[2])
    site = new_site(workers=2, redis=True, DATABASE_URL=url, DATABASE_POOLER="pgbouncer", CHAT_POST_RATE=0)
    yield site.start()
    site.stop()


def readiness(site) -> str:
    return Visitor(site.url).get("/readyz").text


@pytest.fixture
def ready(pooled, pgbouncer):
    """The site after `migrate` has set the role's limits, with new connections of pgbouncer."""
    pooled.manage("migrate")
    pgbouncer.console("RECONNECT")
    wait_until(lambda: "database: ok" in readiness(pooled))
    return pooled


@pytest.fixture
def without_limits(pooled, pgbouncer, direct_url):
    """The site while the role has no limits in its database, with new connections of pgbouncer."""
    database = sql.Identifier(direct_url.rpartition("/")[2])
    with psycopg.connect(direct_url) as connection:
        connection.execute(sql.SQL("ALTER ROLE CURRENT_USER IN DATABASE {} RESET ALL").format(database))
    pgbouncer.console("RECONNECT")
    return pooled


def test_readyz_names_a_missing_limit_until_migrate_has_set_it(without_limits, pooled, pgbouncer):
    missing = "lock_timeout is 0, not 3s, behind the pooler: run manage.py migrate"
    wait_until(lambda: missing in readiness(pooled))
    pooled.manage("migrate")
    pgbouncer.console("RECONNECT")
    wait_until(lambda: "database: ok" in readiness(pooled))


async def test_people_post_and_read_messages(ready, pgbouncer):
    alice, bob = (
        Client(worker.ws_url, ready.sign_in(name), ["tea"])
        for worker, name in zip(ready.workers, ("alice", "bob"), strict=True)
    )
    async with alice, bob, asyncio.timeout(120):
        for number in range(30):
            message = await alice.post_message("tea", f"line {number} @bob")
            await bob.request_until_answered("react", message=message["id"], emoji="👍", on=True)
        await alice.request_until_answered("edit", message=message["id"], body="changed")
        await asyncio.gather(*(person.post_message("tea", "together") for person in (alice, bob) for _ in range(10)))
        for person in (alice, bob):
            await person.until(lambda held=person.copies["tea"]: len(held.messages) >= 50 and not held.behind)
            assert not person.faults
        reply = await bob.ask("history", room="tea", before=20, limit=10)
        assert len(reply["messages"]) == 10
        # The page has the messages around the first unread one: it ends before the last ones until Bob has read them.
        page = ready.visitor("bob").get("/rooms/tea/")
        assert page.status == 200
        assert "line 0 " in page.text
        assert "together" not in page.text
        await bob.ask("read", room="tea", upto=max(message["seq"] for message in bob.copies["tea"].in_order()))
    page = ready.visitor("bob").get("/rooms/tea/")
    assert page.status == 200
    assert "together" in page.text
    servers = [row for row in pgbouncer.console("SHOW SERVERS") if row[2] not in ("pgbouncer", "postgres")]
    assert 0 < len(servers) <= POOL_SIZE


async def test_a_locked_room_releases_its_threads_in_time(ready, direct_url):
    lock = "SELECT * FROM chat_roomhead h JOIN chat_room r ON r.id = h.room_id WHERE slug = 'tea' FOR UPDATE OF h"
    async with Client(ready.ws_url, ready.sign_in("alice"), ["tea"]) as alice:
        with psycopg.connect(direct_url) as frozen:
            # Otherwise the role's limit would end this transaction, too.
            frozen.execute("SET idle_in_transaction_session_timeout = 0")
            frozen.execute(lock)
            began = asyncio.get_running_loop().time()
            refused = await refusal(alice.ask("post", room="tea", client_id=str(uuid.uuid4()), body="held up"))
            assert refused.code == "unavailable"
            assert 2.5 < asyncio.get_running_loop().time() - began < 60
        assert (await alice.post_message("tea", "free"))["text"] == "free"


@pytest.mark.parametrize("options", [[], ["--portable"]], ids=["native", "portable"])
def test_a_backup_and_its_restore_work_through_pgbouncer(ready, new_site, tmp_path, options):
    ready.manage("backup", *options, str(tmp_path / "backup"))
    target = new_site(with_users=False, postgres=None if options else True)
    target.manage("restore", str(tmp_path / "backup"))
    assert without_epoch(rows_of(target)) == without_epoch(rows_of(ready))
    target.stop()


def test_migrations_work_forwards_and_backwards(ready):
    ready.manage("migrate", "admin", "zero")
    ready.manage("migrate")
    assert "migrations: ok" in readiness(ready)


def test_the_role_has_the_limits_and_no_statement_stays_prepared(ready, pgbouncer, direct_url):
    for url in (direct_url, pgbouncer.url(direct_url.rpartition("/")[2])):
        with psycopg.connect(url, prepare_threshold=None) as database:
            assert [database.execute(f"SHOW {name}").fetchone()[0] for name in LIMITS] == ["3s", "3s", "20s"]
            assert database.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() == (0,)
