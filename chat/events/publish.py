"""The way out: `publish(event)` waits for the commit, encodes once, and hands on.

This process's own hub comes first, so that Redis is never in the way of one's own worker; then the channel layer.
The layer is a hint that may be lost: what is durable has a version, and the hubs' two-second check finds it.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from . import groups
from .seal import seal
from .shapes import Changes, Shape

ACCOUNT = "account"
"""The kind of an envelope that tells the hubs, not the people: these users' sessions or accounts changed."""
BARS = "bars"
"""The kind of one that tells the hubs: guests were barred."""
RULES = "rules"
"""The kind of one that tells the hubs: who may see the room or write in it changed at this version."""

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Envelope:
    """An encoded event and whom it is for.

    `room` with `version`: a durable change, for those who watch the room; without `version`: one that passes.
    `users`: ids of the people whose every connection gets it, and no one else. `text`: the JSON of the frame.
    """

    kind: str
    text: str
    room: str = ""
    room_id: int = 0
    version: int = 0
    users: tuple[int, ...] = ()


_outlet: Callable[[Envelope], None] | None = None
_layer_is_down = False


def attach(outlet: Callable[[Envelope], None] | None) -> None:
    """Let this process's hub hear first. `outlet` must be callable from any thread, must not block, and sends
    the envelope on to the channel layer; None detaches."""
    global _outlet
    _outlet = outlet


def publish(event: Shape | Callable[[], Shape], *, room=None, version: int = 0, users: Iterable[int] = ()) -> None:
    """Hand `event` out once the transaction has committed; never, if it is rolled back.

    `event` may be a function, called after the commit, so that encoding does not lengthen the transaction.
    """
    users = tuple(users)
    slug, room_id = (room.slug, room.pk) if room is not None else ("", 0)

    def after_commit() -> None:
        shape = event() if callable(event) else event
        send_without_waiting_for_commit(Envelope(shape.type, shape.encode(), slug, room_id, version, users))

    transaction.on_commit(after_commit, robust=True)


def publish_account_change(user_id: int) -> None:
    """Let the hubs look, once this is committed, whether this person's sockets still stand."""
    envelope = Envelope(ACCOUNT, "", users=(user_id,))
    transaction.on_commit(lambda: send_without_waiting_for_commit(envelope), robust=True)


def publish_bars() -> None:
    """Let the hubs look, once this is committed, which of their guests were barred."""
    transaction.on_commit(lambda: send_without_waiting_for_commit(Envelope(BARS, "")), robust=True)


def publish_rules(room, version: int) -> None:
    """Let the hubs ask, once this is committed, who may still see the room, before they hand out what follows
    `version`."""
    # Workers of the version before this one hand its text on, as any other change of the room.
    unseen = Changes(room=room.slug, after=version - 1, upto=version, messages=[])
    envelope = Envelope(RULES, unseen.encode(), room.slug, room.pk, version)
    transaction.on_commit(lambda: send_without_waiting_for_commit(envelope), robust=True)


def send_without_waiting_for_commit(envelope: Envelope) -> None:
    """Hand an envelope out now. For what is not in the database: typing, presence."""
    if _outlet is not None:
        _outlet(envelope)
        return
    # A process without sockets (a command, a first page): rare enough for a connection of its own.
    global _layer_is_down
    try:
        async_to_sync(send_to_layer)({"from": "", "events": [asdict(envelope)]})
    except Exception as error:
        # Once an outage, and no traceback: a command does what it was asked to, with Redis or without.
        if not _layer_is_down:
            logger.warning("Redis took no event (%r); open pages find the change by their check.", error)
        _layer_is_down = True
    else:
        _layer_is_down = False


async def send_to_layer(message: dict) -> None:
    """Send `message` to the hubs of all processes: `from`, `events`, `gossip`. Raises what the layer raises."""
    await get_channel_layer().group_send(groups.SITE, {"type": "hub.message", **seal(message)})
