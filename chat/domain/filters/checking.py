"""Applies the filters of the site and of a room to a message that is posted or edited."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.models import Message, MessageFilter, Room

from .. import people, policy
from ..errors import Filtered
from ..markdown.grammar import Rendered
from ..types import AnyPerson, VisibleRoom
from . import stored
from .matching import Compiled, Text

LOOKED_BACK = 5000
"""Of the site's last messages: among these the same text is looked for. More would read the table at each post."""
Action = MessageFilter.Action


class Met(NamedTuple):
    """A filter that a text meets, and what it found in a few words."""

    filter: Compiled
    found: str


def check(room: VisibleRoom, author: AnyPerson, body: str, rendered: Rendered) -> Met | None:
    """The filter that a new text meets, None without one. No query on a site without filters.

    Raises Filtered if it refuses the text. One that refuses comes before one that holds, and that before one that
    reports. Moderators of the room, staff and bots are not filtered. In direct rooms only those that refuse apply:
    nobody else may read what is written there.
    """
    # The room of `posting.post_from_outside` does not have it: the site is not filtered.
    version = getattr(room, "filters_version", None)
    if not version or is_exempt(author, room.my_role):
        return None
    text = text_of(author, body, rendered.html, rendered.named)
    for each in stored.of_room(version, room.pk):
        if room.kind == Room.Kind.DIRECT and each.action != Action.REFUSE:
            continue
        found = each.find(text)
        if found is None:
            continue
        if each.action == Action.REFUSE:
            raise Filtered(_("A filter does not allow this text: %(name)s.") % {"name": each.name}, field="body")
        return Met(each, found[:200])
    return None


def is_exempt(author: AnyPerson, role: str | None) -> bool:
    """Whether the filters leave out what this person writes in a room where they have this role."""
    if not author.is_authenticated:
        return False
    return role in policy.MODERATORS or bool(author.is_staff or getattr(author, "is_bot", False))


def text_of(author: AnyPerson, body: str, html: str, named: list[Any]) -> Text:
    """What the filters look at, for a message of `author`. Its functions ask the database only if a filter needs it."""
    mentioned = len([who for who in named if isinstance(who, int)])
    key = people.sender_key(author)
    return Text(
        text=body,
        html=html,
        mentioned=mentioned,
        repeats=lambda hours, most: _repeats(key, body, hours, most),
        is_new=lambda hours: is_new(author, hours),
    )


def is_new(author: AnyPerson, hours: int) -> bool:
    """Whether an account is younger than so many hours. Guests are always new. One query."""
    if not author.is_authenticated:
        return True
    model = get_user_model()
    if not any(field.name == "date_joined" for field in model._meta.concrete_fields):
        return False
    since = timezone.now() - timedelta(hours=hours)
    return bool(model._default_manager.filter(pk=author.pk, date_joined__gt=since).exists())


def _repeats(sender_key: str, body: str, hours: int, most: int) -> int:
    """The number of this sender's messages with this text, at most `most`, among the last LOOKED_BACK of the site."""
    last = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    since = timezone.now() - timedelta(hours=hours)
    same = Message.objects.filter(pk__gt=last - LOOKED_BACK, sender_key=sender_key, text=body, created_at__gt=since)
    return len(same.order_by("-pk").values_list("pk", flat=True)[:most])
