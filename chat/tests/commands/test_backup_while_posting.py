"""People post while `manage.py backup` runs, and after `manage.py restore`."""

import asyncio

from chat.tests.client import Client
from chat.tests.conftest import UNLIMITED
from chat.tests.rows import rows_of


async def test_a_backup_taken_while_people_post_is_a_prefix_of_each_rooms_log(make_site, empty_site, tmp_path):
    site = make_site(workers=2, postgres=True, redis=True, **UNLIMITED)
    rooms = ["lobby", "tea", "den"]
    done = asyncio.Event()
    people = [
        Client(worker.ws_url, site.sign_in(name), rooms)
        for worker, name in zip(site.workers, ("alice", "bob"), strict=True)
    ]
    posted = []

    async def talk(person: Client) -> None:
        while not done.is_set():
            room = rooms[len(posted) % 3]
            message = await person.post_message(room, f"line {len(posted)}, @bob")
            posted.append(message["id"])
            await person.request_until_answered("react", message=message["id"], emoji="👍", on=True)
            if len(posted) % 3 == 0:
                await person.request_until_answered("edit", message=message["id"], body="another line")
            if len(posted) % 5 == 0:
                await person.request_until_answered("delete", message=message["id"])

    async def wait_for_posts(count: int) -> None:
        goal = len(posted) + count
        while len(posted) < goal:
            await asyncio.sleep(0.02)

    async with people[0], people[1], asyncio.timeout(120), asyncio.TaskGroup() as tasks:
        for person in people:
            tasks.create_task(talk(person))
        await wait_for_posts(30)
        early = len(posted)
        await asyncio.to_thread(site.manage, "backup", str(tmp_path / "backup"))
        late = len(posted)
        await wait_for_posts(30)
        done.set()
    restored = empty_site(postgres=True)
    await asyncio.to_thread(restored.manage, "restore", str(tmp_path / "backup"))
    then, now = rows_of(restored), rows_of(site)
    assert {str(pk) for pk in posted[:early]} <= ids(then["chat.message"])
    assert early <= len(then["chat.message"]) <= late + 2
    assert_prefix(then, now)


def ids(rows):
    return {row["id"] for row in rows}


def assert_prefix(then, now):
    """Assert that the rows `then` are those of `now` up to the version that each room had then."""
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


async def test_a_client_with_a_copy_from_before_the_restore_replaces_it(fresh_site, empty_site, tmp_path):
    async with Client(fresh_site.ws_url, fresh_site.sign_in("alice"), ["tea"]) as alice:
        await alice.post_message("tea", "kept")
        await asyncio.to_thread(fresh_site.manage, "backup", str(tmp_path / "backup"))
        await alice.post_message("tea", "posted after the backup")
        held = alice.copies["tea"]
        since = held.since()
        assert since["since"] == 2
    restored = empty_site()
    await asyncio.to_thread(restored.manage, "restore", str(tmp_path / "backup"))
    await asyncio.to_thread(restored.start)
    alice = Client(restored.ws_url, restored.sign_in("alice"))
    alice.copies["tea"] = held
    async with alice:
        await alice.until(lambda: held.limited, "a new copy")
        assert alice.welcome["epoch"] == held.epoch != since["epoch"]
        assert [message["text"] for message in held.in_order()] == ["kept"]
        assert (await alice.post_message("tea", "and on"))["version"] == held.version == 2
        assert not alice.faults
