"""Lists of rooms, each read by one compiled query.

The rows are named tuples, because making model instances takes longer than reading them. They have the attributes of a
room from `access.get_with_counts`, with the text of `active_at` (`stored_times`), and `site_name`, `open_edits`
(`Site.open_edit_history`), and `folded` (see `Sidebar`).
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, OuterRef, TextField, Value
from django.db.models.functions import Now

from chat.models import Membership, Profile, Room
from chat.models.prepared import prepared

from . import people, stored_times
from .annotations import (
    folded,
    for_guests,
    for_user,
    hidden,
    mentioned,
    sender_key,
    site,
    unread,
    with_counts,
    without_counts,
)
from .types import AnyPerson, Rows, User


def rooms_of(person: AnyPerson, read: list[Any] | None = None) -> list[Any]:
    """The rooms on a person's list, by name, with unread counts: a user's memberships, or what guests may see.

    `read`: rows that `rooms_of_session` returned just now. They are the answer if they belong to this person; else
    one query.
    """
    if person.is_authenticated:
        if read and read[0].user_id == person.pk:
            return read
        return _listed_for_user(user=person.pk, reader=people.sender_key(person))
    return _listed_for_guests()


def user_of_row(row: Any) -> User:
    """The user in a row of `rooms_of_session`, with their profile. Fields that are not in USER_FIELDS or PROFILE_FIELDS
    are deferred."""
    profile_at = len(row) - len(PROFILE_FIELDS)
    user = get_user_model().from_db(DEFAULT_DB_ALIAS, USER_FIELDS, row[profile_at - len(USER_FIELDS) : profile_at])
    # Without a profile, its columns are null.
    has_profile = row[profile_at] is not None
    user.chat_profile = (
        Profile.from_db(DEFAULT_DB_ALIAS, PROFILE_FIELDS, row[profile_at:]) if has_profile else Profile(user=user)
    )
    return user


def unread_counts(room_id: int, user_ids: list[int]) -> list[tuple[int, int, int, bool, datetime]]:
    """(user id, unread, mentions, hidden, active_at) for each of `user_ids` that is a member of the room. One query."""
    counted = Membership.objects.filter(room_id=room_id, user_id__in=user_ids).annotate(
        unread=unread(room_id, sender_key(OuterRef("user_id")), OuterRef("read_seq")),
        mentioned=mentioned(room_id, OuterRef("user_id"), OuterRef("read_seq")),
        hidden=hidden("room__head__last_seq", "hidden_seq"),
    )
    return list(counted.values_list("user_id", "unread", "mentioned", "hidden", "room__head__active_at"))


@prepared
def _listed_for_user(*, user: int, reader: str) -> Rows:
    listed = for_user(Room.objects.visible_to_user(user), user).exclude(my_role=None)
    return _as_rows(with_counts(listed, user, reader).annotate(folded=folded(user)))


@prepared
def _listed_for_guests() -> Rows:
    return _as_rows(without_counts(for_guests().current()).annotate(folded=Value(None, TextField())))


@prepared
def rooms_of_session(*, session_key: str) -> Rows:
    """Like `rooms_of`, for the user of an unexpired session; empty without one. Each row also has `user_id`,
    `session_data` and the columns of USER_FIELDS and PROFILE_FIELDS.

    The aliases are short: psycopg parses SQL of more than 4,096 characters again at each use, which takes 0.05 ms.
    """
    joined = Room.objects.filter(
        memberships__user__is_active=True,
        memberships__user__sessions__session_key=session_key,
        memberships__user__sessions__expire_date__gt=Now(),
    ).annotate(
        head_version=F("head__version"),
        active_at=F("head__active_at"),
        my_role=F("memberships__role"),
        my_named_to_post=F("memberships__named_to_post"),
    )
    user = OuterRef("memberships__user_id")
    counted = with_counts(joined, user, sender_key(user), mine="memberships").annotate(
        user_id=F("memberships__user_id"),
        session_data=F("memberships__user__sessions__session_data"),
        folded=folded(user),
    )
    of_user = {f"u{n}": F(f"memberships__user__{name}") for n, name in enumerate(USER_FIELDS)}
    of_profile = {f"p{n}": F(f"memberships__user__chat_profile__{name}") for n, name in enumerate(PROFILE_FIELDS)}
    return _as_rows(counted.annotate(**of_user, **of_profile), "user_id", "session_data", *of_user, *of_profile)


def _as_rows(queryset: Rows, *more: str) -> Rows:
    columns = "pk slug name topic kind guests archived_at slow_mode_s changed_version head_version active_at"
    rights = "who_posts who_invites who_pins who_mentions_all my_named_to_post"
    personal = "my_role my_read my_unread_marks unread mentioned my_favourite my_muted hidden people threads"
    of_site = "epoch people_version site_name open_edits folded"
    named = queryset.annotate(
        active_at=stored_times.as_text("head__active_at"),
        site_name=site("name"),
        open_edits=site("open_edit_history"),
    )
    return named.values_list(*columns.split(), *rights.split(), *personal.split(), *of_site.split(), *more, named=True)


def _user_fields() -> list[str]:
    model = get_user_model()
    wanted = {model._meta.pk.name, model.USERNAME_FIELD, "password", "is_active", "is_staff", "is_superuser", "is_bot"}
    return [field.attname for field in model._meta.concrete_fields if field.name in wanted]


USER_FIELDS = _user_fields()
"""The columns of a user that pages and sockets need. Only those, because each row of a list repeats them."""
_UNUSED = {"name_key", "name_look", "title", "shows_reading"}
PROFILE_FIELDS = [field.attname for field in Profile._meta.concrete_fields if field.attname not in _UNUSED]
"""Likewise of a profile, the primary key first."""
