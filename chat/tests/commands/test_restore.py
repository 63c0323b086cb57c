"""`manage.py restore` refuses with a sentence, and then the site is as it was."""

import gzip
import json
from hashlib import sha256

import pytest

from chat.tests.rows import rows_of, without_epoch

EARLIER = "0011_update_proxy_permissions"


@pytest.fixture(scope="module")
def backup(lived_in, tmp_path_factory):
    """Its backup."""
    file = tmp_path_factory.mktemp("backup") / "backup"
    lived_in.manage("backup", str(file))
    return file


@pytest.fixture(scope="module", params=[None, True], ids=["sqlite", "postgresql"])
def empty(new_site, request):
    """A site that was only migrated; it stays so, for it refuses everything."""
    site = new_site(peopled=False, postgres=request.param)
    site.python("from chat.models import Site\nSite.current()")
    yield site
    site.stop()


def refused(site, file):
    """Restore, which must fail; returns what was said."""
    before = rows_of(site)
    run = site.manage("restore", str(file), check=False)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert rows_of(site) == before
    return run.stderr


def changed(backup, tmp_path, change):
    """A backup whose lines went through `change` and were then signed as a whole one is."""
    lines = change(gzip.decompress(backup.read_bytes()).splitlines(keepends=True)[:-1])
    end = {"rows": sum(line.startswith(b"[") for line in lines), "sha256": sha256(b"".join(lines)).hexdigest()}
    file = tmp_path / "changed"
    file.write_bytes(gzip.compress(b"".join([*lines, json.dumps(end).encode()])))
    return file


def with_header(backup, tmp_path, **fields):
    return changed(
        backup, tmp_path, lambda lines: [json.dumps(json.loads(lines[0]) | fields).encode() + b"\n", *lines[1:]]
    )


def test_a_site_with_people_is_left_alone(lived_in, backup):
    assert "This site is not empty (" in refused(lived_in, backup)


def test_a_site_that_somebody_has_begun_to_use_is_left_alone(new_site, backup):
    site = new_site(peopled=False)
    site.python("from django.contrib.auth.models import Group\nGroup.objects.create(name='helpers')")
    assert "This site is not empty (auth.group)" in refused(site, backup)
    site.stop()


def test_half_a_file_and_a_damaged_one_are_found_out(empty, backup, tmp_path):
    whole = backup.read_bytes()
    file = tmp_path / "file"
    file.write_bytes(whole[: len(whole) // 2])
    assert "This backup is damaged, or a part of it is missing." in refused(empty, file)
    middle = len(whole) // 2
    file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    assert "This backup is damaged, or a part of it is missing." in refused(empty, file)


def test_what_is_no_backup_is_told_apart(empty, tmp_path):
    file = tmp_path / "file"
    file.write_text("CREATE TABLE")
    assert "This is not a backup." in refused(empty, file)
    file.write_bytes(gzip.compress(b"{}\n"))
    assert "This is not a backup." in refused(empty, file)
    assert "No such file or directory" in refused(empty, tmp_path / "none")


def test_a_backup_of_a_newer_version_is_refused(empty, backup, tmp_path):
    assert "its format is not known here" in refused(empty, with_header(backup, tmp_path, version=2))
    with gzip.open(backup) as lines:
        migrations = json.loads(lines.readline())["migrations"]
    file = with_header(backup, tmp_path, migrations=[*migrations, ["chat", "9999_later"]])
    assert "of a version that is not known here: chat.9999_later." in refused(empty, file)


def test_rows_that_do_not_belong_together_leave_nothing_behind(empty, backup, tmp_path):
    def without_users(lines):
        start = next(n for n, line in enumerate(lines) if line.startswith(b'{"table":"auth.user",'))
        return [line for n, line in enumerate(lines) if not (n > start and line.startswith(b"[") and b"argon2" in line)]

    assert "does not fit into this database" in refused(empty, changed(backup, tmp_path, without_users))

    def twice(lines):
        return [copy for line in lines for copy in ([line] * 2 if line.startswith(b"[") else [line])]

    assert "does not fit into this database" in refused(empty, changed(backup, tmp_path, twice))


def test_a_database_without_tables_is_told_to_be_migrated(new_site, backup, tmp_path):
    site = new_site(DATABASE_URL=f"sqlite:///{tmp_path}/bare.sqlite3")
    run = site.manage("restore", str(backup), check=False)
    assert (run.returncode, "run manage.py migrate first" in run.stderr) == (1, True)


def test_a_backup_of_an_older_version_is_restored_into_its_own_form_and_migrated_then(lived_in, new_site, tmp_path):
    lived_in.manage("migrate", "auth", EARLIER)
    # The code is ahead of the database, as it is between a new version's arrival and its `migrate`.
    lived_in.manage("backup", str(tmp_path / "backup"))
    lived_in.manage("migrate")
    site = new_site(peopled=False)
    assert f"manage.py migrate auth {EARLIER};" in refused(site, tmp_path / "backup")
    site.manage("migrate", "auth", EARLIER)
    site.manage("restore", str(tmp_path / "backup"))
    site.manage("migrate")
    assert without_epoch(rows_of(site)) == without_epoch(rows_of(lived_in))
    site.stop()


def test_a_broken_file_that_says_it_is_whole_is_refused_with_one_sentence(empty, backup, tmp_path):
    deep = b"[" * 100_000 + b"\n"
    endless = b"[" * 300_000_000
    for odd, said in (
        ([json.dumps({"format": "parley backup", "version": 1}).encode() + b"\n"], "a line that no backup has"),
        ([deep], "This is not a backup"),
        ([endless], "a line that no backup has"),
    ):
        file = tmp_path / "odd"
        file.write_bytes(gzip.compress(b"".join(odd), 1))
        assert said in refused(empty, file)
    missing = changed(backup, tmp_path, lambda lines: [lines[0], b'{"table":"chat.room","columns":["id"]}\n', b"[1]\n"])
    assert len(refused(empty, missing).splitlines()) == 1
    after_header = changed(backup, tmp_path, lambda lines: [lines[0], deep])
    assert "a line that no backup has" in refused(empty, after_header)
