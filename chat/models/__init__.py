"""Models, constraints, and query sets that restrict rows to what a person may see.

This package imports no other package of the project.
"""

from .guest_bar import GuestBar
from .invite import Invite
from .membership import Membership, Restriction
from .message import Mention, Message, Reaction, Revision
from .name_key import NameKey
from .room import Room, RoomHead
from .session_store import Session
from .site import Site

__all__ = [
    "GuestBar",
    "Invite",
    "Membership",
    "Mention",
    "Message",
    "NameKey",
    "Reaction",
    "Restriction",
    "Revision",
    "Room",
    "RoomHead",
    "Session",
    "Site",
]
