"""Mentions: the names in a text are looked up before it is rendered, and the mentions are stored with the message.

Members of the room are mentioned by their name in any case. Those whom the room allows it mention all members by
`@all`, and those who have the room open by `@here`. A message does not change its author's counts of unread mentions.
`@here` changes no counts, because the people that it mentions see the message. `#slug` links to a room.
"""

from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Value
from django.urls import reverse

from chat.models import Mention, Message, Room

from . import custom_emoji, handles, policy
from .markdown import mentions
from .markdown.references import emoji_candidates, room_candidates
from .types import AnyPerson, VisibleRoom

MAX_MENTIONED = 50
"""Limit of people that one message can mention by name."""
GROUPS = {"all": "all", "everyone": "all", "channel": "all", "here": "here"}
"""Words that mention more than one person, and their meaning. No user can have such a handle: `handles.RESERVED`."""


class References(NamedTuple):
    """What a text may refer to: the arguments of `text.render`."""

    names: dict[str, int | str]
    rooms: dict[str, str]
    emoji: dict[str, str]


def find_references(body: str, room: VisibleRoom, author: AnyPerson) -> References:
    """What `body` may refer to in `room` (with the author's `my_role`): people, rooms, custom emoji. A query for each
    kind of which the text has a possible name, else none."""
    return References(_find_people(body, room, author), _find_rooms(body, author), _find_emoji(body))


def _find_people(body: str, room: VisibleRoom, author: AnyPerson) -> dict[str, int | str]:
    """User ids, or `all` or `here`, by the key of the name."""
    wanted = mentions.candidates(body)
    if not wanted:
        return {}
    found: dict[str, int | str] = {}
    if policy.may_mention_all(author, room):
        found |= {word: group for word, group in GROUPS.items() if word in wanted}
    members = handles.with_names(wanted - GROUPS.keys()).filter(memberships__room=room).order_by("pk")
    for user_id, name in members.values_list("pk", get_user_model().USERNAME_FIELD)[: 2 * MAX_MENTIONED]:
        key = mentions.key(name)
        # The query may also return names that only look like a wanted one.
        if key in wanted and len(found) < MAX_MENTIONED:
            found[key] = user_id
    return found


def _find_rooms(body: str, author: AnyPerson) -> dict[str, str]:
    """The paths of rooms by slug: those that the author sees. A room that they do not see looks like one that does not
    exist. All readers get the same link."""
    wanted = room_candidates(body)
    if not wanted:
        return {}
    rooms = Room.objects.visible_to(author).exclude(kind=Room.Kind.DIRECT).filter(slug__in=wanted)
    return {slug: reverse("chat:room", args=[slug]) for slug in rooms.values_list("slug", flat=True)}


def _find_emoji(body: str) -> dict[str, str]:
    """The paths of the pictures of the site's own emoji, by name."""
    return {
        name: reverse("chat:custom_emoji_picture", args=[name]) for name in custom_emoji.known(emoji_candidates(body))
    }


def to_column(named: list[Any]) -> dict[str, Any] | None:
    """The value of `Message.mentions` for what a rendered text refers to (`Rendered.named`): see `things.Mentions`."""
    if not named:
        return None
    people = [who for who in named if isinstance(who, int)]
    rooms = [who[1:] for who in named if isinstance(who, str) and who.startswith("#")]
    return {"people": people, "rooms": rooms, "all": "all" in named, "here": "here" in named}


def store(message: Message, author: AnyPerson) -> None:
    """Insert the `Mention` rows for `message.mentions`, by which unread mentions are counted; none for its author."""
    found = message.mentions
    if found is None or not (found["all"] or found["people"]):
        return
    members = get_user_model()._default_manager.filter(memberships__room=message.room_id).exclude(pk=author.pk)
    if not found["all"]:
        members = members.filter(pk__in=found["people"])
    same = [Value(number, BigIntegerField()) for number in (message.pk, message.room_id, message.seq)]
    same.append(Value(message.in_room, BooleanField()))
    select, params = members.order_by().values_list(*same, "pk").query.sql_with_params()
    with connection.cursor() as cursor:
        # One statement: the room's head is locked, and a room may have thousands of members.
        cursor.execute(f"INSERT INTO chat_mention (message_id, room_id, seq, in_room, user_id) {select}", params)


def remove(message: Message) -> None:
    """Delete the `Mention` rows of a message."""
    Mention.objects.filter(message=message).delete()
