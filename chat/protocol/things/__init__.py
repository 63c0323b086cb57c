"""The things that commands and events are about: people, messages, rooms. Field names are those of the JSON."""

from .attachments import Attachment, ListedFile, PostedFile
from .connection import FileLimits, Limits, You
from .messages import FormerText, Mentions, Message, Pinned, Preview, Quote, Reaction, ThreadSummary
from .moderation import (
    FilterHit,
    HeldMessage,
    HeldState,
    OwnHeldMessage,
    PersonMute,
    Report,
    ReportAct,
    ReportCounts,
    RoomFilter,
)
from .own_state import Draft, Saved, Scheduled
from .people import Guest, Person, PersonName, Status
from .polls import OwnVotes, Poll, PollOption, PostedPoll
from .rooms import ListedRoom, ListedThread, Member, Room, RoomState

# In the order in which the documents list them.
__all__ = [  # noqa: RUF022
    "Status",
    "Person",
    "PersonName",
    "Guest",
    "Reaction",
    "Attachment",
    "Quote",
    "Mentions",
    "Preview",
    "PollOption",
    "Poll",
    "PostedPoll",
    "OwnVotes",
    "PostedFile",
    "Pinned",
    "ThreadSummary",
    "Message",
    "ReportAct",
    "Report",
    "ReportCounts",
    "HeldMessage",
    "OwnHeldMessage",
    "HeldState",
    "PersonMute",
    "RoomFilter",
    "FilterHit",
    "Draft",
    "Scheduled",
    "FormerText",
    "Saved",
    "Room",
    "RoomState",
    "ListedThread",
    "ListedRoom",
    "ListedFile",
    "Member",
    "You",
    "FileLimits",
    "Limits",
]
