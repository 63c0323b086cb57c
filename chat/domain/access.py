"""Fetches one room if a person may see it. Every command begins with one of these queries; each is compiled once.

All use `Room.objects.visible_to_…`: fetching is the permission check. The rooms have `my_role` (None without a
membership), `head_version`, the version of the `rules`, `mute_until` (until when a moderator keeps the person from
writing, None without a mute), the site's `filters_version` and, for users, `my_restriction`. Those with counts also
have `my_read`, `my_unread_marks`, `unread`, `mentioned`, and the `epoch` and `people_version` of the site.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Case, Exists, OuterRef, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from chat.models import GuestBan, Membership, Message, Restriction, Room
from chat.models.prepared import prepared

from . import people
from .annotations import for_guests, for_user, with_counts, with_moderation, with_restriction, without_counts
from .errors import NotFound, SignedOut
from .types import AnyPerson, Rows, VisibleRoom


def get_visible(person: AnyPerson, slug: str) -> VisibleRoom:
    """The room `slug`, annotated for `person`. One query.

    Raises NotFound when it does not exist, and also when the person may not see it; SignedOut when the account is gone
    or inactive.
    """
    if person.is_authenticated:
        return _found(person, _visible_to_user.first(user=person.pk, slug=slug, sender=people.sender_key(person)))
    return _found(person, _visible_to_guests.first(slug=slug, sender=_key(person), **_who(person)))


def get_for_posting(person: AnyPerson, slug: str, reply_to: int | None, thread: int | None = None) -> VisibleRoom:
    """Like `get_visible`, also with `has_reply_to` (whether that message is in the room), `thread_root` (the root of
    the thread of the message `thread`, None if it is not in the room) and `last_posted_at` (time of this person's last
    message, in slow mode only)."""
    values = {
        "slug": slug,
        "sender": people.sender_key(person),
        "reply_to": reply_to or 0,
        "thread": thread or 0,
    }
    if person.is_authenticated:
        return _found(person, _postable_by_user.first(user=person.pk, **values))
    return _found(person, _postable_by_guests.first(**values, **_who(person)))


def get_with_counts(person: AnyPerson, slug: str) -> VisibleRoom:
    """Like `get_visible`, also with unread counts. For lists of such rooms see `room_lists`."""
    if person.is_authenticated:
        return _found(person, _counted_for_user.first(user=person.pk, slug=slug, reader=people.sender_key(person)))
    return _found(person, _counted_for_guests.first(slug=slug, sender=_key(person), **_who(person)))


def who_may_see(slug: str, users: Iterable[int]) -> set[int]:
    """Those of these users (ids) who may see the room. Two queries."""
    room = Room.objects.filter(slug=slug).first()
    if room is None:
        return set()
    accounts = get_user_model()._default_manager.filter(pk__in=users, is_active=True)
    joined: Any = Exists(Membership.objects.filter(room=room, user=OuterRef("pk")))
    if room.kind == Room.Kind.PUBLIC:
        banned = Restriction.objects.filter(room=room, user=OuterRef("pk"), kind=Restriction.Kind.BANNED)
        joined = joined | ~Exists(banned)
    return set(accounts.filter(joined).values_list("pk", flat=True))


def _found(person: AnyPerson, room: VisibleRoom | None) -> VisibleRoom:
    if room is not None:
        return room
    if person.is_authenticated and not get_user_model()._default_manager.filter(pk=person.pk, is_active=True).exists():
        raise SignedOut
    raise NotFound(_("Room not found."), field="room")


@prepared
def _visible_to_user(*, user: int, slug: str, sender: str) -> Rows:
    return _one_for_user(user, slug, sender)


@prepared
def _visible_to_guests(*, slug: str, sender: str, guest: str, place: str) -> Rows:
    return _one_for_guest(slug, sender, guest, place)


@prepared
def _postable_by_user(*, user: int, slug: str, sender: str, reply_to: int, thread: int) -> Rows:
    return _for_posting(_one_for_user(user, slug, sender), sender, reply_to, thread)


@prepared
def _postable_by_guests(*, slug: str, sender: str, reply_to: int, thread: int, guest: str, place: str) -> Rows:
    return _for_posting(_one_for_guest(slug, sender, guest, place), sender, reply_to, thread)


@prepared
def _counted_for_user(*, user: int, slug: str, reader: str) -> Rows:
    return with_counts(_one_for_user(user, slug, reader), user, reader)


@prepared
def _counted_for_guests(*, slug: str, sender: str, guest: str, place: str) -> Rows:
    return without_counts(_one_for_guest(slug, sender, guest, place))


def _one_for_user(user: int, slug: str, sender: str) -> Rows:
    visible = with_restriction(for_user(Room.objects.visible_to_user(user), user), user).filter(slug=slug)
    return with_moderation(visible, sender)


def _one_for_guest(slug: str, sender: str, guest: str, place: str) -> Rows:
    visible = for_guests().filter(~Exists(GuestBan.objects.of(guest, place)), slug=slug)
    return with_moderation(visible, sender)


def _key(person: AnyPerson) -> str:
    # Django's AnonymousUser is not a guest yet: it has no key.
    return f"g:{getattr(person, 'key', '')}"


def _who(person: AnyPerson) -> dict[str, str]:
    # Django's AnonymousUser is not a guest yet: no ban applies.
    return {"guest": getattr(person, "id", None) or "", "place": getattr(person, "place", "")}


def _for_posting(queryset: Rows, sender: str, reply_to: int, thread: int) -> Rows:
    in_thread = Message.objects.filter(room=OuterRef("pk"), pk=thread)
    own_messages = Message.objects.filter(room=OuterRef("pk"), sender_key=sender).order_by("-seq")
    return queryset.annotate(
        has_reply_to=Exists(Message.objects.filter(room=OuterRef("pk"), pk=reply_to)),
        # A reply to a reply goes to the same thread.
        thread_root=Subquery(in_thread.values(root=Coalesce("thread_id", "pk"))),
        # Only in slow mode: this may read every message of the room.
        last_posted_at=Case(When(slow_mode_s__gt=0, then=Subquery(own_messages.values("created_at")[:1]))),
    )
