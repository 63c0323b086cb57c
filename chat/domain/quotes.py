"""Quotes: an answered message in short, beside each answer.

A quote is read together with the answer, never stored: it carries the `version` of the quoted message, whose own events
tell of later changes. So the answer needs no new version when the quoted message is edited or deleted.
"""

import re
from html import unescape

from django.contrib.auth import get_user_model
from django.db.models import F
from django.db.models.functions import Substr

from chat.events import shapes
from chat.models import Message

from . import people

EXCERPT_CHARACTERS = 140
_READ_CHARACTERS = 1_200
"""Of the HTML: enough for an excerpt of a message that is not all tags."""
# Attribute values may hold ">". Possessive: the time is linear in the length.
_TAG = re.compile(r'<(?:[^<>"]|"[^"]*")*+>')
_CUT_OFF = re.compile(r"(?:<[^>]*|&[^;\s]{0,10})\Z")


def columns() -> dict:
    """Annotations for rows of messages: what `of_row` reads of the message that each one answers."""
    return {
        "quoted_seq": F("reply_to__seq"),
        "quoted_version": F("reply_to__version"),
        "quoted_author_id": F("reply_to__author_id"),
        "quoted_author_name": F(f"reply_to__author__{get_user_model().USERNAME_FIELD}"),
        "quoted_guest_id": F("reply_to__guest_id"),
        "quoted_guest_name": F("reply_to__guest_name"),
        "quoted_html": Substr("reply_to__html", 1, _READ_CHARACTERS),
        "quoted_deleted_at": F("reply_to__deleted_at"),
    }


def of_row(row) -> shapes.QuoteOut | None:
    """The quote in a row that has `columns`; None when it answers nothing."""
    if row.reply_to_id is None:
        return None
    return _quote(
        row.reply_to_id,
        row.quoted_seq,
        row.quoted_version,
        row.quoted_author_id,
        row.quoted_author_name,
        row.quoted_guest_id,
        row.quoted_guest_name,
        row.quoted_html,
        row.quoted_deleted_at,
    )


def of(message: Message) -> shapes.QuoteOut | None:
    """The quote in an instance; None when it answers nothing. A query, unless `for_wire` fetched it."""
    quoted = message.reply_to if message.reply_to_id else None
    if quoted is None:
        return None
    return _quote(
        quoted.pk,
        quoted.seq,
        quoted.version,
        quoted.author_id,
        quoted.author_name,
        quoted.guest_id,
        quoted.guest_name,
        quoted.html[:_READ_CHARACTERS],
        quoted.deleted_at,
    )


def _quote(id, seq, version, author_id, author_name, guest_id, guest_name, html, deleted_at) -> shapes.QuoteOut:
    return shapes.QuoteOut(
        id=id,
        seq=seq,
        version=version,
        author=shapes.Person(id=author_id, name=author_name) if author_id else None,
        guest=None if author_id else people.as_guest(id, guest_id, guest_name),
        text=excerpt(html),
        deleted=deleted_at is not None,
    )


def excerpt(html: str) -> str:
    """The first EXCERPT_CHARACTERS of rendered HTML as one line of plain text, with an ellipsis where it was cut."""
    if len(html) >= _READ_CHARACTERS:
        html = _CUT_OFF.sub("", html)
    line = " ".join(unescape(_TAG.sub("", html)).split())
    return line if len(line) <= EXCERPT_CHARACTERS else f"{line[:EXCERPT_CHARACTERS]}…"
