"""Forged portable backups are refused with one sentence, in bounded memory, and nothing of them is stored."""

import gzip
import io
import json
import tracemalloc
from hashlib import sha256

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from chat.domain import backup, messages, rooms
from chat.domain.backup.portable import archive, restoring
from chat.domain.backup.schema import Schema
from chat.domain.errors import DomainError, Invalid
from chat.models import Message, Room
from chat.tests.cast import person
from chat.tests.talk import post_message

pytestmark = [pytest.mark.django_db, pytest.mark.extended]

VALUES = [None, True, -1, 10**30, 1e300, "", "x", "\0", "\ud83d", "9999-99-99", "x" * 10_000, [], ["a", 1], [[]], {}]
"""For each column at least one value has a wrong type, length or range. Other columns accept the same value."""


@pytest.fixture(autouse=True)
def one_schema(monkeypatch):
    """Read the migrations only once in each test, because that takes longer than a restore."""
    schema = Schema()
    monkeypatch.setattr(restoring, "Schema", lambda: schema)


@pytest.fixture
def lines() -> list:
    """The lines of a small site's backup, parsed, without the last one."""
    stream = io.BytesIO()
    with transaction.atomic():
        alice, bob = person("alice"), person("bob")
        room = rooms.create(slug="pier", name="Pier", by=alice)
        rooms.join(room=room, user=bob)
        posted = post_message(room, alice, "Ahoy @bob")
        messages.react(message=posted.pk, by=bob, emoji="👋", on=True)
        messages.edit(message=posted.pk, by=alice, body="Ahoy, @bob")
        backup.write(stream, portable_format=True)
        transaction.set_rollback(True)
    ContentType.objects.clear_cache()
    return [json.loads(line) for line in gzip.decompress(stream.getvalue()).splitlines()[:-1]]


def signed(lines: list[bytes]) -> io.BytesIO:
    """A backup of these lines, with a last line whose count and digest fit them."""
    end = {"rows": sum(line.startswith(b"[") for line in lines), "sha256": sha256(b"".join(lines)).hexdigest()}
    return io.BytesIO(gzip.compress(b"".join([*lines, json.dumps(end).encode()]), 1))


def file_of(entries: list) -> io.BytesIO:
    """A backup with these entries, with a fitting last line."""
    return signed([json.dumps(entry).encode() + b"\n" for entry in entries])


def refused(file: io.BytesIO) -> str:
    """Restore a file, which must fail and store nothing. Returns the sentence of the error."""
    with pytest.raises(DomainError) as caught, transaction.atomic():
        backup.restore(file)
    assert not get_user_model().objects.exists()
    assert not Room.objects.exists()
    return str(caught.value.detail)


def rows_in(lines: list):
    """Yield the number of the line of each table's first row, and the table."""
    for place, line in enumerate(lines):
        if isinstance(line, dict) and "table" in line and place + 1 < len(lines) and isinstance(lines[place + 1], list):
            yield place + 1, line


def test_a_complete_backup_is_restored(lines):
    assert backup.restore(file_of(lines)).rows == sum(isinstance(line, list) for line in lines)
    assert Message.objects.get().text == "Ahoy, @bob"


def kinds_of_columns(lines: list):
    """The place of a row and the number of a column in it, one for each kind of field: fields of a kind share code."""
    models, seen = Schema().models, set()
    for place, table in rows_in(lines):
        fields = {field.attname: field for field in models[table["table"]]._meta.local_concrete_fields}
        for column, name in enumerate(table["columns"]):
            field = fields[name]
            kind = (type(field), field.null, field.unique, field.max_length is None)
            if kind not in seen:
                seen.add(kind)
                yield place, column


def test_a_wrong_value_is_refused_or_stored_and_never_an_unhandled_error(lines):
    refusals = []
    for place, column in kinds_of_columns(lines):
        for value in VALUES:
            row = [*lines[place][:column], value, *lines[place][column + 1 :]]
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        backup.restore(file_of([*lines[:place], row, *lines[place + 1 :]]))
                except Invalid as error:
                    refusals.append(str(error.detail))
                transaction.set_rollback(True)
            ContentType.objects.clear_cache()
    assert len(refusals) > 60
    assert all(refusals)


def test_a_row_of_another_length_is_refused(lines):
    for place, _table in rows_in(lines):
        for row in (lines[place][:-1], [*lines[place], 1], []):
            assert refused(file_of([*lines[:place], row, *lines[place + 1 :]]))


def test_the_error_names_an_unknown_column_or_table(lines):
    [place] = [place for place, line in enumerate(lines) if isinstance(line, dict) and line.get("table") == "chat.room"]
    table = lines[place]
    other = table | {"columns": ["mood", *table["columns"][1:]]}
    assert "chat.room has no column mood" in refused(file_of([*lines[:place], other, *lines[place + 1 :]]))
    other = table | {"table": "chat.pier"}
    assert "there is no table chat.pier" in refused(file_of([*lines[:place], other, *lines[place + 1 :]]))


WRONG = [..., None, 1, [1], [["chat"]], [["chat", 1]], {}]


@pytest.mark.parametrize(
    ("field", "value"),
    [*((field, value) for field in ("made_at", "migrations") for value in WRONG), ("migrations", "x")],
)
def test_a_header_with_a_missing_or_wrong_field_is_refused(lines, field, value):
    header = {name: own for name, own in lines[0].items() if name != field}
    if value is not ...:
        header[field] = value
    assert refused(file_of([header, *lines[1:]])) == "This backup has a line that no backup has."


@pytest.mark.parametrize(
    "entry",
    [{"table": 1, "columns": []}, {"table": "chat.room"}, {"table": "chat.room", "columns": [1]}, 1, None, "x", True],
)
def test_a_line_that_is_neither_a_table_nor_a_row_is_refused(lines, entry):
    assert refused(file_of([lines[0], entry, [1]])) == "This backup has a line that no backup has."
    assert refused(file_of([lines[0], [1]])) == "This backup has a line that no backup has."


@pytest.mark.parametrize("line", [b"[" * 200_000, b'{"a":' * 200_000, b"[1", b"\xff", b"[" + b"9" * 5000 + b"]"])
def test_invalid_or_deeply_nested_json_is_refused(lines, line):
    header = json.dumps(lines[0]).encode() + b"\n"
    assert refused(signed([header, line + b"\n"])) == "This backup has a line that no backup has."
    assert refused(signed([line + b"\n"])) == "This is not a backup."


def test_a_line_that_is_too_long_is_refused_before_it_is_read():
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1) as file:
        for _mebibyte in range(300):
            file.write(b"[" * 2**20)
    assert len(stream.getvalue()) > 1_000_000
    tracemalloc.start()
    try:
        stream.seek(0)
        refused(stream)
        assert tracemalloc.get_traced_memory()[1] < 4 * archive.LINE_BYTES
    finally:
        tracemalloc.stop()


def test_long_rows_are_restored_in_small_batches():
    row = ["x" * (archive.LINE_BYTES // 4)]
    entries = [{"format": "x"}, {"table": "chat.room", "columns": ["name"]}, *[row] * 8]
    parts = [len(rows) for _label, _columns, rows in archive.batches(file_of(entries))]
    assert sum(parts) == 8
    assert max(parts) <= 4


def test_a_row_that_is_too_long_is_not_written():
    writer = archive.Writer(io.BytesIO(), archive.Header("2026-01-01T00:00:00+00:00", []))
    with pytest.raises(Invalid, match="longer than"):
        writer.table("chat.room", ["name"], [["x" * archive.LINE_BYTES]], str)
