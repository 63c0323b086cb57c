"""The long part of the deletion of an account, in steps: what goes with the account, and what goes with its words."""

from typing import Any

from django.utils import timezone

from chat.models import (
    AccountWork,
    Attachment,
    Draft,
    HeldMessage,
    Membership,
    Message,
    PollVote,
    Reaction,
    Report,
    Restriction,
    Revision,
    Room,
    SavedMessage,
    ScheduledMessage,
    Sidebar,
    ThreadFollow,
)
from chat.models.sender import key_of_user

from . import account_work, message_changes, messages, people, polls, rooms
from .account_work import STEP, Part, Work
from .types import User

_OWN_ROWS = (Draft, ScheduledMessage, SavedMessage, ThreadFollow, Sidebar, Restriction)
"""What only the person themselves saw, and what restricts them."""


def forget_some(work: AccountWork) -> int:
    """A step of a deletion that keeps the words."""
    return account_work.run_part(work, (*_FORGOTTEN, *_RENAMED)) if work.user else 0


def erase_some(work: AccountWork) -> int:
    """A step of a deletion with all words."""
    return account_work.run_part(work, (*_FORGOTTEN, *_ERASED, *_RENAMED)) if work.user else 0


def _memberships(user: User) -> list[int]:
    return account_work.ids(Membership.objects.filter(user=user).exclude(room__kind=Room.Kind.DIRECT))


def _end_memberships(work: Work, ids: list[int]) -> None:
    for membership in Membership.objects.filter(pk__in=ids).select_related("room", "user"):
        rooms.leave(room=membership.room, user=membership.user)


def _own_rows(model: Any) -> Part:
    def delete(work: Work, ids: list[int]) -> None:
        model._default_manager.filter(pk__in=ids).delete()

    return lambda user: account_work.ids(model._default_manager.filter(user=user)), delete


def _unsent_files(user: User) -> list[int]:
    unsent = Attachment.objects.filter(sender_key=key_of_user(user.pk), message=None)
    return account_work.ids(unsent.filter(expires_at__gt=timezone.now()))


def _expire_files(work: Work, ids: list[int]) -> None:
    Attachment.objects.filter(pk__in=ids, message=None).update(expires_at=timezone.now())


def _written(user: User) -> list[int]:
    return account_work.ids(Message.objects.not_deleted().filter(sender_key=key_of_user(user.pk)))


def _delete_messages(work: Work, ids: list[int]) -> None:
    def delete(message: Message, room: Room) -> None:
        if message.deleted_at is None:
            # As its author: it is not a removal by a moderator, of which much is kept.
            messages.empty(message, room, work.user)

    account_work.change_each(ids, delete)


def _former_texts(user: User) -> list[int]:
    return account_work.ids(Revision.objects.filter(message__sender_key=key_of_user(user.pk)))


def _delete_former_texts(work: Work, ids: list[int]) -> None:
    Revision.objects.filter(pk__in=ids).delete()


def _held(user: User) -> list[int]:
    return account_work.ids(HeldMessage.objects.filter(sender_key=key_of_user(user.pk)))


def _delete_held(work: Work, ids: list[int]) -> None:
    HeldMessage.objects.filter(pk__in=ids).delete()


def _reported_texts(user: User) -> list[int]:
    return account_work.ids(Report.objects.filter(message__sender_key=key_of_user(user.pk)).exclude(text=""))


def _clear_reported_texts(work: Work, ids: list[int]) -> None:
    Report.objects.filter(pk__in=ids).update(text="")


def _reacted_to(user: User) -> list[int]:
    return list(Reaction.objects.filter(user=user).order_by("pk").values_list("message", flat=True)[:STEP])


def _delete_reactions(work: Work, ids: list[int]) -> None:
    def delete(message: Message, room: Room) -> None:
        if Reaction.objects.filter(message=message, user=work.user).delete()[0]:
            message_changes.save_changed(message, room)

    account_work.change_each(ids, delete)


def _voted(user: User) -> list[int]:
    return list(PollVote.objects.filter(user=user).order_by("pk").values_list("message", flat=True)[:STEP])


def _delete_votes(work: Work, ids: list[int]) -> None:
    def delete(message: Message, room: Room) -> None:
        if PollVote.objects.filter(message=message, user=work.user).delete()[0] and message.poll:
            message_changes.save_changed(message, room, poll=polls.count_again(message))

    account_work.change_each(ids, delete)


def _polls_with_former_name(user: User) -> list[int]:
    named = people.as_name(user).name
    voted = Message.objects.filter(poll__isnull=False, votes__user=user).distinct().order_by("pk")

    def has_other_name(poll: Any) -> bool:
        voters = (voter for option in poll["options"] for voter in option["people"])
        return any(voter["id"] == user.pk and voter["name"] != named for voter in voters)

    return [pk for pk, poll in voted.values_list("pk", "poll") if has_other_name(poll)]


def _rename_votes(work: Work, ids: list[int]) -> None:
    def rename(message: Message, room: Room) -> None:
        if message.poll:
            message_changes.save_changed(message, room, poll=polls.count_again(message))

    account_work.change_each(ids, rename)


def _pins_with_former_name(user: User) -> list[int]:
    pinned = Message.objects.filter(pinned__isnull=False, pinned__by__id=user.pk)
    return account_work.ids(pinned.exclude(pinned__by__name=people.as_name(user).name))


def _rename_pins(work: Work, ids: list[int]) -> None:
    def rename(message: Message, room: Room) -> None:
        if message.pinned and work.user is not None:
            message_changes.save_changed(
                message, room, pinned=message.pinned | {"by": people.as_name(work.user).model_dump()}
            )

    account_work.change_each(ids, rename)


_FORGOTTEN: tuple[Part, ...] = (
    (_memberships, _end_memberships),
    *map(_own_rows, _OWN_ROWS),
    (_unsent_files, _expire_files),
    (_held, _delete_held),
)
"""What goes with every account."""
_ERASED: tuple[Part, ...] = (
    (_written, _delete_messages),
    (_former_texts, _delete_former_texts),
    (_reported_texts, _clear_reported_texts),
    (_reacted_to, _delete_reactions),
    (_voted, _delete_votes),
)
"""What goes with the words of the person."""
_RENAMED: tuple[Part, ...] = (
    (_polls_with_former_name, _rename_votes),
    (_pins_with_former_name, _rename_pins),
)
"""Columns of messages that hold the name."""
