"""The answers to commands that succeeded. Field names are those of the JSON."""

from .connection import ObserveReply, Reply
from .messages import EditsReply, MessageReply, PinsReply, ReceiptsReply, RenderReply, SavedReply
from .moderation import DryRunReply, FiltersReply, OwnHeldReply, ReportContextReply, ReportCountReply, ReportsReply
from .own_state import DraftsReply, ScheduledReply, VotesReply
from .people import ChangedPeopleReply, CustomEmojiReply, PeopleReply, ProfileReply
from .reading import HistoryReply, OpenReply, ThreadReply, ThreadsReply
from .rooms import AboutReply, BrowseReply, FilesReply, InviteReply, MembersReply, RoomReply

# In the order in which the documents list them.
__all__ = [  # noqa: RUF022
    "OpenReply",
    "ReportsReply",
    "ReportContextReply",
    "ReportCountReply",
    "OwnHeldReply",
    "FiltersReply",
    "DryRunReply",
    "HistoryReply",
    "ThreadReply",
    "ThreadsReply",
    "ProfileReply",
    "ChangedPeopleReply",
    "MessageReply",
    "PinsReply",
    "EditsReply",
    "SavedReply",
    "CustomEmojiReply",
    "PeopleReply",
    "RoomReply",
    "BrowseReply",
    "AboutReply",
    "MembersReply",
    "FilesReply",
    "RenderReply",
    "InviteReply",
    "DraftsReply",
    "ScheduledReply",
    "ReceiptsReply",
    "VotesReply",
    "ObserveReply",
    "Reply",
]
