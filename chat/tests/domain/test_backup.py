"""A backup: one state of the database, all of its tables, and a file that tells when it is not whole."""

import gzip
import io
import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from chat.domain import backup
from chat.domain.backup import archive, tables
from chat.domain.errors import Forbidden, Invalid
from chat.tests.talk import head, say

HEADER = archive.Header("2026-01-01T00:00:00+00:00", [("chat", "0001_log")])


def written(rows=((1, "a"), (2, "b"))) -> bytes:
    """A small backup's file."""
    stream = io.BytesIO()
    writer = archive.Writer(stream, HEADER)
    writer.table("chat.room", ["id", "name"], rows, tables.plain)
    writer.end()
    return stream.getvalue()


def read(file: bytes):
    """What is in it, once it was found whole."""
    return archive.check(io.BytesIO(file)), list(archive.batches(io.BytesIO(file)))


def test_what_was_written_is_read():
    assert read(written()) == (HEADER, [("chat.room", ["id", "name"], [[1, "a"], [2, "b"]])])


def test_a_long_table_is_read_in_parts():
    rows = [[number, "x"] for number in range(2 * archive.BATCH_ROWS + 1)]
    parts = [part for _label, _columns, part in read(written(rows))[1]]
    assert [len(part) for part in parts] == [archive.BATCH_ROWS, archive.BATCH_ROWS, 1]
    assert [row for part in parts for row in part] == rows


def test_wherever_a_file_is_cut_short_it_is_found_out():
    whole = written()
    for length in range(len(whole)):
        with pytest.raises(Invalid):
            archive.check(io.BytesIO(whole[:length]))


def test_whichever_bit_of_a_file_flips_it_is_found_out_or_means_nothing():
    whole = written()
    for place in range(len(whole)):
        for bit in range(8):
            file = bytearray(whole)
            file[place] ^= 1 << bit
            try:
                found = read(bytes(file))
            except Invalid:
                continue
            # Gzip has bits that say nothing of the content, such as the time in its head.
            assert found == read(whole)


def test_what_was_added_to_a_file_is_found_out():
    for tail in (b"more", gzip.compress(b'[3,"c"]\n')):
        with pytest.raises(Invalid):
            archive.check(io.BytesIO(written() + tail))


def test_a_value_that_nobody_could_read_again_is_not_written():
    values = [date(2026, 1, 2), timedelta(days=1, microseconds=5), Decimal("1.50"), b"\x00\xff"]
    assert [tables.plain(value) for value in values] == ["2026-01-02", "1 00:00:00.000005", "1.50", "AP8="]
    with pytest.raises(TypeError, match="cannot hold a object"):
        tables.plain(object())


@pytest.mark.django_db
def test_each_table_is_in_a_backup_or_on_the_list_of_those_left_out():
    models = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
    held = tables.Schema().tables
    assert held.keys() | tables.LEFT_OUT.keys() == {model._meta.label_lower for model in models}
    assert not held.keys() & tables.LEFT_OUT.keys()
    for model in models:
        if model._meta.label_lower in held:
            columns = {field.attname for field in model._meta.local_concrete_fields}
            assert set(held[model._meta.label_lower].columns) == columns


@pytest.mark.django_db
def test_a_row_that_refers_to_a_table_left_out_names_what_it_means():
    for table in tables.Schema().tables.values():
        for field in table.model._meta.local_concrete_fields:
            if field.remote_field and not tables.is_stored(field.remote_field.model):
                assert field.remote_field.model._meta.label_lower in tables.NAMES


@pytest.mark.django_db
def test_a_database_of_a_newer_version_is_not_backed_up_by_an_older_one():
    MigrationRecorder(connection).record_applied("chat", "9999_later")
    with pytest.raises(Forbidden, match=r"chat\.9999_later"):
        backup.write(io.BytesIO())


@pytest.mark.django_db(transaction=True)
def test_whatever_is_said_while_it_is_written_a_backup_is_one_state(harbour, alice):
    say(harbour, alice, "before")
    before, interruptions = head(harbour), []

    def interrupt(execute, sql, params, many, context):
        if (sql.startswith("SELECT") and 'FROM "chat_' in sql) or "DECLARE" in sql:
            interruptions.append(sql)
            elsewhere(lambda: say(harbour, alice, "meanwhile"))
        return execute(sql, params, many, context)

    stream = io.BytesIO()
    with connection.execute_wrapper(interrupt):
        backup.write(stream)
    assert len(interruptions) >= 5
    rows = {}
    for label, columns, part in read(stream.getvalue())[1]:
        rows.setdefault(label, []).extend(dict(zip(columns, row, strict=True)) for row in part)
    [room_head] = rows["chat.roomhead"]
    assert room_head["version"] == before
    assert [message["text"] for message in rows["chat.message"]] == ["before"]
    assert head(harbour) == before + len(interruptions)


def elsewhere(work) -> None:
    """Do `work` on another connection, and wait for it."""

    def run():
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
