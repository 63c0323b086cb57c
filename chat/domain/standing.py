"""What the live part asks every two seconds: do heads, memberships, sessions and accounts still stand?"""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import F
from django.utils import timezone

from chat.models import Membership, Room, Session

from . import timeline


@dataclass(slots=True)
class Standing:
    """The state of the database at one moment. `rooms`: with `head_version`; `lists`: user id to slugs;
    `tokens`: user id to what a sign-out elsewhere changes, for accounts that stand; `sessions`: the keys that stand."""

    rooms: list[Room]
    lists: dict[int, set[str]]
    tokens: dict[int, str]
    sessions: set[str]


def look(slugs: list[str], users: list[int], sessions: list[str]) -> Standing:
    """Read the standing of these rooms, users and sessions. Four queries, whatever their number."""
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
    """The states of some rooms of a user's list, for those that came to it unheard."""
    return [state for state in timeline.rooms_of(user) if state.slug in slugs]
