"""Serialises users and guests for clients, gives the key of a sender, and says who may see whom."""

import json
from datetime import datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import BooleanField, Exists, F, OuterRef, Q, Value
from django.utils import timezone

from chat.models import GuestBan, Membership, Message, Profile, Room
from chat.models.sender import key_of_user as key_of_user
from chat.models.sender import sender_key as sender_key
from chat.protocol.things import Guest, Person, PersonName, Status, You

from . import pictures, stored_times
from .types import AnyPerson, Rows, User

CHANGED_LIMIT = 500
"""The largest number of people in one answer to `changed_people`, and in one check of a hub."""


def profile_of(user: User) -> Profile:
    """The profile of a user; an unsaved one with the defaults if there is no row. One query, unless it was fetched with
    the user (`with_profile`)."""
    profile: Profile | None = getattr(user, "chat_profile", None)
    if profile is None:
        profile = user.chat_profile = Profile(user=user)
    return profile


def with_profile(users: Rows) -> Rows:
    """The same users, fetched together with their profiles."""
    return users.select_related("chat_profile")


def load(user_id: int) -> User | None:
    """The active user with this primary key and their profile, as they are now. One query."""
    return with_profile(get_user_model()._default_manager.filter(pk=user_id, is_active=True)).first()


def as_person(user: User) -> Person:
    """Serialise a user, the same for all viewers."""
    profile = profile_of(user)
    return _with_current_status(
        user.pk,
        user.get_username(),
        profile.display_name,
        profile.avatar.name,
        getattr(user, "is_bot", False),
        profile.status_emoji,
        profile.status_text,
        profile.status_until,
        profile.version,
    )


def columns(path: str, prefix: str) -> dict[str, Any]:
    """Annotations for rows that refer to a user by `path`: the columns that `author_of_row` reads."""
    profile = f"{path}__chat_profile__"
    is_bot = F(f"{path}__is_bot") if _has_bots() else Value(False, BooleanField())
    return {
        **name_columns(path, prefix),
        f"{prefix}avatar": F(f"{profile}avatar"),
        f"{prefix}is_bot": is_bot,
        f"{prefix}status_emoji": F(f"{profile}status_emoji"),
        f"{prefix}status_text": F(f"{profile}status_text"),
        f"{prefix}status_until": F(f"{profile}status_until"),
        f"{prefix}version": F(f"{profile}version"),
    }


def name_columns(path: str, prefix: str) -> dict[str, Any]:
    """Like `columns`, for `name_of`."""
    return {
        f"{prefix}handle": F(f"{path}__{get_user_model().USERNAME_FIELD}"),
        f"{prefix}display_name": F(f"{path}__chat_profile__display_name"),
    }


def author_of_row(row: Any) -> Person | None:
    """The author of a row of messages with `columns("author", "author_")`; None for a guest."""
    if not row.author_id:
        return None
    return _with_current_status(
        row.author_id,
        row.author_handle,
        row.author_display_name,
        row.author_avatar,
        row.author_is_bot,
        row.author_status_emoji,
        row.author_status_text,
        row.author_status_until,
        row.author_version,
    )


def as_name(user: User) -> PersonName:
    """The short form of a user."""
    return name_of(user.pk, user.get_username(), profile_of(user).display_name)


@lru_cache(maxsize=4096)
def name_of(id: int, handle: str, display_name: str | None) -> PersonName:
    """The short form of a user, from columns."""
    return PersonName(id=id, name=display_name or handle)


def _with_current_status(*columns: Any) -> Person:
    """The person of these columns, without a status whose time is over."""
    *others, emoji, text, until, version = columns
    if not (emoji or text) or (until is not None and until <= timezone.now()):
        emoji = text = until = None
    return _person(*others, emoji, text, until, version)


@lru_cache(maxsize=4096)
def _person(
    id: int,
    handle: str,
    display_name: str | None,
    avatar: str | None,
    is_bot: bool,
    emoji: str | None,
    text: str | None,
    until: datetime | None,
    version: int | None,
) -> Person:
    # Cached, because many messages have the same few authors. Columns of a missing profile are None.
    return Person(
        id=id,
        handle=handle,
        name=display_name or handle,
        avatar=pictures.path_of(id, avatar) if avatar else None,
        bot=is_bot,
        status=Status(emoji=emoji or "", text=text or "", until=until) if emoji or text else None,
        version=version or 0,
    )


@cache
def _has_bots() -> bool:
    """Whether the site's user model has a column for bots."""
    return any(field.attname == "is_bot" for field in get_user_model()._meta.concrete_fields)


def from_json(rows: str | None) -> list[Person]:
    """Serialise the users of a JSON text by `annotations.people_of_room`, by id. None: nobody."""
    return [_person_of_json(*columns) for columns in sorted(json.loads(rows or "[]"), key=itemgetter(0))]


def _person_of_json(id: int, *columns: Any) -> Person:
    handle, display_name, avatar, is_bot, emoji, text, until, version = columns
    ends_at = until and stored_times.parse(until)
    return _with_current_status(id, handle, display_name, avatar, bool(is_bot), emoji, text, ends_at, version)


def as_guest(message_id: int, guest_id: str, guest_name: str) -> Guest:
    """Serialise the guest who wrote a message, from columns of the message."""
    # Messages of older versions have no guest id.
    return Guest(id=guest_id or f"message-{message_id}", name=guest_name)


def as_you(person: AnyPerson) -> You:
    """Serialise a user or a guest, for `welcome`, presence and typing."""
    if person.is_authenticated:
        return You(user=as_person(person), guest=None)
    return You(user=None, guest=Guest(id=person.id, name=person.name))


def is_author(message: Message, person: AnyPerson) -> bool:
    """Whether `person` wrote `message`."""
    return message.sender_key == sender_key(person)


def visible_to(viewer: AnyPerson) -> Rows:
    """The users whom `viewer` may see, with their profiles. Users see everyone. Guests see those who are members of a
    room that is open to guests, or wrote there."""
    users = with_profile(get_user_model()._default_manager.all())
    if viewer.is_authenticated:
        return users
    return users.filter(_is_seen_by_guests(), ~Exists(GuestBan.objects.of_person(viewer)))


def _is_seen_by_guests() -> Q:
    open_rooms = Room.objects.visible_to_guests()
    joined = Membership.objects.filter(user=OuterRef("pk"), room__in=open_rooms)
    wrote = Message.objects.filter(author=OuterRef("pk"), room__in=open_rooms)
    return Q(Exists(joined)) | Q(Exists(wrote))


def changed_after(version: int, viewer: AnyPerson | None = None) -> tuple[list[Person], bool]:
    """The people who changed after this `people_version`, in the order of the changes, and whether these are all.

    At most CHANGED_LIMIT. `viewer`: only those whom they may see. One query.
    """
    users = with_profile(get_user_model()._default_manager.all()) if viewer is None else visible_to(viewer)
    changed = users.filter(chat_profile__version__gt=version).order_by("chat_profile__version")
    found = list(changed[: CHANGED_LIMIT + 1])
    return [as_person(user) for user in found[:CHANGED_LIMIT]], len(found) <= CHANGED_LIMIT


def seen_by_guests(user_ids: set[int]) -> set[int]:
    """Those of these users whom guests may see. One query."""
    users = get_user_model()._default_manager.filter(_is_seen_by_guests(), pk__in=user_ids)
    return set(users.values_list("pk", flat=True))
