"""Database work of connections: it runs on a pool of threads, and calls the event loop at its end."""

import asyncio
import threading
from contextvars import ContextVar

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from psycopg_pool import PoolTimeout

from chat.live import database
from chat.models import Room
from chat.tests.live.fake_sockets import settle, until

pytestmark = pytest.mark.django_db(transaction=True)


async def test_work_runs_on_a_thread_of_the_pool_and_returns_its_result():
    def work(first, *, second):
        return threading.current_thread().name, first + second

    for run in (database.read, database.write):
        name, total = await run(work, 1, second=2)
        assert name.startswith("live")
        assert total == 3


async def test_work_runs_in_the_context_of_its_caller():
    socket = ContextVar("socket", default="none")
    socket.set("bob's")
    assert await database.read(socket.get) == "bob's"


async def test_several_reads_run_at_the_same_time():
    meeting = threading.Barrier(3, timeout=60)
    await asyncio.gather(*[database.read(meeting.wait) for _ in range(3)])


async def test_writes_run_one_at_a_time_on_sqlite_only():
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
        meeting = threading.Barrier(3, timeout=60)
        await asyncio.gather(*[database.write(meeting.wait) for _ in range(3)])


async def test_an_exception_of_the_work_is_raised_and_the_thread_continues():
    def fail():
        with transaction.atomic():
            Room.objects.create(slug="harbour", name="Harbour")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(fail)
    assert await database.write(Room.objects.count) == 0


async def test_calls_on_the_loop_are_made_at_the_end_of_the_work():
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


async def test_calls_on_the_loop_are_made_also_after_an_exception():
    loop, told = asyncio.get_running_loop(), []

    def fail():
        database.call_when_done(loop, told.append, "committed before")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(fail)
    await until(lambda: told)


async def test_other_threads_call_the_loop_at_once():
    loop, told = asyncio.get_running_loop(), []
    await asyncio.to_thread(database.call_when_done, loop, told.append, 1)
    await until(lambda: told == [1])


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, PoolTimeout])
def test_errors_of_a_missing_database_are_in_unavailable(error):
    assert issubclass(error, database.UNAVAILABLE)
