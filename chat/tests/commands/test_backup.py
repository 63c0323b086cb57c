"""`manage.py backup`: files, and restored sites on the same and on another kind of database."""

import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from chat.tests.rows import rows_of, without_epoch
from chat.tests.services.environment import ROOT

SCHEMA = """
    from django.db import connection
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2")
        else:
            cursor.execute(
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE connamespace = 'public'::regnamespace UNION ALL "
                "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2, 3"
            )
        result = cursor.fetchall()
"""
SESSION = """
    from django.contrib.auth import SESSION_KEY, get_user_model
    from chat.models.session_store import SessionStore
    session = SessionStore()
    session[SESSION_KEY] = str(get_user_model().objects.get_by_natural_key("alice").pk)
    session.create()
    result = session.session_key
"""
POST = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    from chat.models import RoomHead
    alice = get_user_model().objects.get_by_natural_key("alice")
    before = RoomHead.objects.get(room__slug="tea").version
    posted = messages.post(room="tea", author=alice, body="more", client_id=uuid.uuid4())
    result = [posted.version - before, posted.seq - before]
"""


def move(source, target, file, *options):
    source.manage("backup", str(file), *options)
    target.manage("restore", str(file))
    return target


def test_the_site_has_rows_in_each_table(filled_site):
    assert [label for label, rows in rows_of(filled_site).items() if not rows] == []


def test_a_portable_backup_moves_a_site_from_sqlite_to_postgresql_and_back(filled_site, empty_site, tmp_path):
    before = rows_of(filled_site)
    on_postgresql = move(filled_site, empty_site(postgres=True), tmp_path / "first", "--portable")
    assert without_epoch(rows_of(on_postgresql)) == without_epoch(before)
    on_sqlite = move(on_postgresql, empty_site(), tmp_path / "second", "--portable")
    assert without_epoch(rows_of(on_sqlite)) == without_epoch(before)
    epochs = [rows["chat.site"][0]["epoch"] for rows in (before, rows_of(on_postgresql), rows_of(on_sqlite))]
    assert len(set(epochs)) == 3


@pytest.mark.core
@pytest.mark.parametrize("postgres", [None, True], ids=["sqlite", "postgresql"])
def test_a_native_backup_restores_the_same_rows_and_a_new_epoch(filled_site_on, empty_site, tmp_path, postgres):
    source = filled_site_on(postgres)
    before = rows_of(source)
    target = move(source, empty_site(postgres=postgres), tmp_path / "backup")
    assert without_epoch(rows_of(target)) == without_epoch(before)
    assert rows_of(target)["chat.site"][0]["epoch"] != before["chat.site"][0]["epoch"]
    assert target.python(SCHEMA) == source.python(SCHEMA)
    # No backup has the index of search.
    assert target.manage("search", "kettle").stdout == "Nothing was found.\n"
    target.manage("search", "--build")
    target.manage("search", "--check")
    assert "The kettle is new" in target.manage("search", "kettle").stdout


@pytest.mark.parametrize("options", [[], ["--portable"]], ids=["native", "portable"])
@pytest.mark.parametrize("postgres", [None, True], ids=["sqlite", "postgresql"])
def test_a_restored_site_continues_with_the_next_numbers(filled_site_on, empty_site, tmp_path, postgres, options):
    source = filled_site_on(postgres)
    site = move(source, empty_site(postgres=postgres), tmp_path / "backup", *options)
    users = {int(row["id"]) for row in rows_of(site)["people.user"]}
    assert site.python(POST) == [1, 1]
    assert site.add_person("erin") not in users
    assert site.add_room("new")
    assert site.start().sign_in("bob")


@pytest.mark.parametrize("postgres", [None, True], ids=["sqlite", "postgresql"])
def test_sessions_are_not_in_a_native_backup(new_site, tmp_path, postgres):
    site = new_site(postgres=postgres)
    key = site.python(SESSION)
    site.manage("backup", str(tmp_path / "backup"))
    site.stop()
    with zipfile.ZipFile(tmp_path / "backup") as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert any(b"alice" in text for text in contents.values())
    assert not any(key.encode() in text for text in contents.values())


def test_the_file_appears_complete_and_with_mode_0600(filled_site, tmp_path):
    file = tmp_path / "backup"
    file.write_text("an older one")
    run = filled_site.manage("backup", str(file))
    assert f"rows are in {file}." in run.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert zipfile.is_zipfile(file)
    assert list(tmp_path.iterdir()) == [file]
    run = filled_site.manage("backup", str(tmp_path / "nowhere" / "backup"), check=False)
    assert run.returncode == 1
    assert "No such file or directory" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_backup_can_be_piped(filled_site, empty_site):
    target = empty_site()
    command = [sys.executable, ROOT / "manage.py"]
    written = subprocess.run([*command, "backup", "-"], env=filled_site.env, cwd=ROOT, capture_output=True, check=True)
    subprocess.run([*command, "restore", "-"], env=target.env, cwd=ROOT, input=written.stdout, check=True)
    assert without_epoch(rows_of(target)) == without_epoch(rows_of(filled_site))


def test_a_symbolic_link_is_followed(filled_site, tmp_path):
    file, link, dangling = tmp_path / "backup", tmp_path / "link", tmp_path / "dangling"
    file.write_text("an older one")
    link.symlink_to(file)
    dangling.symlink_to("new")
    filled_site.manage("backup", str(link))
    filled_site.manage("backup", str(dangling))
    assert link.is_symlink()
    assert dangling.is_symlink()
    assert file.read_bytes()[:2] == (tmp_path / "new").read_bytes()[:2] == b"PK"
    assert {path.name for path in tmp_path.iterdir()} == {"backup", "link", "dangling", "new"}


def test_a_backup_can_be_written_to_a_fifo_and_read_from_it(filled_site, empty_site, tmp_path):
    fifo, target = tmp_path / "fifo", empty_site()
    os.mkfifo(fifo)
    with subprocess.Popen(
        [sys.executable, ROOT / "manage.py", "restore", str(fifo)],
        env=target.env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as restoring:
        filled_site.manage("backup", str(fifo))
        assert "are restored" in restoring.communicate(timeout=120)[0]
    assert restoring.returncode == 0
    assert stat.S_ISFIFO(fifo.stat().st_mode)
    assert without_epoch(rows_of(target)) == without_epoch(rows_of(filled_site))


def test_a_device_is_written_to_and_not_replaced(filled_site):
    run = filled_site.manage("backup", "/dev/full", check=False)
    assert run.returncode == 1
    assert "No space left on device" in run.stderr
    assert "Traceback" not in run.stderr
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)
