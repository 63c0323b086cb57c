"""One room as a person may see it: the queries that every command begins with, each compiled once.

All go through `Room.objects.visible_to_…`: fetching is the permission. Each gives rooms with `my_role` (None without a
membership), `head_version`, the version of the `rules` and, for users, `my_restriction`; those with counts also
`my_read`, `unread`, `mentioned`, and the `epoch` of the site.
"""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db.models import Case, Exists, OuterRef, Subquery, When
from django.utils.translation import gettext as _

from chat.models import GuestBar, Membership, Message, Restriction, Room
from chat.models.prepared import prepared

from . import people
from .annotations import for_guests, for_user, with_counts, with_restriction, without_counts
from .errors import NotFound, SignedOut


def get_visible(person, slug: str) -> Room:
    """The room `slug` as `person` sees it. One query.

    Raises NotFound when it does not exist or may not be seen: told alike; SignedOut when the account no longer stands.
    """
    if person.is_authenticated:
        return _found(person, _visible_to_user.first(user=person.pk, slug=slug))
    return _found(person, _visible_to_guests.first(slug=slug, **_who(person)))


def get_for_posting(person, slug: str, reply_to: int | None) -> Room:
    """Like `get_visible`, also with `has_reply_to` (is it in the room?) and `last_said_at` (by this person; for slow
    mode alone)."""
    values = {"slug": slug, "sender": people.sender_key(person), "reply_to": reply_to or 0}
    if person.is_authenticated:
        return _found(person, _postable_by_user.first(user=person.pk, **values))
    return _found(person, _postable_by_guests.first(**values, **_who(person)))


def get_with_counts(person, slug: str) -> Room:
    """Like `get_visible`, also with what the person has not read. Lists of such rooms are in `lists`."""
    if person.is_authenticated:
        return _found(person, _counted_for_user.first(user=person.pk, slug=slug, reader=people.sender_key(person)))
    return _found(person, _counted_for_guests.first(slug=slug, **_who(person)))


def who_may_see(slug: str, users: Iterable[int]) -> set[int]:
    """Which of these users (ids) may see the room. Two queries."""
    room = Room.objects.filter(slug=slug).first()
    if room is None:
        return set()
    accounts = get_user_model()._default_manager.filter(pk__in=users, is_active=True)
    joined = Exists(Membership.objects.filter(room=room, user=OuterRef("pk")))
    if room.kind == Room.Kind.PUBLIC:
        barred = Restriction.objects.filter(room=room, user=OuterRef("pk"), kind=Restriction.Kind.BARRED)
        joined = joined | ~Exists(barred)
    return set(accounts.filter(joined).values_list("pk", flat=True))


def _found(person, room: Room | None) -> Room:
    if room is not None:
        return room
    if person.is_authenticated and not get_user_model()._default_manager.filter(pk=person.pk, is_active=True).exists():
        raise SignedOut
    raise NotFound(_("There is no such room here."), field="room")


@prepared
def _visible_to_user(*, user: int, slug: str):
    return _one_for_user(user, slug)


@prepared
def _visible_to_guests(*, slug: str, guest: str, network: str):
    return _one_for_guest(slug, guest, network)


@prepared
def _postable_by_user(*, user: int, slug: str, sender: str, reply_to: int):
    return _for_posting(_one_for_user(user, slug), sender, reply_to)


@prepared
def _postable_by_guests(*, slug: str, sender: str, reply_to: int, guest: str, network: str):
    return _for_posting(_one_for_guest(slug, guest, network), sender, reply_to)


@prepared
def _counted_for_user(*, user: int, slug: str, reader: str):
    return with_counts(_one_for_user(user, slug), user, reader)


@prepared
def _counted_for_guests(*, slug: str, guest: str, network: str):
    return without_counts(_one_for_guest(slug, guest, network))


def _one_for_user(user: int, slug: str):
    return with_restriction(for_user(Room.objects.visible_to_user(user), user), user).filter(slug=slug)


def _one_for_guest(slug: str, guest: str, network: str):
    return for_guests().filter(~Exists(GuestBar.objects.of(guest, network)), slug=slug)


def _who(person) -> dict[str, str]:
    # Someone who is not even a guest yet, as Django's AnonymousUser, is barred by nothing.
    return {"guest": getattr(person, "id", None) or "", "network": getattr(person, "network", "")}


def _for_posting(queryset, sender: str, reply_to: int):
    said = Message.objects.filter(room=OuterRef("pk"), sender_key=sender).order_by("-seq")
    return queryset.annotate(
        has_reply_to=Exists(Message.objects.filter(room=OuterRef("pk"), pk=reply_to)),
        # Only where it is asked for: it may take a look at every message of a room.
        last_said_at=Case(When(slow_mode_s__gt=0, then=Subquery(said.values("created_at")[:1]))),
    )
