"""Migrations of the next version run while this version serves, and its backups hold what it added."""

import asyncio

import pytest

from chat.tests.client import Client
from chat.tests.rows import fill_site, rows_of, without_epoch
from chat.tests.services import Site
from chat.tests.services.environment import ROOT

NEXT = {"DJANGO_SETTINGS_MODULE": "chat.tests.upgrade.settings", "NEXT_MIGRATIONS": "additive"}
MOODS = """
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT mood, count(*) FROM chat_message GROUP BY mood")
        result = cursor.fetchall()
"""
ADD_DATA = """
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO chat_bookmark (message_id) SELECT id FROM chat_message")
        cursor.execute("UPDATE chat_message SET mood = 'merry'")
"""
ADDED_DATA = """
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT b.id, m.id, mood FROM chat_bookmark b JOIN chat_message m ON m.id = message_id")
        result = sorted(cursor.fetchall())
"""
TEXTS = """
    from chat.models import Message
    result = list(Message.objects.filter(room__slug="tea").order_by("seq").values_list("text", flat=True))
"""


@pytest.fixture(params=[{"workers": 1}, {"workers": 2, "postgres": True, "redis": True}], ids=["sqlite", "postgresql"])
def running(make_site, request) -> Site:
    """A running site."""
    return make_site(CHAT_POST_RATE=0, **request.param)


@pytest.fixture
def make_stopped(new_site):
    """Function that makes a site with its database, migrated or with users, and does not start it."""
    sites = []

    def make(**options):
        sites.append(new_site(**options))
        return sites[-1]

    yield make
    for site in sites:
        site.stop()


async def test_people_can_post_while_the_next_version_migrates(running):
    people = [
        Client(worker.ws_url, running.sign_in(name), ["tea"])
        for worker, name in zip([running.workers[0], running.workers[-1]], ("alice", "bob"), strict=True)
    ]
    posted, done = [], asyncio.Event()

    async def post_until_done(person: Client) -> None:
        while not done.is_set():
            body = f"line {len(posted)}"
            posted.append(body)
            message = await person.post_message("tea", body)
            await person.request_until_answered("react", message=message["id"], emoji="👍", on=True)

    async def wait_for_more(lines: int) -> None:
        goal = len(posted) + lines
        while len(posted) < goal:
            await asyncio.sleep(0.02)

    async with people[0], people[1], asyncio.timeout(120):
        async with asyncio.TaskGroup() as tasks:
            for person in people:
                tasks.create_task(post_until_done(person))
            await wait_for_more(20)
            await asyncio.to_thread(running.manage, "migrate", "--no-input", **NEXT)
            await wait_for_more(20)
            done.set()
        stored = await asyncio.to_thread(running.python, TEXTS)
        assert sorted(stored) == sorted(posted)
        for person in people:
            await person.until(lambda held=person.copies["tea"]: not held.behind and len(held.messages) == len(posted))
            assert not person.faults
            assert person.connections == 1
    assert await asyncio.to_thread(running.python, MOODS) == [["calm", len(posted)]]


@pytest.mark.parametrize("postgres", [None, True], ids=["sqlite", "postgresql"])
def test_a_backup_can_be_made_between_the_new_code_and_its_migrations(make_stopped, tmp_path, postgres):
    source, target = make_stopped(postgres=postgres), make_stopped(postgres=postgres, with_users=False)
    fill_site(source)
    source.manage("backup", str(tmp_path / "backup"), **NEXT)
    target.manage("restore", str(tmp_path / "backup"))
    assert without_epoch(rows_of(target)) == without_epoch(rows_of(source))


@pytest.mark.parametrize("postgres", [None, True], ids=["sqlite", "postgresql"])
def test_a_backup_holds_the_tables_and_columns_that_a_version_added(make_stopped, tmp_path, postgres):
    source, target = make_stopped(postgres=postgres), make_stopped(with_users=False, postgres=postgres)
    fill_site(source)
    for site in (source, target):
        site.manage("migrate", **NEXT)
    source.python(ADD_DATA)
    source.manage("backup", str(tmp_path / "backup"), **NEXT)
    target.manage("restore", str(tmp_path / "backup"), **NEXT)
    assert len(source.python(ADDED_DATA)) > 3
    assert target.python(ADDED_DATA) == source.python(ADDED_DATA)


def test_this_version_refuses_to_back_up_the_database_of_a_newer_one(make_stopped, tmp_path):
    site = make_stopped()
    site.manage("migrate", **NEXT)
    run = site.manage("backup", str(tmp_path / "backup"), check=False)
    assert run.returncode == 1
    assert "A newer version has changed this database (chat.9999_mood)" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_linter_accepts_an_additive_migration_and_refuses_a_breaking_one(make_stopped):
    site = make_stopped(with_users=False, postgres=True)
    # The linter ignores initial migrations: no version before them serves meanwhile.
    later = [path for path in (ROOT / "chat/migrations").glob("0*.py") if path.stem != "0001_initial"]
    assert f"Valid migrations: {len(later)}/" in lint(site, "").stdout
    assert f"Valid migrations: {len(later) + 1}/" in lint(site, "additive").stdout
    run = lint(site, "breaking", check=False)
    assert run.returncode == 1
    assert "NOT NULL constraint on columns" in run.stdout


def lint(site, folder, **options):
    return site.manage("lintmigrations", **NEXT | {"NEXT_MIGRATIONS": folder}, **options)
