"""Forwards a message to another room: a new message that quotes it, with a link to it."""

import re
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from chat.models import Message

from . import people, text
from .errors import NotFound
from .posting import post, posted_before
from .types import AnyPerson

_MENTION = re.compile(r"(?<!\w)@(?=\w)")
_MARKS = re.compile(r"([\\`*_\[\]<>~|@:&#])")


def forward(*, message: int, room: str, by: AnyPerson, client_id: UUID, comment: str = "") -> Message:
    """Post `comment` and a quote of a message that `by` may see in another room. Idempotent, as `post` is.

    The quote mentions nobody. Text that would exceed the limit of a message is cut. Files are named, and reached by the
    link. Raises NotFound, and what `post` raises for the room.
    """
    visible = Message.objects.visible_to(by).not_deleted().select_related("author__chat_profile", "room")
    found: Message | None = visible.filter(pk=message).first()
    if found is None:
        # Perhaps it was forwarded, and deleted before the answer came.
        return posted_before(room, by, client_id, NotFound(_("Message not found."), field="message"))
    comment = text.check_body(comment, may_be_empty=True)
    head = f"↪ [{_escaped(_sender(found))}]({_link(found)})"
    left = settings.CHAT_MAX_BODY - len(comment) - len(head) - 8
    quoted = _quoted(found, max(0, left))
    body = "\n\n".join(filter(None, [comment, f"{head}\n{quoted}" if quoted else head]))
    return post(room=room, author=by, body=body, client_id=client_id)


def _sender(message: Message) -> str:
    return people.as_name(message.author).name if message.author_id else message.guest_name


def _link(message: Message) -> str:
    return settings.SITE_URL.rstrip("/") + reverse("chat:message", args=[message.room.slug, message.pk])


def _quoted(message: Message, limit: int) -> str:
    """The text and the names of the files as a block quote of at most `limit` characters."""
    # A mention would tell people of the other room of something that was not said to them.
    body = _MENTION.sub("@\u2060", message.text)
    names = [_escaped(str(file["name"])) for file in message.attachments or ()]
    lines = [*body.splitlines(), *(f"📎 {name}" for name in names)]
    quoted = "\n".join(f"> {line}" for line in lines)
    if len(quoted) <= limit:
        return quoted
    cut = quoted[: max(0, limit - 3)]
    return f"{cut}…" if cut.startswith("> ") else ""


def _escaped(name: str) -> str:
    return _MARKS.sub(r"\\\1", name)
