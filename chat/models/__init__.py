"""Models, constraints, and query sets that restrict rows to what a person may see.

This package imports no other package of the project.
"""

from .account_ban import AccountBan
from .account_work import AccountWork
from .activity import DailyMessages, RoomActivity, UserActivity
from .attachment import Attachment
from .custom_emoji import CustomEmoji
from .guest_ban import GuestBan
from .held_message import HeldMessage
from .invite import Invite, InviteUse
from .job import Job
from .keeping import Draft, ScheduledMessage
from .membership import Membership, Restriction
from .message import Mention, Message, Reaction, Revision
from .message_filter import MessageFilter
from .person_mute import PersonMute
from .poll import PollVote
from .profile import Profile
from .recorded_action import RecordedAction
from .report import Report
from .room import Room, RoomHead
from .room_opening import RoomOpening
from .saved_message import SavedMessage
from .search import FileText, SearchDocument, SearchIndex
from .session_store import Session
from .sidebar import Sidebar
from .site import Allowed, Site
from .thread import ThreadFollow

__all__ = [
    "AccountBan",
    "AccountWork",
    "Allowed",
    "Attachment",
    "CustomEmoji",
    "DailyMessages",
    "Draft",
    "FileText",
    "GuestBan",
    "HeldMessage",
    "Invite",
    "InviteUse",
    "Job",
    "Membership",
    "Mention",
    "Message",
    "MessageFilter",
    "PersonMute",
    "PollVote",
    "Profile",
    "Reaction",
    "RecordedAction",
    "Report",
    "Restriction",
    "Revision",
    "Room",
    "RoomActivity",
    "RoomHead",
    "RoomOpening",
    "SavedMessage",
    "ScheduledMessage",
    "SearchDocument",
    "SearchIndex",
    "Session",
    "Sidebar",
    "Site",
    "ThreadFollow",
    "UserActivity",
]
