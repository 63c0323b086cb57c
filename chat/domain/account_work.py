"""What all long work on accounts (`AccountWork`) has in common. `account_steps` runs it."""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chat.dispatch.queueing import enqueue
from chat.models import AccountWork, Message, Room, RoomHead

from .types import AnyPerson, Rows, User

STEP = 50
"""Messages of one step."""

Work: TypeAlias = Any
"""An AccountWork with `user` and, for a merge, `into`: type checkers cannot know that they are not None."""
Part = tuple[Callable[[User], list[int]], Callable[[Work, list[int]], None]]
"""Finds what is left of one kind for the account of some work (ids, of which STEP are taken), and changes it so that it
is not found again."""


def begin(
    *, kind: str, user: User | None, sender_key: str, name: str, total: int, by: AnyPerson, **fields: Any
) -> AccountWork:
    """Store the work and enqueue its job, in the transaction of the caller."""
    work = AccountWork.objects.create(
        kind=kind,
        user=user,
        sender_key=sender_key,
        name=name,
        total=total,
        made_by=by,
        **{"made_at": timezone.now(), **fields},
    )
    enqueue("accounts.go_on", work.pk)
    return work


def change_each(ids: list[int], change: Callable[[Message, Room], None]) -> None:
    """Call `change` with each of these messages and its room, each in a transaction that holds the head of the room.

    No permission is checked: the work reaches private and direct rooms, too, and archived ones.
    """
    for message, room in Message.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "room_id"):
        with transaction.atomic():
            RoomHead.objects.select_for_update().get(pk=room)
            stored = Message.objects.for_serialization().select_related("room").get(pk=message)
            change(stored, stored.room)


def run_part(work: AccountWork, parts: Iterable[Part]) -> int:
    """Do a part of the first kind of which something is left. Returns how many rows that were, 0 if nothing is left."""
    for find, change in parts:
        found = find(work.user)[:STEP]
        if found:
            change(work, found)
            return len(found)
    return 0


def ids(rows: Rows) -> list[Any]:
    """The keys of the first STEP rows."""
    return list(rows.order_by("pk").values_list("pk", flat=True)[:STEP])


def is_under_way(user: User) -> bool:
    """Whether some work on this account has not ended."""
    states = [AccountWork.State.RUNNING, AccountWork.State.UNDOING]
    return AccountWork.objects.filter(Q(user=user) | Q(into=user), state__in=states).exists()
