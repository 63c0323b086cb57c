"""All events that the server sends. Field names are those of the JSON.

An event is a fact, and the same for all who get it. Pages put the same schemas into their data block.
"""

from .connection import Bye, Frames, Welcome
from .moderation import HeldChanged, Muted, ReportEnded, ReportsChanged
from .own_state import DraftEvent, SavedEvent, ScheduledChanged, VotesEvent
from .people import CustomEmojiChanged, LookChanged, PersonEvent
from .presence import Online, Presence, Typing
from .room_list import Favourites, Folded, Read, RoomAdded, RoomChoices, RoomRemoved, Unread
from .rooms import Changes, MembersChanged, MessageEvent, PublicRoomsChanged, ReadersChanged, RoomEvent
from .threads import Follow, MoreReplies, UnreadThreads

# In the order in which the documents list them.
__all__ = [  # noqa: RUF022
    "Welcome",
    "MessageEvent",
    "RoomEvent",
    "Changes",
    "RoomAdded",
    "RoomRemoved",
    "MembersChanged",
    "ReadersChanged",
    "PublicRoomsChanged",
    "Unread",
    "Read",
    "RoomChoices",
    "Favourites",
    "Folded",
    "DraftEvent",
    "ScheduledChanged",
    "VotesEvent",
    "SavedEvent",
    "CustomEmojiChanged",
    "HeldChanged",
    "Muted",
    "ReportsChanged",
    "ReportEnded",
    "Follow",
    "MoreReplies",
    "UnreadThreads",
    "Presence",
    "Online",
    "Typing",
    "Frames",
    "PersonEvent",
    "LookChanged",
    "Bye",
]
