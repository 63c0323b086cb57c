"""Fills the databases of two sites, one on each database, with the same messages and their documents.

`python -m bench.searching.filling people OUT` makes people and rooms of the site of the environment. OUT is a JSON file
with what `Site.clients` needs: sessions of some people of one room. `… finish` does what jobs do once with messages.
`python -m bench.searching.filling messages COUNT POSTGRESQL_URL SQLITE_FILE OUT` writes the messages of both, each
document computed once, and OUT: the seconds that the parts took, as JSON. Rows are written in bulk, because writing
them is not measured; the indexes of search are built at the end, as a restored site does.
"""

import json
import re
import sqlite3
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

PEOPLE = 200
ROOMS = 200
POSTING = 16
"""People of the first room who post at the same time."""
READER_EVERY = 4
"""The reader, person 1, is a member of each fourth room."""
FIRST_DAY = datetime(2024, 11, 1, tzinfo=UTC)
DAYS = 750
CHUNK = 5_000
SAVED_EVERY, PINNED_EVERY, REACTION_EVERY, UNREAD = 4_001, 2_003, 997, 5
"""Messages that the reader saved, that are pinned, that have a reaction; unread ones of the reader in each room."""
_PINNED = '{"by": {"id": 1, "name": "person-000"}, "at": "2026-01-01T00:00:00Z"}'
_LINK = r'<a href="\1" rel="nofollow noopener noreferrer">\1</a>'


def fill_people() -> dict[str, Any]:
    """People, private rooms and memberships. Returns the data for `Site.clients`."""
    from django.contrib.auth import get_user_model

    from chat.domain.search import documents
    from chat.models import Membership, Room, RoomHead, SearchIndex, Site

    from ..people import make_sessions

    # The index will be complete: no job builds it.
    SearchIndex.objects.create(pk=1, version=documents.version())
    make = get_user_model()._default_manager.create_user
    users = [make(f"person-{number:03}", f"p{number}@example.org") for number in range(PEOPLE)]
    rooms = [Room(slug=f"room-{number:03}", name=f"Room {number}", kind="private") for number in range(ROOMS)]
    Room.objects.bulk_create(rooms)
    RoomHead.objects.bulk_create(RoomHead(room=room) for room in rooms)
    members = [(room, user) for room in rooms for user in users[1::7]]
    # The reader of the bench is in the rooms that the queries with `in:` name, too.
    members += [(room, users[0]) for number, room in enumerate(rooms) if number % READER_EVERY == 0]
    Membership.objects.bulk_create(Membership(room=room, user=user) for room, user in members)
    sessions = make_sessions(users[1::7][:POSTING])
    return {"rooms": [rooms[0].slug], "sessions": sessions, "epoch": Site.current().epoch}


def finish() -> None:
    """What jobs do once with the messages of an existing site: a measured worker must not do it."""
    from chat.domain import activity

    while not activity.count_new():
        pass


def fill_messages(count: int, postgresql_url: str, sqlite_file: str) -> dict[str, float]:
    """Write messages and documents into both. Returns seconds by the name of the part."""
    import psycopg

    from chat.models import Message, Room
    from chat.models.search import FTS_TABLE, PARTS, TOKENS_WITH_LEVELS

    seconds: dict[str, float] = defaultdict(float)
    names = [field.column for field in Message._meta.local_concrete_fields]
    columns = ", ".join(names)
    rooms = list(Room.objects.order_by("pk").values_list("pk", flat=True))
    with psycopg.connect(postgresql_url) as pg, sqlite3.connect(sqlite_file) as lite:
        search_index = pg.execute(_SEARCH_INDEX).fetchone()[0]
        pg.execute("SET synchronous_commit = off; SET maintenance_work_mem = '1GB'; DROP INDEX search_tokens")
        # The rows refer to rows that exist: foreign keys are not checked one by one.
        pg.execute("SET session_replication_role = replica")
        pg_indexes = pg.execute(_INDEXES).fetchall()
        for name, _sql in pg_indexes:
            pg.execute(f"DROP INDEX {name}")
        lite.execute("PRAGMA synchronous = OFF")
        lite.execute("PRAGMA cache_size = -200000")
        lite.execute("DROP TRIGGER search_insert")
        indexes = lite.execute(
            "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'chat_message' AND type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        for name, _sql in indexes:
            lite.execute(f"DROP INDEX {name}")
        pg.execute("CREATE TEMPORARY TABLE given (id bigint, message_id bigint, tokens tsvector)")
        for rows, documents in _chunks(count, rooms, seconds):
            with _timed(seconds, "rows, PostgreSQL"), pg.cursor() as cursor:
                with cursor.copy(f"COPY chat_message ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                with cursor.copy("COPY given FROM STDIN") as copy:
                    for pk, document, _ in documents:
                        copy.write_row((pk * PARTS, pk, document))
                cursor.execute(
                    f"INSERT INTO chat_searchdocument (id, tokens) SELECT id, {TOKENS_WITH_LEVELS} FROM given; "
                    "TRUNCATE given"
                )
            with _timed(seconds, "rows, SQLite"):
                marks = ", ".join("?" * len(names))
                lite.executemany(f"INSERT INTO chat_message ({columns}) VALUES ({marks})", map(_for_sqlite, rows))
                lite.executemany(
                    "INSERT INTO chat_searchdocument (id, tokens) VALUES (?, ?)",
                    ((pk * PARTS, document) for pk, _, document in documents),
                )
        with _timed(seconds, "index, PostgreSQL"):
            pg.execute(search_index)
            pg.commit()
        for _name, sql in pg_indexes:
            pg.execute(sql)
        pg.execute("SET session_replication_role = DEFAULT")
        pg.execute("SELECT setval(pg_get_serial_sequence('chat_message', 'id'), (SELECT max(id) FROM chat_message))")
        for statement in (_HEADS, *_AROUND):
            pg.execute(statement)
        pg.commit()
        pg.autocommit = True
        pg.execute("VACUUM ANALYZE")
        with _timed(seconds, "index, SQLite"):
            lite.execute(f"INSERT INTO {FTS_TABLE} ({FTS_TABLE}) VALUES ('rebuild')")
        for _name, sql in indexes:
            lite.execute(sql)
        lite.execute(_TRIGGER.format(table=FTS_TABLE))
        for statement in (_HEADS, *_AROUND):
            lite.execute(statement)
        with _timed(seconds, "index of Campfire's kind, SQLite"):
            lite.execute("CREATE VIRTUAL TABLE porter USING fts5(body, tokenize=porter)")
            lite.execute("INSERT INTO porter (rowid, body) SELECT id, text FROM chat_message")
        lite.execute("ANALYZE")
    return seconds


_INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'chat_message' AND indexname NOT IN "
    "(SELECT conname FROM pg_constraint WHERE conrelid = 'chat_message'::regclass)"
)
_HEADS = (
    "UPDATE chat_roomhead SET version = (SELECT coalesce(max(seq), 0) FROM chat_message "
    "WHERE chat_message.room_id = chat_roomhead.room_id)"
)
_READER = "(SELECT id FROM people_user WHERE handle = 'person-000')"
_AROUND = (
    f"INSERT INTO chat_savedmessage (user_id, message_id, saved_at) SELECT {_READER}, id, created_at FROM chat_message "
    f"WHERE id % {SAVED_EVERY} = 0 ",
    "INSERT INTO chat_reaction (message_id, user_id, emoji) SELECT id, author_id, '👍' FROM chat_message "
    f"WHERE id % {REACTION_EVERY} = 0",
    "UPDATE chat_membership SET read_seq = (SELECT version FROM chat_roomhead WHERE chat_roomhead.room_id = "
    f"chat_membership.room_id) - {UNREAD} WHERE user_id = {_READER}",
)
_SEARCH_INDEX = "SELECT indexdef FROM pg_indexes WHERE indexname = 'search_tokens'"
_TRIGGER = (
    "CREATE TRIGGER search_insert AFTER INSERT ON chat_searchdocument BEGIN "
    "INSERT INTO {table} (rowid, tokens) VALUES (new.id, new.tokens); END"
)


def _chunks(count: int, rooms: list[int], seconds: dict[str, float]) -> Iterator[tuple[list, list]]:
    """Rows of messages with all columns, and for each its id and its document in both forms."""
    from chat.domain.search import documents
    from chat.models import Message

    from .corpus import HIDDEN_WORD, Corpus

    fields = Message._meta.local_concrete_fields
    texts = Corpus().texts(count)
    seqs: dict[int, int] = defaultdict(int)
    sample = Message(room_id=1, text="", html="", created_at=FIRST_DAY)
    base = [getattr(sample, field.attname) for field in fields]
    at = {field.attname: place for place, field in enumerate(fields)}
    step = timedelta(days=DAYS) / count
    for first in range(0, count, CHUNK):
        began = time.perf_counter()
        rows, made = [], []
        for pk in range(first + 1, min(count, first + CHUNK) + 1):
            text = next(texts)
            place, author = (pk * 40_503 >> 5) % len(rooms), 1 + (pk * 2_654_435_761 >> 9) % PEOPLE
            room = rooms[place]
            if place % READER_EVERY and pk % 4 == 0:
                text += f" {HIDDEN_WORD}"
            seqs[room] += 1
            row = list(base)
            values = {"id": pk, "room_id": room, "author_id": author, "text": text, "html": _html(text)}
            values["pinned"] = _PINNED if pk % PINNED_EVERY == 0 else None
            values |= {"sender_key": f"u:{author}", "client_id": uuid.UUID(int=pk), "created_at": FIRST_DAY + pk * step}
            for name, value in (values | {"seq": seqs[room], "version": seqs[room]}).items():
                row[at[name]] = value
            rows.append(row)
        seconds["messages"] += time.perf_counter() - began
        began = time.perf_counter()
        for row in rows:
            message = Message(id=row[at["id"]], room_id=row[at["room_id"]], author_id=row[at["author_id"]])
            message.text, message.html = row[at["text"]], row[at["html"]]
            document = documents.document_of(message)
            made.append((message.pk, document.for_postgresql(), document.for_sqlite()))
        seconds["documents"] += time.perf_counter() - began
        yield rows, made


def _html(text: str) -> str:
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    return f"<p>{re.sub(r'(https://[^ ]+)', _LINK, text)}</p>"


def _for_sqlite(row: list) -> list:
    return [
        value.hex
        if isinstance(value, uuid.UUID)
        else value.strftime("%Y-%m-%d %H:%M:%S.%f")
        if isinstance(value, datetime)
        else value
        for value in row
    ]


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds[name] += time.perf_counter() - began


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "people":
        Path(sys.argv[2]).write_text(json.dumps(fill_people()))
    elif sys.argv[1] == "finish":
        finish()
    else:
        _, _, wanted, url, file, out = sys.argv
        Path(out).write_text(json.dumps(fill_messages(int(wanted), url, file)))
