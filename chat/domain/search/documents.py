"""Writes the documents of messages and of their files, in the transactions of the verbs that change them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Left

from chat.dispatch import queueing
from chat.models import FileText, Message, RoomHead
from chat.models.search import PARTS, TOKENS_WITH_LEVELS

from . import facts
from .document import Document
from .stems import languages

FORMAT = 2
"""Raise it with each change of the tokens: then a job builds the index again."""

MAX_AT_ONCE = 20_000
"""Characters of the texts of files that are split in the transaction of a verb."""
COLUMNS = ("room_id", "author_id", "text", "html", "poll", "attachments", "deleted_at")
"""Those that documents are made of."""

MADE = (
    f"SELECT id, {TOKENS_WITH_LEVELS} AS tokens FROM (SELECT id, id / {PARTS} AS message_id, "
    "CAST(tokens AS tsvector) AS tokens FROM unnest(%s::bigint[], %s::text[]) AS given (id, tokens)) AS given"
)
"""PostgreSQL: the rows of the index for a list of keys and one of tokens."""
_INSERT = {
    "sqlite": (
        # Not OR REPLACE: it runs no trigger for the row that it replaces.
        "INSERT INTO chat_searchdocument (id, tokens) VALUES (%s, %s) "
        "ON CONFLICT (id) DO UPDATE SET tokens = excluded.tokens"
    ),
    "postgresql": (
        f"INSERT INTO chat_searchdocument (id, tokens) {MADE} ON CONFLICT (id) DO UPDATE SET tokens = excluded.tokens"
    ),
}


def version() -> str:
    """What the documents depend on beside the messages."""
    return f"{FORMAT} {' '.join(languages())}"


def of_new(message: Message) -> str:
    """The document of a message that is about to be inserted, in the form of the database. No query."""
    return _form(document_of(message))


def write(message: Message) -> None:
    """Write the documents of a message anew, as it is now; those of a deleted one are removed. Two queries, and one
    more if it has files. The caller holds the lock of the room's head or of the message.

    Splitting a long text takes seconds, in which nobody could post to the room: if the files have more than MAX_AT_ONCE
    characters, a job writes their documents. Until then the former ones stay.
    """
    for pk in write_all([message]):
        queueing.enqueue("search.write_files", pk)


def write_all(messages: Sequence[Message]) -> list[int]:
    """The same for several messages, in the same number of queries. Returns the ids of those whose files have long
    texts: their documents are left to `write_files`."""
    texts = texts_of([message.pk for message in messages if message.attachments], MAX_AT_ONCE)
    later = {message.pk for message in messages if message.deleted_at is None and _are_long(texts.get(message.pk, {}))}
    remove(message.pk for message in messages if message.pk not in later)
    rows = [
        row
        for message in messages
        for row in rows_of(message, {} if message.pk in later else texts.get(message.pk, {}))
    ]
    _insert(rows)
    return sorted(later)


def add_files(message: Message) -> None:
    """Write the documents of the files of a message that was just inserted, or have them written, as `write` does. One
    query, two if a file has a text."""
    texts = texts_of([message.pk], MAX_AT_ONCE).get(message.pk, {})
    if _are_long(texts):
        queueing.enqueue("search.write_files", message.pk)
    else:
        _insert(list(_rows_of_files(message, texts)))


def write_files(message_id: int) -> None:
    """Write the documents of a message whose files have long texts. They are made before the lock is taken; if the
    message changes meanwhile, a job makes them again."""
    message = Message.objects.filter(pk=message_id, deleted_at=None).first()
    if message is None:
        return
    texts = texts_of([message_id]).get(message_id, {})
    rows = rows_of(message, texts)
    with transaction.atomic():
        RoomHead.objects.select_for_update().get(pk=message.room_id)
        now = Message.objects.filter(pk=message_id, deleted_at=None).first()
        if now is None:
            return
        known = texts_of([message_id], 0).get(message_id, {})
        if known.keys() != texts.keys() or any(getattr(now, each) != getattr(message, each) for each in COLUMNS):
            queueing.enqueue("search.write_files", message_id)
            return
        remove([message_id])
        _insert(rows)


def remove(message_ids: Iterable[int]) -> None:
    """Remove the documents of these messages. One query."""
    first = [pk * PARTS for pk in message_ids]
    if not first:
        return
    with connection.cursor() as cursor:
        if len(first) == 1:
            cursor.execute("DELETE FROM chat_searchdocument WHERE id >= %s AND id < %s", [first[0], first[0] + PARTS])
        else:
            marks = ", ".join(["%s"] * len(first))
            # The bounds are for the index, the keys may be far apart.
            cursor.execute(
                f"DELETE FROM chat_searchdocument WHERE id >= %s AND id < %s AND id - id %% {PARTS} IN ({marks})",
                [min(first), max(first) + PARTS, *first],
            )


def rows_of(message: Message, texts: dict[int, str]) -> list[tuple[int, str]]:
    """The rows that a message should have in the index: key and tokens. `texts`: of its files, by their ids."""
    if message.deleted_at is not None:
        return []
    return [(message.pk * PARTS, _form(document_of(message))), *_rows_of_files(message, texts)]


def texts_of(message_ids: list[int], longest: int | None = None) -> dict[int, dict[int, str]]:
    """The texts of files by message and file. One query, none without messages. Of a text with more characters than
    `longest`, one more than these is read."""
    found: dict[int, dict[int, str]] = {}
    if message_ids:
        rows = FileText.objects.filter(attachment__message__in=message_ids, attachment__state="ready")
        text = F("text") if longest is None else Left("text", longest + 1)
        for message, attachment, read in rows.values_list("attachment__message", "attachment", text):
            found.setdefault(message, {})[attachment] = read
    return found


def _are_long(texts: dict[int, str]) -> bool:
    return sum(map(len, texts.values())) > MAX_AT_ONCE


def beginnings_of(files: list[int], characters: int) -> dict[int, str]:
    """The first characters of the texts of these files, by their ids. One query."""
    texts = FileText.objects.filter(attachment__in=files, attachment__state="ready")
    return dict(texts.annotate(beginning=Left("text", characters)).values_list("attachment", "beginning"))


def _insert(rows: list[tuple[int, str]]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_INSERT["postgresql"], [list(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(_INSERT["sqlite"], rows)


def document_of(message: Message) -> Document:
    """The tokens of a message itself, without the texts of its files. No query."""
    files = files_of(message)
    document = Document([facts.MESSAGE, *facts.of_message(message, files)], [file["name"] for file in files])
    document.add(message.text)
    if message.poll:
        for option in message.poll["options"]:
            document.add(option["text"])
    for file in files:
        document.add(file["name"])
        if file["alt"]:
            document.add(file["alt"])
    return document


def _rows_of_files(message: Message, texts: dict[int, str]) -> Iterable[tuple[int, str]]:
    for part, file in enumerate(files_of(message), 1):
        text = texts.get(file["id"])
        if text:
            document = Document([facts.FILE, *facts.of_message(message, [file])], [file["name"]])
            document.add(file["name"])
            document.add(text)
            yield message.pk * PARTS + part, _form(document)


def files_of(message: Message) -> list[dict[str, Any]]:
    """The files of a message that may be found: document 1 is that of the first one."""
    return [file for file in message.attachments or () if file["state"] != "refused"][: PARTS - 1]


def _form(document: Document) -> str:
    return document.for_postgresql() if connection.vendor == "postgresql" else document.for_sqlite()
