"""The queries of the two-second check: the state of rooms, memberships, sessions and accounts, and changed people."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import F
from django.utils import timezone

from chat.models import Membership, Room, Session
from chat.protocol import things

from . import people, timeline
from .types import User


@dataclass(slots=True)
class LiveState:
    """The state of the database. `rooms` have `head_version`; `lists`: the slugs of each user's rooms, by user id;
    `tokens`: the password hash of each active user, by user id; `sessions`: the keys of valid sessions; `people`: those
    who changed, in the order of the changes."""

    rooms: list[Room]
    lists: dict[int, set[str]]
    tokens: dict[int, str]
    sessions: set[str]
    people: list[things.Person]


def read_live_state(
    slugs: list[str], users: list[int], sessions: list[str], people_version: int | None = None
) -> LiveState:
    """Read the state of these rooms, users and sessions, and who changed after `people_version` (None: not asked).

    Five queries, whatever their number.
    """
    lists: dict[int, set[str]] = {user: set() for user in users}
    for user, slug in Membership.objects.filter(user_id__in=users).values_list("user_id", "room__slug"):
        lists[user].add(slug)
    accounts = get_user_model()._default_manager.filter(pk__in=users, is_active=True)
    keys = Session.objects.filter(session_key__in=sessions, expire_date__gt=timezone.now())
    return LiveState(
        rooms=list(Room.objects.filter(slug__in=slugs).annotate(head_version=F("head__version"))),
        lists=lists,
        tokens=dict(accounts.values_list("pk", "password")),
        sessions=set(keys.values_list("session_key", flat=True)),
        people=[] if people_version is None else people.changed_after(people_version)[0],
    )


def states_of(user: User, slugs: set[str]) -> list[things.RoomState]:
    """The states of these rooms of a user's list: for rooms that were added without an event."""
    return [state for state in timeline.rooms_of(user) if state.slug in slugs]
