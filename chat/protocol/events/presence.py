"""Who is online, who has a room open and who is typing."""

from typing import Literal

from ..schema import Schema
from ..things import You


class Presence(Schema):
    """People opened or closed the room.

    `online` is the number of people who have it open, guests included. `joined` and `left` name those who did so since
    the last such event, at most 50 each.
    """

    type: Literal["presence"] = "presence"
    room: str
    online: int
    joined: list[You]
    left: list[You]


class Online(Schema):
    """Of the people in this person's direct rooms, those in `joined` have come online and those in `left` have gone.

    Both are ids of users. The event after `welcome` has all who are online; without one, nobody is. A person is online
    while any page or program of theirs is connected.
    """

    type: Literal["online"] = "online"
    joined: list[int]
    left: list[int]


class Typing(Schema):
    """The people in `who` are typing."""

    type: Literal["typing"] = "typing"
    room: str
    who: list[You]
