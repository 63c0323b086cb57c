"""Whom a message mentions: looked up before its text is read, stored with it after.

Members of the room are mentioned by their name, whatever its case; all of them by `@all`, and those who are here by
`@here`, by a moderator. Nobody's counts change by what they write themselves, or by `@here`: who is here sees it.
"""

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import BigIntegerField, Value

from chat.models import Mention, Message, NameKey, Room

from . import names, policy
from .markdown import mentions

MOST = 50
"""People whom one message mentions by name."""
GROUPS = {"all": "all", "everyone": "all", "channel": "all", "here": "here"}
"""Words that mention more than one person, and what they mean. No name is one of them: see `handles.RESERVED`."""


def names_in(body: str, room: Room, author) -> dict[str, int | str]:
    """Whom `body` may mention in `room` (with `my_role` of the author): the keys of users, or `all` or `here`, by the
    key of the name. One query if there is an @ that could be a mention, else none."""
    wanted = mentions.candidates(body)
    if not wanted:
        return {}
    found: dict[str, int | str] = {}
    if policy.may_mention_all(author, room.my_role):
        found |= {word: group for word, group in GROUPS.items() if word in wanted}
    looks = {names.key(name) for name in wanted - GROUPS.keys()}
    name_column = f"user__{get_user_model().USERNAME_FIELD}"
    members = NameKey.objects.filter(key__in=looks, user__memberships__room=room).order_by("user_id")
    for user_id, name in members.values_list("user_id", name_column)[: 2 * MOST]:
        key = mentions.key(name)
        # Names that only look like a wanted one are not meant.
        if key in wanted and len(found) < MOST:
            found[key] = user_id
    return found


def as_stored(named: list) -> dict | None:
    """What a message keeps of whom it mentions (`Rendered.named`), in the form of `shapes.MentionsOut`."""
    if not named:
        return None
    people = [who for who in named if isinstance(who, int)]
    return {"people": people, "all": "all" in named, "here": "here" in named}


def store(message: Message, author) -> None:
    """Write the rows by which mentions are counted, for `message.mentions`: none for its author."""
    told = message.mentions
    if told is None or not (told["all"] or told["people"]):
        return
    members = get_user_model()._default_manager.filter(memberships__room=message.room_id).exclude(pk=author.pk)
    if not told["all"]:
        members = members.filter(pk__in=told["people"])
    same = [Value(number, BigIntegerField()) for number in (message.pk, message.room_id, message.seq)]
    select, params = members.order_by().values_list(*same, "pk").query.sql_with_params()
    with connection.cursor() as cursor:
        # One statement: the room's head is locked, and a room may have thousands of members.
        cursor.execute(f"INSERT INTO chat_mention (message_id, room_id, seq, user_id) {select}", params)


def remove(message: Message) -> None:
    """Delete the rows of a message that is changed or deleted."""
    Mention.objects.filter(message=message).delete()
