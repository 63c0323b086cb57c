"""Database work of sockets: on threads of our own, and what it tells the loop."""

import asyncio
import threading
from contextvars import ContextVar

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from psycopg_pool import PoolTimeout

from chat.live import database
from chat.models import Room
from chat.tests.live.wires import settle, until

pytestmark = pytest.mark.django_db(transaction=True)


async def test_work_runs_on_a_thread_of_ours_and_gives_back_what_it_returns():
    def work(first, *, second):
        return threading.current_thread().name, first + second

    for run in (database.read, database.write):
        name, total = await run(work, 1, second=2)
        assert name.startswith("live")
        assert total == 3


async def test_work_has_the_context_of_whoever_asks_for_it():
    socket = ContextVar("socket", default="none")
    socket.set("bob's")
    assert await database.read(socket.get) == "bob's"


async def test_several_readers_work_at_once():
    meeting = threading.Barrier(3, timeout=20)
    await asyncio.gather(*[database.read(meeting.wait) for _ in range(3)])


async def test_writers_wait_for_each_other_on_sqlite_and_not_on_postgresql():
    at_once, most = [], []

    def work():
        at_once.append(1)
        most.append(len(at_once))
        Room.objects.count()
        at_once.pop()
        return connection.vendor

    (vendor, *_) = await asyncio.gather(*[database.write(work) for _ in range(20)])
    if vendor == "sqlite":
        assert max(most) == 1
    else:
        meeting = threading.Barrier(3, timeout=20)
        await asyncio.gather(*[database.write(meeting.wait) for _ in range(3)])


async def test_what_work_raises_comes_out_and_the_thread_works_on():
    def fail():
        with transaction.atomic():
            Room.objects.create(slug="harbour", name="Harbour")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(fail)
    assert await database.write(Room.objects.count) == 0


async def test_what_work_has_to_tell_the_loop_it_tells_at_its_end():
    loop, told = asyncio.get_running_loop(), []
    may_end = threading.Event()

    def work():
        for number in range(3):
            database.call_when_done(loop, told.append, number)
        may_end.wait(20)

    working = asyncio.ensure_future(database.read(work))
    await settle()
    assert told == []
    may_end.set()
    await working
    await until(lambda: told == [0, 1, 2])


async def test_what_failed_work_has_to_tell_is_told_too():
    loop, told = asyncio.get_running_loop(), []

    def fail():
        database.call_when_done(loop, told.append, "committed before")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(fail)
    await until(lambda: told)


async def test_another_thread_tells_the_loop_at_once():
    loop, told = asyncio.get_running_loop(), []
    await asyncio.to_thread(database.call_when_done, loop, told.append, 1)
    await until(lambda: told == [1])


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, PoolTimeout])
def test_what_an_absent_database_raises_is_known(error):
    assert issubclass(error, database.UNAVAILABLE)
