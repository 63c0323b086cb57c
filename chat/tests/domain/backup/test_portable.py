"""A portable backup: one state of the database, all tables, and a file whose damage is noticed."""

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
from chat.domain.backup.portable import archive, references, tables
from chat.domain.backup.schema import LEFT_OUT, MADE_BY_MIGRATE, Schema
from chat.domain.errors import Forbidden, Invalid
from chat.tests.talk import head, post_message

HEADER = archive.Header("2026-01-01T00:00:00+00:00", [("chat", "0001_initial")])


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


def test_a_long_table_is_read_in_batches():
    rows = [[number, "x"] for number in range(2 * archive.BATCH_ROWS + 1)]
    parts = [part for _label, _columns, part in read(written(rows))[1]]
    assert [len(part) for part in parts] == [archive.BATCH_ROWS, archive.BATCH_ROWS, 1]
    assert [row for part in parts for row in part] == rows


def test_a_file_cut_short_at_any_byte_is_refused():
    whole = written()
    for length in range(len(whole)):
        with pytest.raises(Invalid):
            archive.check(io.BytesIO(whole[:length]))


def test_a_file_with_any_bit_changed_is_refused_or_has_the_same_contents():
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


def test_bytes_after_the_end_are_refused():
    for tail in (b"more", gzip.compress(b'[3,"c"]\n')):
        with pytest.raises(Invalid):
            archive.check(io.BytesIO(written() + tail))


def test_a_value_without_a_conversion_is_not_written():
    values = [date(2026, 1, 2), timedelta(days=1, microseconds=5), Decimal("1.50"), b"\x00\xff"]
    assert [tables.plain(value) for value in values] == ["2026-01-02", "1 00:00:00.000005", "1.50", "AP8="]
    with pytest.raises(TypeError, match="cannot hold a object"):
        tables.plain(object())


@pytest.mark.django_db
def test_each_table_is_in_a_backup_or_on_the_list_of_those_left_out():
    models = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    models = {label: model for label, model in models.items() if not model._meta.proxy}
    schema = Schema()
    assert schema.models.keys() == models.keys() - LEFT_OUT.keys()
    portable = tables.tables_of(schema)
    assert portable.keys() == models.keys() - LEFT_OUT.keys() - MADE_BY_MIGRATE
    for label, table in portable.items():
        assert set(table.columns) == {field.attname for field in models[label]._meta.local_concrete_fields}


@pytest.mark.django_db
def test_references_to_tables_left_out_are_names():
    for model in Schema().site_models.values():
        for field in model._meta.local_concrete_fields:
            if field.remote_field and field.remote_field.model._meta.label_lower in LEFT_OUT.keys() | MADE_BY_MIGRATE:
                assert field.remote_field.model._meta.label_lower in references.NAMES


@pytest.mark.django_db
@pytest.mark.parametrize("portable_format", [True, False])
def test_an_older_version_does_not_back_up_a_newer_database(portable_format):
    MigrationRecorder(connection).record_applied("chat", "9999_later")
    with pytest.raises(Forbidden, match=r"chat\.9999_later"):
        backup.write(io.BytesIO(), portable_format=portable_format)


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_one_state_whatever_is_posted_meanwhile(harbour, alice):
    post_message(harbour, alice, "before")
    before, interruptions = head(harbour), []

    def interrupt(execute, sql, params, many, context):
        if (sql.startswith("SELECT") and 'FROM "chat_' in sql) or "DECLARE" in sql:
            interruptions.append(sql)
            elsewhere(lambda: post_message(harbour, alice, "meanwhile"))
        return execute(sql, params, many, context)

    stream = io.BytesIO()
    with connection.execute_wrapper(interrupt):
        backup.write(stream, portable_format=True)
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
