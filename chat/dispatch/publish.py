"""`publish(event)`: waits for the commit, encodes the event once, and hands it to the dispatcher.

The hub of this process is the first receiver, so that Redis cannot delay events for the sockets of this process. The
channel layer may lose an event for other processes. Every two seconds, each hub compares versions with the database: so
it finds a lost event of a durable change. An event that is not stored, such as typing, stays lost.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

from django.db import transaction

from chat.protocol.schema import Schema

from .dispatcher import dispatch
from .envelope import ACCOUNT_CHANGED, BANS_CHANGED, DISCONNECT, RULES_CHANGED, Envelope


class Room(Protocol):
    """The attributes of a room that these functions use."""

    pk: int
    slug: str


def publish(
    event: Schema | Callable[[], Schema],
    *,
    room: Room | None = None,
    version: int = 0,
    users: Iterable[int] = (),
    guests: Iterable[str] = (),
) -> None:
    """Dispatch `event` once the transaction is committed; never, if it is rolled back.

    `room` and `version`: see `Envelope`. `users` and `guests`: the only recipients, by id and by public id. `event` may
    be a function that makes the event. It is called after the commit, so that it does not lengthen the transaction.
    """
    users, guests = tuple(users), tuple(guests)
    slug, room_id = (room.slug, room.pk) if room is not None else ("", 0)

    def after_commit() -> None:
        made = event() if callable(event) else event
        dispatch(Envelope.of(made, room=slug, room_id=room_id, version=version, users=users, guests=guests))

    # robust: Django logs an error and still calls the other functions. The change is committed already.
    transaction.on_commit(after_commit, robust=True)


def publish_account_change(user_id: int) -> None:
    """After the commit, let the hubs check whether this person's sockets may stay open."""
    _publish_to_hubs(Envelope(ACCOUNT_CHANGED, users=(user_id,)))


def publish_bans() -> None:
    """After the commit, let the hubs check which of their guests were banned."""
    _publish_to_hubs(Envelope(BANS_CHANGED))


def publish_rules(room: Room, version: int) -> None:
    """After the commit, let the hubs check who may still see the room, before they send versions after `version`."""
    _publish_to_hubs(Envelope(RULES_CHANGED, room=room.slug, room_id=room.pk, version=version))


def publish_disconnect(room: Room) -> None:
    """After the commit, let the hubs close the connections that have this room open. Clients connect again."""
    _publish_to_hubs(Envelope(DISCONNECT, room=room.slug, room_id=room.pk))


def _publish_to_hubs(envelope: Envelope) -> None:
    transaction.on_commit(lambda: dispatch(envelope), robust=True)
