"""Measures the site of the environment: `python -m bench.searching.measuring OUT` writes milliseconds as JSON, by the
clock and of CPU.

Each query is run ROUNDS times as the reader, with everything that a page of results needs. Then the ways of others on
the same data, and the CPU that a post takes with the document and without, in turns.
"""

import json
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import django

ROUNDS = 3
POSTS = 150
TURNS = 4
SLOWEST_S = 3.0


def measure() -> dict[str, Any]:
    """All figures: `queries` has milliseconds by kind; `others` the same for another way; `posts` CPU of one post."""
    from django.contrib.auth import get_user_model
    from django.db import connection

    from chat.domain.errors import DomainError
    from chat.domain.search.find import find
    from chat.domain.search.query import parse

    from .corpus import Corpus

    reader = get_user_model()._default_manager.get_by_natural_key("person-000")

    def search(text: str, order: Any = "newest") -> int:
        query = parse(text, now=datetime.now(UTC), zone=UTC)
        try:
            return len(find(query, reader, order=order).hits)
        except DomainError:
            return -1

    queries = Corpus().queries()
    for texts in queries.values():
        search(texts[0])
    taken = {kind: _times(search, texts) for kind, texts in queries.items()}
    taken["two common words, best first"] = _times(lambda text: search(text, "best"), queries["two common words"])
    rooms = list(reader.memberships.values_list("room", flat=True))
    other = _ilike if connection.vendor == "postgresql" else _porter
    kinds = ("common word", "rare word", "two common words", "Chinese, one character", "Chinese, two characters")
    compared = {kind: _times(lambda text: other(text, rooms), queries[kind][:4], 1) for kind in kinds}
    return {"queries": taken, "others": compared, "size": _size(), "posts": _posts(reader)}


def _times(run: Callable[[str], int], texts: list[str], rounds: int = ROUNDS) -> dict[str, Any]:
    times, cpu, found = [], [], []
    for _round in range(rounds):
        for text in texts:
            cpu_began, began = _cpu_s(), time.perf_counter()
            found.append(run(text))
            times.append(1000 * (time.perf_counter() - began))
            cpu.append(1000 * (_cpu_s() - cpu_began))
            if times[-1] > 1000 * SLOWEST_S:
                break
    return {"ms": times, "cpu_ms": cpu, "found": found[: len(texts)]}


def _ilike(text: str, rooms: list[int]) -> int:
    """PostgreSQL without an index for texts."""
    return _run(
        " AND ".join(["text ILIKE %s"] * len(text.split())),
        [f"%{word}%" for word in text.split()],
        rooms,
        "chat_message",
    )


def _porter(text: str, rooms: list[int]) -> int:
    """SQLite as Campfire searches: FTS5 with `porter`, all hits sorted by their time."""
    words = " ".join(f'"{word}"' for word in text.split())
    return _run("porter.body MATCH %s", [words], rooms, "porter JOIN chat_message ON chat_message.id = porter.rowid")


def _run(condition: str, values: list[str], rooms: list[int], tables: str) -> int:
    from django.db import connection

    marks = ", ".join(["%s"] * len(rooms))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT chat_message.id FROM {tables} WHERE {condition} AND room_id IN ({marks}) AND deleted_at IS NULL "
            "ORDER BY created_at DESC LIMIT 21",
            [*values, *rooms],
        )
        return len(cursor.fetchall())


def _size() -> dict[str, int]:
    """Bytes of the messages with their indexes, and of the documents with theirs."""
    from django.db import connection

    from chat.models.search import FTS_TABLE

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_total_relation_size('chat_message'), pg_total_relation_size('chat_searchdocument'), "
                "pg_relation_size('search_tokens')"
            )
            messages, documents, index = cursor.fetchone()
        else:
            cursor.execute("SELECT sum(length(block)) FROM chat_searchdocument_fts_data")
            index = cursor.fetchone()[0]
            cursor.execute("SELECT sum(length(CAST(tokens AS blob)) + 8) FROM chat_searchdocument")
            documents = index + cursor.fetchone()[0]
            cursor.execute(
                "SELECT sum(length(CAST(text AS blob)) + length(CAST(html AS blob)) + 200) FROM chat_message"
            )
            messages = cursor.fetchone()[0]
            assert FTS_TABLE
    return {"messages": messages, "documents": documents, "index": index}


def _posts(author: Any) -> dict[str, list[float]]:
    """Microseconds of CPU of one post, of this process and of PostgreSQL's, in turns."""
    from chat.domain import posting
    from chat.domain.search import documents

    texts = list(_texts())
    write, room = documents.of_new, author.memberships.first().room.slug
    taken: dict[str, list[float]] = {"before": [], "after": []}
    for turn in range(2 * TURNS + 2):
        name = "after" if turn % 2 else "before"
        posting.documents.of_new = write if name == "after" else lambda message: None
        began = _cpu_s()
        for text in texts:
            posting.post(room=room, author=author, body=text, client_id=uuid.uuid4())
        if turn >= 2:
            taken[name].append(1e6 * (_cpu_s() - began) / len(texts))
    posting.documents.of_new = write
    return taken


def _texts():
    from .corpus import Corpus

    return Corpus(seed=11).texts(POSTS)


def _cpu_s() -> float:
    from django.db import connection

    own = time.process_time()
    if connection.vendor != "postgresql":
        return own
    # Nanoseconds on a core; `stat` counts in hundredths of a second.
    ran = Path(f"/proc/{_backend_pid()}/schedstat").read_text().split()[0]
    return own + int(ran) / 1e9


@cache
def _backend_pid() -> int:
    """PostgreSQL's process of the connection. The pool must have one connection alone, so that it stays the same."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


if __name__ == "__main__":
    django.setup()
    from django.db import connection

    # One connection for all, as a thread of a site has it.
    connection.ensure_connection()
    Path(sys.argv[1]).write_text(json.dumps(measure()))
