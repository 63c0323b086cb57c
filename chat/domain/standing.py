"""The queries of the two-second check: the state of rooms, memberships, sessions and accounts."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import F
from django.utils import timezone

from chat.models import Membership, Room, Session

from . import timeline


@dataclass(slots=True)
class Standing:
    """The state of the database. `rooms` have `head_version`; `lists`: the slugs of each user's rooms, by user id;
    `tokens`: the password hash of each active user, by user id; `sessions`: the keys of valid sessions."""

    rooms: list[Room]
    lists: dict[int, set[str]]
    tokens: dict[int, str]
    sessions: set[str]


def look(slugs: list[str], users: list[int], sessions: list[str]) -> Standing:
    """Read the state of these rooms, users and sessions. Four queries, whatever their number."""
    lists: dict[int, set[str]] = {user: set() for user in users}
    for user, slug in Membership.objects.filter(user_id__in=users).values_list("user_id", "room__slug"):
        lists[user].add(slug)
    accounts = get_user_model()._default_manager.filter(pk__in=users, is_active=True)
    keys = Session.objects.filter(session_key__in=sessions, expire_date__gt=timezone.now())
    return Standing(
        rooms=list(Room.objects.filter(slug__in=slugs).annotate(head_version=F("head__version"))),
        lists=lists,
        tokens=dict(accounts.values_list("pk", "password")),
        sessions=set(keys.values_list("session_key", flat=True)),
    )


def states_of(user, slugs: set[str]):
    """The states of some rooms on a user's list: those that were added without an event."""
    return [state for state in timeline.rooms_of(user) if state.slug in slugs]
