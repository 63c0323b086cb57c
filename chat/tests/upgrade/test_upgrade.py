"""A new version's migrations run while the one before it serves; its backups know what it added."""

import asyncio
import tomllib

import pytest

from chat.tests.client import Client
from chat.tests.rows import live, rows_of, without_epoch
from chat.tests.services import Site
from chat.tests.services.environment import ROOT

NEXT = {"DJANGO_SETTINGS_MODULE": "chat.tests.upgrade.settings", "FOLLOWING": "additive"}
MOODS = """
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT mood, count(*) FROM chat_message GROUP BY mood")
        result = cursor.fetchall()
"""
MARK = """
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO chat_bookmark (message_id) SELECT id FROM chat_message")
        cursor.execute("UPDATE chat_message SET mood = 'merry'")
"""
MARKED = """
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT b.id, m.id, mood FROM chat_bookmark b JOIN chat_message m ON m.id = message_id")
        result = sorted(cursor.fetchall())
"""
SAID = """
    from chat.models import Message
    result = list(Message.objects.filter(room__slug="tea").order_by("seq").values_list("text", flat=True))
"""


@pytest.fixture(params=[{"workers": 1}, {"workers": 2, "postgres": True, "redis": True}], ids=["sqlite", "postgresql"])
def served(make_site, request) -> Site:
    """A site that serves."""
    return make_site(CHAT_POST_RATE=0, **request.param)


@pytest.fixture
def kept(new_site):
    """Function that makes a site's database, migrated or with its cast, and starts nothing."""
    sites = []

    def make(**options):
        sites.append(new_site(**options))
        return sites[-1]

    yield make
    for site in sites:
        site.stop()


async def test_people_talk_on_while_the_next_version_migrates(served):
    people = [
        Client(worker.ws_url, served.sign_in(name), ["tea"])
        for worker, name in zip([served.workers[0], served.workers[-1]], ("alice", "bob"), strict=True)
    ]
    said, done = [], asyncio.Event()

    async def talk(person: Client) -> None:
        while not done.is_set():
            body = f"line {len(said)}"
            said.append(body)
            message = await person.say("tea", body)
            await person.insist("react", message=message["id"], emoji="👍", on=True)

    async def more(lines: int) -> None:
        goal = len(said) + lines
        while len(said) < goal:
            await asyncio.sleep(0.02)

    async with people[0], people[1], asyncio.timeout(120):
        async with asyncio.TaskGroup() as tasks:
            for person in people:
                tasks.create_task(talk(person))
            await more(20)
            await asyncio.to_thread(served.manage, "migrate", "--no-input", **NEXT)
            await more(20)
            done.set()
        stored = await asyncio.to_thread(served.python, SAID)
        assert sorted(stored) == sorted(said)
        for person in people:
            await person.until(lambda held=person.copies["tea"]: not held.behind and len(held.messages) == len(said))
            assert not person.faults
            assert person.connections == 1
    assert await asyncio.to_thread(served.python, MOODS) == [["calm", len(said)]]


@pytest.mark.parametrize("postgres", [None, True], ids=["sqlite", "postgresql"])
def test_a_backup_can_be_made_between_the_new_code_and_its_migrations(kept, tmp_path, postgres):
    source, target = kept(postgres=postgres), kept(postgres=postgres, peopled=False)
    live(source)
    source.manage("backup", str(tmp_path / "backup"), **NEXT)
    target.manage("restore", str(tmp_path / "backup"))
    assert without_epoch(rows_of(target)) == without_epoch(rows_of(source))


@pytest.mark.parametrize("postgres", [None, True], ids=["sqlite", "postgresql"])
def test_what_a_version_adds_is_in_its_backups_without_being_remembered(kept, tmp_path, postgres):
    source, target = kept(postgres=postgres), kept(peopled=False)
    live(source)
    for site in (source, target):
        site.manage("migrate", **NEXT)
    source.python(MARK)
    source.manage("backup", str(tmp_path / "backup"), **NEXT)
    target.manage("restore", str(tmp_path / "backup"), **NEXT)
    assert len(source.python(MARKED)) > 3
    assert target.python(MARKED) == source.python(MARKED)


def test_the_version_before_leaves_a_newer_one_s_database_to_that(kept, tmp_path):
    site = kept()
    site.manage("migrate", **NEXT)
    run = site.manage("backup", str(tmp_path / "backup"), check=False)
    assert run.returncode == 1
    assert "A newer version has changed this database (chat.9999_mood)" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_linter_lets_pass_what_we_have_and_what_only_adds_and_finds_what_breaks(kept):
    site = kept(peopled=False, postgres=True)
    ours = len(list((ROOT / "chat/migrations").glob("0*.py")))
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["django_migration_linter"]
    # The linter ignores the initial migration by itself.
    valid = ours - 1 - len(config["ignore_name"])
    assert f"Valid migrations: {valid}/{ours}" in lint(site, "").stdout
    assert f"Valid migrations: {valid + 1}/{ours + 1}" in lint(site, "additive").stdout
    run = lint(site, "breaking", check=False)
    assert run.returncode == 1
    assert "NOT NULL constraint on columns" in run.stdout


def lint(site, following, **options):
    return site.manage("lintmigrations", **NEXT | {"FOLLOWING": following}, **options)
