"""`manage.py backup`, and what comes of it: sites that move, and people who go on talking meanwhile."""

import asyncio
import stat
import subprocess
import sys

import pytest

from chat.tests.client import Client
from chat.tests.rows import live, rows_of, without_epoch
from chat.tests.services.environment import ROOT

POST = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    from chat.models import RoomHead
    alice = get_user_model().objects.get_by_natural_key("alice")
    before = RoomHead.objects.get(room__slug="tea").version
    said = messages.post(room="tea", author=alice, body="more", client_id=uuid.uuid4())
    result = [said.version - before, said.seq - before]
"""


@pytest.fixture(scope="module")
def lived_in(new_site):
    """A site on SQLite, with rows of every kind and no worker."""
    site = new_site()
    live(site)
    yield site
    site.stop()


@pytest.fixture
def empty(new_site):
    """Function that makes a site that was only migrated; with `postgres=True` on PostgreSQL."""
    sites = []

    def make(**options):
        sites.append(new_site(peopled=False, **options))
        return sites[-1]

    yield make
    for site in sites:
        site.stop()


def move(source, target, file):
    source.manage("backup", str(file))
    target.manage("restore", str(file))
    return target


def test_there_is_something_of_each_kind_to_compare(lived_in):
    assert [label for label, rows in rows_of(lived_in).items() if not rows] == []


def test_a_laptop_s_trial_becomes_a_team_s_site_and_comes_back(lived_in, empty, tmp_path):
    before = rows_of(lived_in)
    on_postgresql = move(lived_in, empty(postgres=True), tmp_path / "first")
    assert without_epoch(rows_of(on_postgresql)) == without_epoch(before)
    on_sqlite = move(on_postgresql, empty(), tmp_path / "second")
    assert without_epoch(rows_of(on_sqlite)) == without_epoch(before)
    epochs = [rows["chat.site"][0]["epoch"] for rows in (before, rows_of(on_postgresql), rows_of(on_sqlite))]
    assert len(set(epochs)) == 3


@pytest.mark.parametrize("postgres", [None, True])
def test_a_restored_site_goes_on_where_the_other_one_was(lived_in, empty, tmp_path, postgres):
    site = move(lived_in, empty(postgres=postgres), tmp_path / "backup")
    users = {int(row["id"]) for row in rows_of(site)["auth.user"]}
    assert site.python(POST) == [1, 1]
    assert site.add_person("erin") not in users
    assert site.add_room("new")
    assert site.start().sign_in("bob")


def test_the_file_is_whole_or_not_there_and_only_its_owner_s(lived_in, tmp_path):
    file = tmp_path / "backup"
    file.write_text("an older one")
    run = lived_in.manage("backup", str(file))
    assert f"rows are in {file}." in run.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes()[:2] == b"\x1f\x8b"
    assert list(tmp_path.iterdir()) == [file]
    run = lived_in.manage("backup", str(tmp_path / "nowhere" / "backup"), check=False)
    assert run.returncode == 1
    assert "No such file or directory" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_backup_goes_through_a_pipe(lived_in, empty):
    target = empty()
    command = [sys.executable, ROOT / "manage.py"]
    written = subprocess.run([*command, "backup", "-"], env=lived_in.env, cwd=ROOT, capture_output=True, check=True)
    subprocess.run([*command, "restore", "-"], env=target.env, cwd=ROOT, input=written.stdout, check=True)
    assert without_epoch(rows_of(target)) == without_epoch(rows_of(lived_in))


async def test_a_backup_amid_talk_is_a_beginning_of_each_room_s_log(site_postgres_redis, empty, tmp_path):
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
    restored = empty(postgres=True)
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


async def test_a_page_that_held_a_copy_of_the_former_site_begins_anew(fresh_site, empty, tmp_path):
    async with Client(fresh_site.ws_url, fresh_site.sign_in("alice"), ["tea"]) as alice:
        await alice.say("tea", "kept")
        await asyncio.to_thread(fresh_site.manage, "backup", str(tmp_path / "backup"))
        await alice.say("tea", "said after the backup")
        held = alice.copies["tea"]
        since = held.since()
        assert since["since"] == 2
    restored = empty()
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
