"""Interruptions: too many commands, no database, a restart of the server."""

import asyncio
import signal
import time

import psycopg
import pytest

from chat.management.protocol_connection import ProtocolConnection
from chat.tests.client import Client
from chat.tests.server.octets import CLOSE, TEXT, frame
from chat.tests.server.raw import open_socket
from chat.tests.services import Postgres, Redis, wait_until
from chat.tests.wire.asking import a_post, close_code, refusal

OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"


@pytest.mark.core
async def test_slow_down_tells_when_the_next_command_is_accepted(make_site):
    site = make_site(CHAT_POST_RATE=5, CHAT_POST_BURST=5)
    async with Client(site.ws_url, site.sign_in("alice"), ["tea"]) as alice:
        asked = [alice.ask("post", **a_post("tea", f"line {n}")) for n in range(10)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, Exception)]
        assert refused
        assert {error.code for error in refused} == {"slow_down"}
        assert all(0 < error.retry_after <= 1 for error in refused)
        # The outbox waits for `retry_after`, and all messages are stored.
        await alice.post_message("tea", "slowly, then")
        stored = len([answer for answer in answers if isinstance(answer, dict)]) + 1
        await alice.until(lambda: len(alice.copies["tea"].messages) == stored)


async def test_a_client_that_keeps_flooding_is_closed_with_1008(make_site):
    site = make_site(CHAT_POST_RATE=1, CHAT_POST_BURST=5)
    async with Client(site.ws_url, site.sign_in("alice"), patience=0) as alice:
        wire = alice.wire
        with pytest.raises(Exception, match=r"1008|slow_down"):
            await asyncio.gather(*(wire.ask("close", room="tea") for _ in range(300)))
        assert await close_code(wire) == 1008


def test_an_accepted_command_does_not_make_up_for_a_flood(make_site):
    # Of 80 commands per second, two are always accepted.
    site = make_site(CHAT_POST_RATE=2, CHAT_POST_BURST=2)
    with open_socket(site.port, "/chat", f"Cookie: {site.cookie('alice')}") as raw:
        raw.receive_text()
        received, asked = [], 0
        while asked < 800 and not (received and received[-1].opcode == CLOSE):
            raw.send(frame(TEXT, b'{"type": "close", "room": "tea", "ref": 1}') * 20)
            asked += 20
            time.sleep(0.25)
            while len(received) < asked and not (received and received[-1].opcode == CLOSE):
                received.append(raw.receive())
        assert received[-1].code == 1008
        assert sum(b'"reply"' in each.payload for each in received[20:]) > 0


async def test_a_client_that_reconnects_for_each_burst_is_not_faster(make_site):
    site = make_site(CHAT_POST_RATE=2, CHAT_POST_BURST=5)
    key, acknowledged, began = site.sign_in("alice"), 0, time.monotonic()
    for _ in range(20):
        async with Client(site.ws_url, key, patience=0) as alice:
            asked = [alice.ask("post", **a_post("tea", f"line {n}")) for n in range(5)]
            answers = await asyncio.gather(*asked, return_exceptions=True)
            acknowledged += sum(isinstance(answer, dict) for answer in answers)
    # A person may use twice the burst and rate of a connection.
    assert acknowledged <= 2 * (5 + 2 * (time.monotonic() - began)) + 1
    assert acknowledged >= 10


@pytest.mark.core
async def test_a_person_with_too_many_connections_gets_bye_and_1013(make_site):
    site = make_site(MAX_CONNECTIONS_PER_PERSON=2)
    async with Client(site.ws_url, site.sign_in("alice")) as first, Client(site.ws_url, site.sign_in("alice")):
        # Not a `Client`: that waits for a welcome, and there is none.
        assert await close_code(await ProtocolConnection.connect(site.ws_url, site.sign_in("alice"))) == 1013
        async with Client(site.ws_url, site.sign_in("bob")) as bob:
            assert bob.welcome["you"]["user"]["name"] == "bob"
        assert (await first.ask("close", room="tea"))["type"] == "reply"
    async with Client(site.ws_url, site.sign_in("alice")) as again:
        assert again.welcome["you"]["user"]["name"] == "alice"


@pytest.fixture
def postgres(prepared):
    """A PostgreSQL that a test may stop."""
    postgres = Postgres(copy_of=prepared.cluster())
    try:
        yield postgres.start()
    finally:
        postgres.remove()


@pytest.mark.core
@pytest.mark.log_may_show("ERROR|Traceback")
async def test_without_a_database_a_post_gets_unavailable_and_a_repeated_one_is_stored_once(
    make_site, postgres, redis_server
):
    site = make_site(workers=2, postgres=postgres, redis=redis_server, CHAT_POST_RATE=0, GUEST_RATE=0)
    urls = [worker.ws_url for worker in site.workers]
    async with (
        Client(urls[0], site.sign_in("alice"), ["tea"]) as alice,
        Client(urls[1], site.sign_in("bob"), ["tea"]) as bob,
    ):
        await alice.post_message("tea", "before")
        site.shell.stop()
        await asyncio.to_thread(postgres.stop)
        post = a_post("tea", "while it was away")
        refused = await refusal(alice.ask("post", **post))
        assert refused.code == "unavailable"
        assert refused.retry_after > 0
        # Nobody can be identified now: 1013.
        assert await close_code(await ProtocolConnection.connect(urls[0], site.sign_in("bob"))) == 1013
        again = asyncio.create_task(alice.request_until_answered("post", **post))
        await asyncio.to_thread(postgres.start)
        message = (await again)["message"]
        assert (await alice.ask("post", **post))["message"] == message
        await bob.until(lambda: bob.copies["tea"].version == message["version"])
        assert [m["text"] for m in bob.copies["tea"].in_order()] == ["before", "while it was away"]


@pytest.mark.core
@pytest.mark.log_may_show("A command failed|UndefinedTable|ProgrammingError")
async def test_an_error_of_the_server_is_internal_and_the_connection_stays_open(site_postgres_redis):
    site = site_postgres_redis
    rename = "from django.db import connection\nconnection.cursor().execute(f'ALTER TABLE {old} RENAME TO {new}')"
    async with Client(site.ws_url, site.sign_in("alice"), ["tea"]) as alice:
        message = await alice.post_message("tea", "hello")
        site.python(rename, old="chat_revision", new="chat_lost")
        try:
            refused = await refusal(alice.ask("edit", message=message["id"], body="hello again"))
        finally:
            site.python(rename, old="chat_lost", new="chat_revision")
        assert refused.code == "internal"
        assert "chat_" not in refused.detail
        assert (await alice.ask("edit", message=message["id"], body="hello again"))["message"]["text"] == "hello again"


@pytest.mark.core
async def test_a_stopping_worker_answers_sends_bye_and_closes_with_1012(make_site):
    site = make_site(workers=2, postgres=True, redis=True, CHAT_POST_RATE=0, GUEST_RATE=0)
    leaving, staying = site.workers
    async with (
        Client(staying.ws_url, site.sign_in("bob"), ["tea"]) as bob,
        Client(leaving.ws_url, site.sign_in("alice"), ["tea"]) as alice,
    ):
        wire = alice.wire
        asked = [asyncio.create_task(wire.ask("post", **a_post("tea", f"line {n}"))) for n in range(20)]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        leaving.signal(signal.SIGTERM)
        alice.url = staying.ws_url
        await asyncio.wait_for(wire.closed(), 30)
        assert wire.socket.close_code == 1012
        bye = await alice.wait_for_frame("bye")
        assert bye["reason"] == "restart"
        assert bye["retry_after"] >= 0
        answers = await asyncio.gather(*asked, return_exceptions=True)
        acknowledged = [answer["message"] for answer in answers if isinstance(answer, dict)]
        assert acknowledged
        # On the other worker she gets all acknowledged messages, and continues.
        last = await alice.post_message("tea", "still here")
        await bob.until(lambda: bob.copies["tea"].version == last["version"])
        await alice.until(lambda: alice.copies["tea"].version == last["version"])
        held = bob.copies["tea"].in_order()
        assert held == alice.copies["tea"].in_order()
        assert [message for message in acknowledged if message not in held] == []
    assert await asyncio.to_thread(leaving.wait) == 0


@pytest.mark.log_may_show("channels_redis.pubsub|redis.exceptions")
async def test_without_redis_own_watchers_get_messages_at_once_and_others_by_the_check(make_site, tmp_path):
    with Redis(tmp_path / "redis") as redis:
        site = make_site(workers=2, postgres=True, redis=redis, CHAT_POST_RATE=0, GUEST_RATE=0)
        one, two = (worker.ws_url for worker in site.workers)
        async with (
            Client(one, site.sign_in("alice"), ["tea"]) as alice,
            Client(one, site.sign_in("bob"), ["tea"]) as near,
            Client(two, site.sign_in("bob"), ["tea"]) as far,
        ):
            await alice.post_message("tea", "before")
            await far.wait_for_frame("message", "tea", version=1)
            await asyncio.to_thread(redis.stop)
            for n in range(5):
                await alice.post_message("tea", f"line {n}")
            await near.until(lambda: near.copies["tea"].version == 6)
            await far.until(lambda: far.copies["tea"].version == 6)
            assert near.copies["tea"].in_order() == far.copies["tea"].in_order()
            await asyncio.to_thread(redis.start)
            # Redis works again when a message comes as an event, not as a delta of the check.
            async with asyncio.timeout(60):
                posted = None
                while not posted or not [f for f in far.frames if f["type"] == "message" and f["version"] == posted]:
                    posted = (await alice.post_message("tea", "and now?"))["version"]
                    await far.until(lambda posted=posted: far.copies["tea"].version >= posted)


def frozen_in_a_transaction(site) -> bool:
    """Stop the first worker (SIGSTOP) within a transaction. Returns False, and lets it run, if none is open."""
    worker = site.workers[0]
    worker.pause()
    # A statement that it had begun to send may still arrive.
    with psycopg.connect(site.env["DATABASE_URL"], autocommit=True) as connection:
        wait_until(lambda: not connection.execute(f"{OTHERS} AND state = 'active'").fetchone()[0])
        if connection.execute(f"{OTHERS} AND state = 'idle in transaction'").fetchone()[0]:
            return True
    worker.resume()
    return False


async def test_a_worker_that_is_stopped_within_a_post_does_not_block_the_room(make_site):
    site = make_site(workers=2, postgres=True, redis=True, CHAT_POST_RATE=0, GUEST_RATE=0)
    one, two = (worker.ws_url for worker in site.workers)
    async with (
        Client(one, site.sign_in("alice"), ["tea"]) as alice,
        Client(two, site.sign_in("bob"), ["tea"]) as bob,
    ):
        asked = []
        while True:
            # With a mention, a post is a transaction of several statements. A plain post is one statement.
            asked += [asyncio.create_task(alice.ask("post", **a_post("tea", "tick @bob"))) for _ in range(50)]
            await alice.wait_for_frame("message", "tea", version=len(asked) - 30)
            if await asyncio.to_thread(frozen_in_a_transaction, site):
                break
            await asyncio.wait(asked)
        # The database ends the idle transaction, and with it the lock on the room.
        assert (await bob.post_message("tea", "tock"))["text"] == "tock"
        site.workers[0].resume()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert {answer.code for answer in answers if not isinstance(answer, dict)} <= {"unavailable"}
        last = await alice.post_message("tea", "tick again")
        for who in (alice, bob):
            await who.until(lambda who=who: who.copies["tea"].version == last["version"])
        stored = [answer["message"] for answer in answers if isinstance(answer, dict)]
        held = bob.copies["tea"].in_order()
        assert held == alice.copies["tea"].in_order()
        assert [message for message in stored if message not in held] == []


@pytest.mark.core
async def test_the_same_client_id_on_two_workers_at_once_is_one_message(site_postgres_redis):
    site = site_postgres_redis
    one, two = (worker.ws_url for worker in site.workers)
    key = site.sign_in("alice")
    async with Client(one, key, ["tea"]) as desk, Client(two, key, ["tea"]) as telephone:
        before = desk.copies["tea"].version
        for n in range(20):
            post = a_post("tea", f"line {n}")
            answers = await asyncio.gather(desk.ask("post", **post), telephone.ask("post", **post))
            assert answers[0]["message"] == answers[1]["message"]
        for who in (desk, telephone):
            await who.until(lambda who=who: who.copies["tea"].version == before + 20)
