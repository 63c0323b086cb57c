"""Quotes: a short form of the quoted message, sent with each reply.

A quote is read together with the reply and never stored. It contains the `version` of the quoted message, so clients
can replace it by a later one. Therefore the reply needs no new version when the quoted message is edited or deleted.
"""

import re
from datetime import datetime
from html import unescape
from typing import Any

from django.db.models import F
from django.db.models.functions import Substr

from chat.models import Message
from chat.protocol import things

from . import people

EXCERPT_CHARACTERS = 140
_READ_CHARACTERS = 1_200
"""Characters of the HTML that are read: enough for an excerpt, unless almost all of it is tags."""
# Attribute values may hold ">". Possessive: the time is linear in the length.
_TAG = re.compile(r'<(?:[^<>"]|"[^"]*")*+>')
# Its spans are mentions, which hold text alone.
_SPOILER = re.compile(
    r'<span class="spoiler">(?:[^<]|<span[^>]*>[^<]*+(?:</span>|\Z)|<(?!/?span)[^>]*>)*+(?:</span>|\Z)'
)
_HIDDEN = "▒▒▒"
_BOX = re.compile(r'<input [^>]*data-task="[0-9]+"[^>]*?( checked[^>]*)?>')
_PICTURE = re.compile(r'<img class="emoji"[^>]* alt="([^"]*)"[^>]*>')
_CUT_OFF = re.compile(r"(?:<[^>]*|&[^;\s]{0,10})\Z")


def columns() -> dict[str, Any]:
    """Annotations for rows of messages: the columns of the quoted message that `quote_of` reads."""
    return {
        "quoted_seq": F("reply_to__seq"),
        "quoted_version": F("reply_to__version"),
        "quoted_author_id": F("reply_to__author_id"),
        **people.name_columns("reply_to__author", "quoted_author_"),
        "quoted_guest_id": F("reply_to__guest_id"),
        "quoted_guest_name": F("reply_to__guest_name"),
        "quoted_html": Substr("reply_to__html", 1, _READ_CHARACTERS),
        "quoted_files": F("reply_to__attachments"),
        "quoted_deleted_at": F("reply_to__deleted_at"),
    }


def quote_of(message: Any) -> things.Quote | None:
    """The quote of a message, an instance or a row with `columns`; None if it is no reply."""
    return _quote_of_instance(message) if isinstance(message, Message) else _quote_of_row(message)


def _quote_of_row(row: Any) -> things.Quote | None:
    if row.reply_to_id is None:
        return None
    return _quote(
        row.reply_to_id,
        row.quoted_seq,
        row.quoted_version,
        row.quoted_author_id
        and people.name_of(row.quoted_author_id, row.quoted_author_handle, row.quoted_author_display_name),
        row.quoted_guest_id,
        row.quoted_guest_name,
        row.quoted_html,
        row.quoted_files,
        row.quoted_deleted_at,
    )


def _quote_of_instance(message: Message) -> things.Quote | None:
    # `reply_to` takes a query, unless `for_serialization` fetched it.
    quoted = message.reply_to if message.reply_to_id else None
    return form_of(quoted) if quoted is not None else None


def form_of(quoted: Message) -> things.Quote:
    """The quote of this message."""
    return _quote(
        quoted.pk,
        quoted.seq,
        quoted.version,
        people.as_name(quoted.author) if quoted.author_id else None,
        quoted.guest_id,
        quoted.guest_name,
        quoted.html[:_READ_CHARACTERS],
        quoted.attachments,
        quoted.deleted_at,
    )


def _quote(
    id: int,
    seq: int,
    version: int,
    author: things.PersonName | None,
    guest_id: str,
    guest_name: str,
    html: str,
    files: list[dict[str, Any]] | None,
    deleted_at: datetime | None,
) -> things.Quote:
    return things.Quote(
        id=id,
        seq=seq,
        version=version,
        author=author,
        guest=None if author else people.as_guest(id, guest_id, guest_name),
        text=excerpt(html),
        file=things.Attachment(**files[0]) if files else None,
        deleted=deleted_at is not None,
    )


def excerpt(html: str) -> str:
    """The first EXCERPT_CHARACTERS of rendered HTML as one line of plain text, with an ellipsis where it was cut."""
    if len(html) >= _READ_CHARACTERS:
        html = _CUT_OFF.sub("", html)
    return shorten(plain_text(html))


def plain_text(html: str) -> str:
    """Rendered HTML as plain text, without what a spoiler hides."""
    if "<span " in html:
        html = _SPOILER.sub(_HIDDEN, html)
    if "<i" in html:
        html = _PICTURE.sub(r"\1", _BOX.sub(lambda box: "☑" if box[1] else "☐", html))
    return unescape(_TAG.sub("", html))


def shorten(text: str) -> str:
    """The first EXCERPT_CHARACTERS of a text as one line, with an ellipsis where it was cut."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT_CHARACTERS else f"{line[:EXCERPT_CHARACTERS]}…"
