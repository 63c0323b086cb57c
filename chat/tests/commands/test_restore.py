"""`manage.py restore` refuses a portable backup with one sentence and changes nothing."""

import gzip
import json
from hashlib import sha256

import pytest

from chat.tests.rows import rows_of, without_epoch

EARLIER = "0002_logentry_remove_auto_add"


@pytest.fixture(scope="module")
def backup(filled_site, tmp_path_factory):
    """A portable backup of `filled_site`."""
    file = tmp_path_factory.mktemp("backup") / "backup"
    filled_site.manage("backup", "--portable", str(file))
    return file


ON = [pytest.param(None, id="sqlite"), pytest.param(True, id="postgresql", marks=pytest.mark.extended)]


@pytest.fixture(scope="module", params=ON)
def empty(new_site, request):
    """A site without rows, only migrated. All tests share it, because each restore into it must fail."""
    site = new_site(with_users=False, postgres=request.param)
    site.python("from chat.models import Site\nSite.current()")
    yield site
    site.stop()


def refused(site, file):
    """Restore, which must fail and change nothing. Return the error output."""
    before = rows_of(site)
    run = site.manage("restore", str(file), check=False)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert rows_of(site) == before
    return run.stderr


def changed(backup, tmp_path, change):
    """A copy of the backup, with the lines that `change` returns and a digest that fits them."""
    lines = change(gzip.decompress(backup.read_bytes()).splitlines(keepends=True)[:-1])
    end = {"rows": sum(line.startswith(b"[") for line in lines), "sha256": sha256(b"".join(lines)).hexdigest()}
    file = tmp_path / "changed"
    file.write_bytes(gzip.compress(b"".join([*lines, json.dumps(end).encode()])))
    return file


def with_header(backup, tmp_path, **fields):
    return changed(
        backup, tmp_path, lambda lines: [json.dumps(json.loads(lines[0]) | fields).encode() + b"\n", *lines[1:]]
    )


@pytest.mark.core
def test_a_site_with_users_is_not_changed(filled_site, backup):
    assert "This site is not empty (" in refused(filled_site, backup)


def test_a_site_with_any_row_is_not_changed(new_site, backup):
    site = new_site(with_users=False)
    site.python("from django.contrib.auth.models import Group\nGroup.objects.create(name='helpers')")
    assert "This site is not empty (auth.group)" in refused(site, backup)
    site.stop()


@pytest.mark.core
def test_a_truncated_or_damaged_file_is_refused(empty, backup, tmp_path):
    whole = backup.read_bytes()
    file = tmp_path / "file"
    file.write_bytes(whole[: len(whole) // 2])
    assert "This backup is damaged, or a part of it is missing." in refused(empty, file)
    middle = len(whole) // 2
    file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    assert "This backup is damaged, or a part of it is missing." in refused(empty, file)


def test_a_file_that_is_no_backup_is_refused(empty, tmp_path):
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


def test_inconsistent_rows_are_refused(empty, backup, tmp_path):
    def without_users(lines):
        start = next(n for n, line in enumerate(lines) if line.startswith(b'{"table":"people.user",'))
        return [line for n, line in enumerate(lines) if not (n > start and line.startswith(b"[") and b"argon2" in line)]

    assert "does not fit into this database" in refused(empty, changed(backup, tmp_path, without_users))

    def twice(lines):
        return [copy for line in lines for copy in ([line] * 2 if line.startswith(b"[") else [line])]

    assert "does not fit into this database" in refused(empty, changed(backup, tmp_path, twice))


def test_the_error_for_a_database_without_tables_says_to_migrate(new_site, backup, tmp_path):
    site = new_site(DATABASE_URL=f"sqlite:///{tmp_path}/bare.sqlite3")
    run = site.manage("restore", str(backup), check=False)
    assert (run.returncode, "run manage.py migrate first" in run.stderr) == (1, True)


@pytest.mark.parametrize("options", [[], ["--portable"]], ids=["native", "portable"])
def test_a_backup_of_an_older_version_is_restored_before_the_last_migrations(filled_site, new_site, tmp_path, options):
    filled_site.manage("migrate", "admin", EARLIER)
    # The database is older than the code, as after an upgrade of the code and before `migrate`.
    filled_site.manage("backup", *options, str(tmp_path / "backup"))
    filled_site.manage("migrate")
    site = new_site(with_users=False)
    assert f"manage.py migrate admin {EARLIER};" in refused(site, tmp_path / "backup")
    site.manage("migrate", "admin", EARLIER)
    site.manage("restore", str(tmp_path / "backup"))
    site.manage("migrate")
    assert without_epoch(rows_of(site)) == without_epoch(rows_of(filled_site))
    site.stop()


def test_a_malformed_file_with_a_correct_digest_is_refused_with_one_sentence(empty, backup, tmp_path):
    deep = b"[" * 100_000 + b"\n"
    endless = b"[" * 300_000_000
    for odd, error in (
        ([json.dumps({"format": "parley backup", "version": 1}).encode() + b"\n"], "a line that no backup has"),
        ([deep], "This is not a backup"),
        ([endless], "a line that no backup has"),
    ):
        file = tmp_path / "odd"
        file.write_bytes(gzip.compress(b"".join(odd), 1))
        assert error in refused(empty, file)
    missing = changed(backup, tmp_path, lambda lines: [lines[0], b'{"table":"chat.room","columns":["id"]}\n', b"[1]\n"])
    assert len(refused(empty, missing).splitlines()) == 1
    after_header = changed(backup, tmp_path, lambda lines: [lines[0], deep])
    assert "a line that no backup has" in refused(empty, after_header)
