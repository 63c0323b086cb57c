"""`manage.py restore` refuses a native backup that does not fit or was forged, and then changes nothing."""

import hashlib
import json
import sqlite3
import zipfile

import pytest

from chat.tests.rows import rows_of

MEMBER = "database.sqlite3"
LOCAL_HEADER_BYTES = 30  # https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, section 4.3.7
ON = {"sqlite": None, "postgresql": True}


@pytest.fixture(scope="module")
def native_backup(filled_site_on, tmp_path_factory):
    """Function that gives a native backup of a site on this kind of database."""
    files = {}

    def get(kind):
        if kind not in files:
            files[kind] = tmp_path_factory.mktemp("native") / kind
            filled_site_on(ON[kind]).manage("backup", str(files[kind]))
        return files[kind]

    return get


@pytest.fixture(scope="module")
def empty_on(new_site):
    """Function that gives a site that was only migrated, on this kind of database."""
    sites = {}

    def get(kind):
        if kind not in sites:
            sites[kind] = new_site(with_users=False, postgres=ON[kind])
            sites[kind].python("from chat.models import Site\nSite.current()")
        return sites[kind]

    yield get
    for site in sites.values():
        site.stop()


def forged(source, target, change):
    """A copy of an archive whose members went through `change(name, contents)`, with a manifest that fits them."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as copy:
        manifest = json.loads(archive.read("manifest.json"))
        for member in manifest["members"]:
            contents = change(member["name"], archive.read(member["name"]))
            member |= {"size": len(contents), "sha256": hashlib.sha256(contents).hexdigest()}
            copy.writestr(member["name"], contents)
        copy.writestr("manifest.json", json.dumps(manifest))
    return target


def middle_of_largest_member(file) -> int:
    """A position within its contents: some bytes of the headers between members, such as their times, mean nothing."""
    with zipfile.ZipFile(file) as archive:
        largest = max(archive.infolist(), key=lambda member: member.compress_size)
        return largest.header_offset + largest.compress_size // 2 + LOCAL_HEADER_BYTES + len(largest.filename)


def with_sql(source, target, sql):
    """A native backup of SQLite in whose database these statements were run."""

    def change(name, contents):
        if name != MEMBER:
            return contents
        file = target.with_suffix(".sqlite3")
        file.write_bytes(contents)
        with sqlite3.connect(file, isolation_level=None) as database:
            database.executescript(sql)
        database.close()
        return file.read_bytes()

    return forged(source, target, change)


def assert_refused(site, file, reason):
    before = rows_of(site)
    run = site.manage("restore", str(file), check=False)
    assert run.returncode == 1
    assert reason in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert rows_of(site) == before
    assert not list(site.folder.glob(".parley-backup-*"))


@pytest.mark.parametrize(("made_on", "restored_on"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_a_native_backup_of_another_database_is_refused(native_backup, empty_on, made_on, restored_on):
    assert_refused(empty_on(restored_on), native_backup(made_on), "Make one with manage.py backup --portable")


@pytest.mark.parametrize("kind", ON)
def test_a_site_with_users_is_not_changed(native_backup, filled_site_on, kind):
    assert_refused(filled_site_on(ON[kind]), native_backup(kind), "This site is not empty (")


@pytest.mark.parametrize("kind", ON)
def test_a_truncated_or_damaged_backup_is_refused(native_backup, empty_on, tmp_path, kind):
    complete, file = native_backup(kind).read_bytes(), tmp_path / "file"
    file.write_bytes(complete[: len(complete) // 2])
    assert_refused(empty_on(kind), file, "This backup is damaged, or a part of it is missing.")
    damaged = bytearray(complete)
    middle = middle_of_largest_member(native_backup(kind))
    # Not a single bit: in compressed zeros another distance may mean the same contents.
    damaged[middle : middle + 16] = bytes(byte ^ 0xFF for byte in damaged[middle : middle + 16])
    file.write_bytes(damaged)
    assert_refused(empty_on(kind), file, "This backup is damaged, or a part of it is missing.")


@pytest.mark.parametrize("kind", ON)
def test_a_backup_of_a_newer_version_is_refused(native_backup, empty_on, tmp_path, kind):
    def newer(name, contents):
        if name != "header.json":
            return contents
        header = json.loads(contents)
        return json.dumps(header | {"migrations": [*header["migrations"], ["chat", "9999_later"]]}).encode()

    file = forged(native_backup(kind), tmp_path / "file", newer)
    assert_refused(empty_on(kind), file, "of a version that is not known here: chat.9999_later.")


def test_inconsistent_rows_are_refused_on_postgresql(native_backup, empty_on, tmp_path):
    def without_rooms(name, contents):
        return b"" if name == "tables/chat.room.copy" else contents

    def twice(name, contents):
        return contents * 2 if name == "tables/chat.room.copy" else contents

    def ended_early(name, contents):
        return b"\\.\n" + contents if name == "tables/chat.mention.copy" else contents

    def not_text(name, contents):
        return b"\xff" + contents if name == "tables/chat.room.copy" else contents

    for change in (without_rooms, twice, ended_early, not_text):
        file = forged(native_backup("postgresql"), tmp_path / "file", change)
        assert_refused(empty_on("postgresql"), file, "This backup does not")


def test_inconsistent_rows_are_refused_on_sqlite(native_backup, empty_on, tmp_path):
    for sql in (
        "PRAGMA foreign_keys = OFF; DELETE FROM chat_room",
        "PRAGMA foreign_keys = OFF; UPDATE chat_invite SET created_by_id = 99",
    ):
        file = with_sql(native_backup("sqlite"), tmp_path / "file", sql)
        assert_refused(empty_on("sqlite"), file, "This backup does not fit into this database")


def test_a_forged_table_is_refused_on_sqlite(native_backup, empty_on, tmp_path):
    for sql in (
        "DROP TABLE chat_mention",
        "DROP TABLE chat_mention; CREATE VIEW chat_mention AS SELECT 1 AS id, 1 AS seq, 1 AS message_id, 1 AS room_id,"
        "1 AS user_id",
        "ALTER TABLE chat_mention ADD COLUMN more",
    ):
        file = with_sql(native_backup("sqlite"), tmp_path / "file", sql)
        assert_refused(empty_on("sqlite"), file, "The columns of chat.mention are not those of this database.")
    file = forged(
        native_backup("sqlite"), tmp_path / "file", lambda name, text: b"x" * 9999 if name == MEMBER else text
    )
    assert_refused(empty_on("sqlite"), file, "This backup is damaged, or a part of it is missing.")


def test_triggers_and_views_of_a_forged_database_are_not_restored(native_backup, new_site, tmp_path):
    sql = """
        CREATE TRIGGER evil AFTER INSERT ON chat_message BEGIN UPDATE chat_site SET name = 'evil'; END;
        CREATE VIEW more AS SELECT 1;
        CREATE TABLE another (id integer)
    """
    site = new_site(with_users=False)
    site.manage("restore", str(with_sql(native_backup("sqlite"), tmp_path / "file", sql)))
    with sqlite3.connect(site.folder / "parley.sqlite3") as database:
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    database.close()
    site.stop()
    assert "chat_message" in names
    assert not names & {"evil", "more", "another"}


def test_sql_in_the_rows_of_a_forged_backup_is_only_text(native_backup, empty_site, tmp_path):
    def change(name, contents):
        return (
            contents.replace(b"only us", b"'; DROP TABLE chat_site; --") if name.endswith("message.copy") else contents
        )

    site = empty_site(postgres=True)
    site.manage("restore", str(forged(native_backup("postgresql"), tmp_path / "file", change)))
    assert "'; DROP TABLE chat_site; --" in [row["text"] for row in rows_of(site)["chat.message"]]
