"""Workers are replaced under talk, as `make deploy` does it: new ones join, then the old ones end, one by one."""

import asyncio

from chat.tests.client import Client
from chat.tests.services import Visitor

NAMES = ("alice", "bob", "admin")
PAGE = "/accounts/login/"


async def test_people_talk_and_open_pages_while_every_worker_is_replaced(new_house):
    house = new_house(workers=2, postgres=True, redis=True)
    people = [Client(house.proxy.ws_url, house.session(name), rooms=["lobby"]) for name in NAMES]
    said, pages, done = [], [], asyncio.Event()

    async def talk(person: Client) -> None:
        while not done.is_set():
            said.append((await person.say("lobby", f"message {len(said)}"))["id"])

    async def look_around() -> None:
        while not done.is_set():
            answer = await asyncio.to_thread(Visitor(house.proxy.url).get, PAGE)
            pages.append(answer.status)

    async def sign_in() -> None:
        while not done.is_set():
            await asyncio.to_thread(house.visitor, "charlie")
            pages.append(200)

    async def replace() -> None:
        try:
            await asyncio.to_thread(house.add_workers, 2)
            for _ in range(2):
                before = len(said)
                await asyncio.to_thread(house.drop_worker)
                while len(said) < before + 10:
                    await asyncio.sleep(0.02)
        finally:
            done.set()

    async with people[0], people[1], people[2], asyncio.timeout(120):
        async with asyncio.TaskGroup() as tasks:
            for person in people:
                tasks.create_task(talk(person))
            tasks.create_task(look_around())
            tasks.create_task(sign_in())
            tasks.create_task(replace())
        newest = max(said)
        for person in people:
            copy = person.copies["lobby"]
            await person.until(lambda copy=copy: newest in copy.messages, "the newest message")
            await person.load_all("lobby")
            bodies = [message["text"] for message in copy.messages.values() if message["text"].startswith("message ")]
            assert sorted(copy.messages.keys() & set(said)) == sorted(said), "something was lost"
            assert len(bodies) == len(said) == len(set(said)), "something was said twice"
            assert not person.faults
            assert person.connections >= 2
    assert len(pages) > 10
    assert set(pages) == {200}
    assert [worker.running for worker in house.site.workers] == [False, False, True, True]


async def test_a_worker_that_is_killed_is_not_noticed_at_the_pages(new_house):
    house = new_house(workers=2, postgres=True, redis=True)
    house.site.workers[0].kill()
    statuses = [(await asyncio.to_thread(Visitor(house.proxy.url).get, PAGE)).status for _ in range(10)]
    assert statuses == [200] * 10
