"""What documents say about their messages beside the words: tokens by which filters find them quickly."""

import re
from typing import Any

from .document import fact
from .expressions import Expression, Phrase, Without, all_of, any_of

MESSAGE, FILE = fact("k", "m"), fact("k", "f")
"""The kinds of documents: each has one of them."""
_EXTENSION = re.compile(r"\.([^\W_]{1,16})\Z")
_CODE = re.compile(r"<(?:pre|code)\b")
_LINK = re.compile(r'<a [^>]*href="https?://')


def room(room_id: int) -> str:
    """The message is in this room."""
    return fact("r", room_id)


def author(user_id: int) -> str:
    """A user wrote the message."""
    return fact("u", user_id)


def has(kind: str) -> str:
    """The message has something of this kind: a value of `has:` that its row alone decides."""
    return fact("h", kind)


def extension(name: str) -> str:
    """The message has a file whose name ends so; `name`: in lower case, without a dot."""
    return fact("e", name)


def level(number: int, message_id: int) -> str:
    """The message is in this part of all messages: see `chat.models.search.LEVELS`."""
    return fact("x", f"{number}.{message_id >> number}")


MAX_ROOMS = 64
"""Rooms that an expression may name, so that the index itself leaves out the others. For more, each hit is looked
up."""
FEW_ROOMS = 8
"""An expression names them always. More of them cost more than they save, but for words that hidden rooms are full of:
so they are named only behind the first thousands of hits."""


def within(expression: Expression, rooms: list[int]) -> Expression:
    """The expression for documents of these rooms alone, if they are not more than MAX_ROOMS."""
    if len(rooms) > MAX_ROOMS:
        return expression
    in_rooms = any_of([Phrase((room(pk),)) for pk in rooms])
    if isinstance(expression, Without):
        return Without(all_of([expression.wanted, in_rooms]), expression.unwanted)
    return all_of([expression, in_rooms])


BY_ROW = frozenset({"link", "image", "video", "audio", "file", "code", "poll"})
"""The values of `has:` that are facts. The others change without their message."""


def of_message(message: Any, files: list[dict[str, Any]]) -> list[str]:
    """The facts of a message, without its kind. `files`: in the form of the wire."""
    found = [room(message.room_id)]
    if message.author_id is not None:
        found.append(author(message.author_id))
    html = message.html
    if "<" in html:
        if _LINK.search(html):
            found.append(has("link"))
        if _CODE.search(html):
            found.append(has("code"))
    if message.poll:
        found.append(has("poll"))
    if files:
        found.append(has("file"))
    for file in files:
        kind = file["type"].partition("/")[0]
        if kind in ("image", "video", "audio"):
            found.append(has(kind))
        if match := _EXTENSION.search(file["name"]):
            found.append(extension(match[1].casefold()))
    return found
