"""The messages of an account that is merged into another one, and what refers to it in the messages of others."""

import re
import uuid
from typing import Any

from chat.models import Mention, Message, PollVote, Reaction, Room
from chat.models.sender import key_of_user

from . import account_work, message_changes, people, polls
from .account_work import Part, Work
from .types import User


def _written(user: User) -> list[int]:
    return account_work.ids(Message.objects.filter(sender_key=key_of_user(user.pk)))


def _move_messages(work: Work, ids: list[int]) -> None:
    key = key_of_user(work.into.pk)

    def move(message: Message, room: Room) -> None:
        changed = {"author": work.into, "sender_key": key, **_references(message, work.user, work.into)}
        if Message.objects.filter(sender_key=key, client_id=message.client_id).exists():
            changed["client_id"] = uuid.uuid4()
        message_changes.save_changed(message, room, **changed)

    account_work.change_each(ids, move)


def _mentioned_in(user: User) -> list[int]:
    return list(Mention.objects.filter(user=user).order_by("pk").values_list("message", flat=True)[: account_work.STEP])


def _move_mentions(work: Work, ids: list[int]) -> None:
    def move(message: Message, room: Room) -> None:
        theirs = Mention.objects.filter(message=message, user=work.user)
        # Nobody counts a mention in their own message.
        if message.author_id == work.into.pk or Mention.objects.filter(message=message, user=work.into).exists():
            theirs.delete()
        else:
            theirs.update(user=work.into)
        message_changes.save_changed(message, room, **_references(message, work.user, work.into))

    account_work.change_each(ids, move)


def _references(message: Message, user: User, into: User) -> dict[str, Any]:
    """The columns `mentions` and `html` with the other account in place of `user`; nothing if it is not mentioned."""
    if message.mentions is None or user.pk not in message.mentions["people"]:
        return {}
    named = [into.pk if each == user.pk else each for each in message.mentions["people"]]
    html = re.sub(rf'(<span class="mention" data-person="){user.pk}(")', rf"\g<1>{into.pk}\g<2>", message.html)
    return {"mentions": message.mentions | {"people": list(dict.fromkeys(named))}, "html": html}


def _reacted_to(user: User) -> list[int]:
    return list(
        Reaction.objects.filter(user=user).order_by("pk").values_list("message", flat=True)[: account_work.STEP]
    )


def _move_reactions(work: Work, ids: list[int]) -> None:
    def move(message: Message, room: Room) -> None:
        theirs = Reaction.objects.filter(message=message, user=work.user)
        mine = Reaction.objects.filter(message=message, user=work.into)
        theirs.filter(emoji__in=list(mine.values_list("emoji", flat=True))).delete()
        theirs.update(user=work.into)
        message_changes.save_changed(message, room)

    account_work.change_each(ids, move)


def _voted(user: User) -> list[int]:
    return list(
        PollVote.objects.filter(user=user).order_by("pk").values_list("message", flat=True)[: account_work.STEP]
    )


def _move_votes(work: Work, ids: list[int]) -> None:
    def move(message: Message, room: Room) -> None:
        theirs = PollVote.objects.filter(message=message, user=work.user)
        if PollVote.objects.filter(message=message, user=work.into).exists():
            theirs.delete()
        else:
            theirs.update(user=work.into)
        # A deleted message has no poll, but its votes until its deletion can no longer be undone.
        message_changes.save_changed(message, room, **({"poll": polls.count_again(message)} if message.poll else {}))

    account_work.change_each(ids, move)


def _pinned(user: User) -> list[int]:
    return account_work.ids(Message.objects.filter(pinned__isnull=False, pinned__by__id=user.pk))


def _move_pins(work: Work, ids: list[int]) -> None:
    def move(message: Message, room: Room) -> None:
        if message.pinned is not None:
            named = people.as_name(work.into).model_dump()
            message_changes.save_changed(message, room, pinned=message.pinned | {"by": named})

    account_work.change_each(ids, move)


def _threads(user: User) -> list[int]:
    # Its replies are the other account's by now, so all roots that have replies and name it are looked at.
    roots = Message.objects.filter(replies__isnull=False, follows__user=user).order_by("pk")
    return [pk for pk, replies in roots.values_list("pk", "replies") if user.pk in replies["people"]]


def _move_threads(work: Work, ids: list[int]) -> None:
    def move(message: Message, room: Room) -> None:
        if message.replies is not None:
            named = [work.into.pk if each == work.user.pk else each for each in message.replies["people"]]
            message_changes.save_changed(
                message, room, replies=message.replies | {"people": list(dict.fromkeys(named))}
            )

    account_work.change_each(ids, move)


PARTS: tuple[Part, ...] = (
    (_written, _move_messages),
    (_mentioned_in, _move_mentions),
    (_reacted_to, _move_reactions),
    (_voted, _move_votes),
    (_pinned, _move_pins),
    (_threads, _move_threads),
)
