"""Builds the index of a site whose documents are missing or of a former format, and compares it with the messages.

A build goes from the newest message to the oldest one, a batch at a time. Messages that are written meanwhile have
their documents at once, so a search finds them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from chat.models import Message, SearchDocument, SearchIndex
from chat.models.search import PARTS

from . import documents

BATCH = 200
"""Messages of one transaction: SQLite has one writer, and posts wait for it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the messages a build has done."""

    done: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Whether all are done."""
        return self.done >= self.total


@dataclass(frozen=True, slots=True)
class Difference:
    """A document that is `missing`, `wrong`, or `left` of a message that has it no more."""

    message: int
    part: int
    kind: str


def is_needed() -> bool:
    """Whether messages may lack their documents."""
    row = SearchIndex.objects.filter(pk=1).first()
    return row is None or row.version != documents.version() or row.before is not None


def begin() -> Progress:
    """Begin a build of the whole index. One that was under way begins anew."""
    newest = Message.objects.aggregate(newest=Max("pk"))["newest"]
    row = SearchIndex(
        pk=1,
        version=documents.version(),
        before=newest + 1 if newest else None,
        total=Message.objects.count(),
        done=0,
    )
    row.save()
    return Progress(0, row.total)


def progress() -> Progress | None:
    """How far the build is that is under way; None if the index is complete, or was never built."""
    row = SearchIndex.objects.filter(pk=1, before__isnull=False).first()
    return Progress(row.done, row.total) if row is not None else None


def build_next() -> Progress:
    """Write the documents of the next BATCH messages; begins a build where one is needed. Idempotent.

    A message that somebody changes at the same moment is waited for, but never with another one locked: the verbs that
    lock two messages cannot deadlock with it.
    """
    row = SearchIndex.objects.filter(pk=1).first()
    if row is None or row.version != documents.version():
        begin()
        row = SearchIndex.objects.get(pk=1)
    if row.before is None:
        return Progress(row.total, row.total)
    ids = list(Message.objects.filter(pk__lt=row.before).order_by("-pk").values_list("pk", flat=True)[:BATCH])
    with transaction.atomic():
        written, later = _write(Message.objects.filter(pk__in=ids), skip_locked=True)
    for pk in set(ids) - written:
        with transaction.atomic():
            later += _write(Message.objects.filter(pk=pk))[1]
    for pk in later:
        documents.write_files(pk)
    is_over = len(ids) < BATCH
    _remove_left(ids[-1] if ids and not is_over else 0, row.before, ids)
    row.before = None if is_over else ids[-1]
    row.done = row.total if is_over else min(row.total, row.done + len(ids))
    row.save(update_fields=["before", "done"])
    return Progress(row.done, row.total)


def differences() -> Iterator[Difference]:
    """Where the index is not what the messages say, the oldest first. Reads everything; changes nothing."""
    last = 0
    while True:
        batch = list(_rows(Message.objects.filter(pk__gt=last).order_by("pk")[:BATCH]))
        upto = batch[-1].pk if len(batch) == BATCH else 2**58
        stored = _stored(last + 1, upto)
        texts = documents.texts_of([message.pk for message in batch if message.attachments])
        expected = dict(row for message in batch for row in documents.rows_of(message, texts.get(message.pk, {})))
        for key in sorted(expected.keys() | stored):
            if key not in stored:
                yield Difference(*divmod(key, PARTS), "missing")
            elif key not in expected:
                yield Difference(*divmod(key, PARTS), "left")
        for key in _wrong({key: tokens for key, tokens in expected.items() if key in stored}):
            yield Difference(*divmod(key, PARTS), "wrong")
        if len(batch) < BATCH:
            return
        last = upto


def _rows(messages: Any) -> Iterable[Message]:
    found: Iterable[Message] = messages.only(*documents.COLUMNS)
    return found


def _write(messages: Any, skip_locked: bool = False) -> tuple[set[int], list[int]]:
    """Write the documents of these messages, which nobody changes until the commit. Returns their ids, and those of
    messages whose files are left."""
    if connection.vendor == "postgresql":
        messages = messages.order_by().select_for_update(of=("self",), skip_locked=skip_locked)
    locked = list(_rows(messages))
    later = documents.write_all(locked)
    return {message.pk for message in locked}, later


def _remove_left(low: int, before: int, ids: list[int]) -> None:
    """Remove the documents from message `low` to before message `before` whose message is none of `ids`."""
    keys = SearchDocument.objects.filter(pk__gte=low * PARTS, pk__lt=before * PARTS).values_list("pk", flat=True)
    left = {key // PARTS for key in keys} - set(ids)
    gone = left - set(Message.objects.filter(pk__in=left).values_list("pk", flat=True)) if left else set()
    documents.remove(sorted(gone))


def _stored(first: int, last: int) -> set[int]:
    keys = SearchDocument.objects.filter(pk__gte=first * PARTS, pk__lt=(last + 1) * PARTS)
    return set(keys.values_list("pk", flat=True))


def _wrong(expected: dict[int, str]) -> list[int]:
    """The keys whose stored tokens are others than these."""
    if connection.vendor != "postgresql":
        rows = SearchDocument.objects.filter(pk__in=expected).values_list("pk", "tokens")
        return [key for key, tokens in rows if tokens != expected[key]]
    if not expected:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT made.id FROM ({documents.MADE}) AS made JOIN chat_searchdocument stored USING (id) "
            "WHERE made.tokens <> stored.tokens ORDER BY made.id",
            [list(expected), list(expected.values())],
        )
        return [key for (key,) in cursor.fetchall()]
