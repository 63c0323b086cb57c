"""Workers are replaced like by `make deploy`, while people post: new ones start, then the old ones end one by one."""

import asyncio

from chat.tests.client import Client
from chat.tests.services import Visitor

NAMES = ("alice", "bob", "admin")
PAGE = "/accounts/login/"


async def test_people_post_and_open_pages_while_all_workers_are_replaced(start_behind_proxy):
    behind_proxy = start_behind_proxy(workers=2, postgres=True, redis=True)
    people = [Client(behind_proxy.proxy.ws_url, behind_proxy.session(name), rooms=["lobby"]) for name in NAMES]
    posted, pages, done = [], [], asyncio.Event()

    async def post(person: Client) -> None:
        while not done.is_set():
            posted.append((await person.post_message("lobby", f"message {len(posted)}"))["id"])

    async def open_pages() -> None:
        while not done.is_set():
            answer = await asyncio.to_thread(Visitor(behind_proxy.proxy.url).get, PAGE)
            pages.append(answer.status)

    async def sign_in() -> None:
        while not done.is_set():
            await asyncio.to_thread(behind_proxy.visitor, "charlie")
            pages.append(200)

    async def replace() -> None:
        try:
            await asyncio.to_thread(behind_proxy.add_workers, 2)
            for _ in range(2):
                before = len(posted)
                await asyncio.to_thread(behind_proxy.drop_worker)
                while len(posted) < before + 10:
                    await asyncio.sleep(0.02)
        finally:
            done.set()

    async with people[0], people[1], people[2], asyncio.timeout(120):
        async with asyncio.TaskGroup() as tasks:
            for person in people:
                tasks.create_task(post(person))
            tasks.create_task(open_pages())
            tasks.create_task(sign_in())
            tasks.create_task(replace())
        newest = max(posted)
        for person in people:
            copy = person.copies["lobby"]
            await person.until(lambda copy=copy: newest in copy.messages, "the newest message")
            await person.load_all("lobby")
            bodies = [message["text"] for message in copy.messages.values() if message["text"].startswith("message ")]
            assert sorted(copy.messages.keys() & set(posted)) == sorted(posted), "a message was lost"
            assert len(bodies) == len(posted) == len(set(posted)), "a message was stored twice"
            assert not person.faults
            assert person.connections >= 2
    assert len(pages) > 10
    assert set(pages) == {200}
    assert [worker.running for worker in behind_proxy.site.workers] == [False, False, True, True]


async def test_a_killed_worker_causes_no_failed_page(start_behind_proxy):
    behind_proxy = start_behind_proxy(workers=2, postgres=True, redis=True)
    behind_proxy.site.workers[0].kill()
    statuses = [(await asyncio.to_thread(Visitor(behind_proxy.proxy.url).get, PAGE)).status for _ in range(10)]
    assert statuses == [200] * 10
