"""People talk while `manage.py backup` runs, and go on after `manage.py restore`."""

import asyncio

from chat.tests.client import Client
from chat.tests.rows import rows_of


async def test_a_backup_amid_talk_is_a_beginning_of_each_room_s_log(site_postgres_redis, empty_site, tmp_path):
    site, rooms = site_postgres_redis, ["lobby", "tea", "den"]
    done = asyncio.Event()
    people = [
        Client(worker.ws_url, site.sign_in(name), rooms)
        for worker, name in zip(site.workers, ("alice", "bob"), strict=True)
    ]
    said = []

    async def talk(person: Client) -> None:
        while not done.is_set():
            room = rooms[len(said) % 3]
            message = await person.say(room, f"line {len(said)}, @bob")
            said.append(message["id"])
            await person.insist("react", message=message["id"], emoji="👍", on=True)
            if len(said) % 3 == 0:
                await person.insist("edit", message=message["id"], body="another line")
            if len(said) % 5 == 0:
                await person.insist("delete", message=message["id"])

    async def more(lines: int) -> None:
        goal = len(said) + lines
        while len(said) < goal:
            await asyncio.sleep(0.02)

    async with people[0], people[1], asyncio.timeout(120), asyncio.TaskGroup() as tasks:
        for person in people:
            tasks.create_task(talk(person))
        await more(30)
        early = len(said)
        await asyncio.to_thread(site.manage, "backup", str(tmp_path / "backup"))
        late = len(said)
        await more(30)
        done.set()
    restored = empty_site(postgres=True)
    await asyncio.to_thread(restored.manage, "restore", str(tmp_path / "backup"))
    then, now = rows_of(restored), rows_of(site)
    assert {str(pk) for pk in said[:early]} <= ids(then["chat.message"])
    assert early <= len(then["chat.message"]) <= late + 2
    assert_beginning(then, now)


def ids(rows):
    return {row["id"] for row in rows}


def assert_beginning(then, now):
    """Assert that `then` is each room's log of `now` up to its head of then, with all that belongs to it."""
    heads = {row["room_id"]: int(row["version"]) for row in then["chat.roomhead"]}
    assert heads.keys() == {row["room_id"] for row in now["chat.roomhead"]}
    known = [row for row in now["chat.message"] if int(row["seq"]) <= heads[row["room_id"]]]
    assert ids(known) == ids(then["chat.message"])
    assert all(int(row["version"]) <= heads[row["room_id"]] for row in then["chat.message"])
    unchanged = [row for row in known if int(row["version"]) <= heads[row["room_id"]]]
    assert unchanged == [row for row in then["chat.message"] if row["id"] in ids(unchanged)]
    for label in ("chat.revision", "chat.mention", "chat.reaction"):
        assert {row["message_id"] for row in then[label]} <= ids(then["chat.message"])
        kept = [row for row in now[label] if row["message_id"] in ids(unchanged)]
        assert kept == [row for row in then[label] if row["message_id"] in ids(unchanged)]


async def test_a_page_that_held_a_copy_of_the_former_site_begins_anew(fresh_site, empty_site, tmp_path):
    async with Client(fresh_site.ws_url, fresh_site.sign_in("alice"), ["tea"]) as alice:
        await alice.say("tea", "kept")
        await asyncio.to_thread(fresh_site.manage, "backup", str(tmp_path / "backup"))
        await alice.say("tea", "said after the backup")
        held = alice.copies["tea"]
        since = held.since()
        assert since["since"] == 2
    restored = empty_site()
    await asyncio.to_thread(restored.manage, "restore", str(tmp_path / "backup"))
    await asyncio.to_thread(restored.start)
    alice = Client(restored.ws_url, restored.sign_in("alice"))
    alice.copies["tea"] = held
    async with alice:
        await alice.until(lambda: held.limited, "a new beginning")
        assert alice.welcome["epoch"] == held.epoch != since["epoch"]
        assert [message["text"] for message in held.in_order()] == ["kept"]
        assert (await alice.say("tea", "and on"))["version"] == held.version == 2
        assert not alice.faults
