"""An encoded event with its recipients."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from chat.protocol.schema import Schema

ACCOUNT_CHANGED = "account"
"""A kind of envelope for the hubs only, which is not sent to clients: sessions or accounts of these users changed."""
BANS_CHANGED = "bans"
"""For the hubs only: guests were banned."""
RULES_CHANGED = "rules"
"""For the hubs only: who may see the room or write in it changed with this version."""

DISCONNECT = "disconnect"
"""For the hubs only: whoever has this room open has to connect again."""


@dataclass(slots=True)
class Envelope:
    """An event, its JSON text, and its recipients.

    `room` with `version`: a durable change, for the watchers of the room. `room` without `version`: an event that is
    not stored, such as typing. `users`: ids of the only recipients, and `guests` their public ids; all connections of
    these people get it.
    For the kinds above, `event` is None and `text` is empty.
    """

    kind: str
    text: str = ""
    room: str = ""
    room_id: int = 0
    version: int = 0
    users: tuple[int, ...] = ()
    event: Schema | None = None
    guests: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        event: Schema,
        *,
        room: str = "",
        room_id: int = 0,
        version: int = 0,
        users: Iterable[int] = (),
        guests: Iterable[str] = (),
    ) -> Self:
        """Encode an event that has a `type`. This is the only place where it is encoded."""
        kind: str = type(event).model_fields["type"].default
        return cls(kind, event.encode(), room, room_id, version, tuple(users), event, tuple(guests))

    def to_dict(self) -> dict[str, Any]:
        """The fields as a dict for the channel layer. `event` is left out: the receiver parses it from the text."""
        return {
            "kind": self.kind,
            "text": self.text,
            "room": self.room,
            "room_id": self.room_id,
            "version": self.version,
            "users": self.users,
            "guests": self.guests,
        }
