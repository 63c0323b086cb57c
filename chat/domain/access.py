"""Rooms as one person may see them: the queries that every command begins with, each compiled once.

All go through `Room.objects.visible_to_…`: fetching is the permission. Each gives rooms with `my_role` (None without a
membership) and `head_version`; those with counts also `my_read`, `unread`, `mentioned`, and the `epoch` of the site.
"""

from django.contrib.auth import get_user_model
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext as _

from chat.models import Membership, Mention, Message, Room, Site
from chat.models.prepared import prepared

from . import people
from .errors import NotFound, SignedOut


def get_visible(person, slug: str) -> Room:
    """The room `slug` as `person` sees it. One query.

    Raises NotFound when it does not exist or may not be seen: told alike; SignedOut when the account no longer stands.
    """
    if person.is_authenticated:
        return _found(person, _visible_to_user.first(user=person.pk, slug=slug))
    return _found(person, _visible_to_guests.first(slug=slug))


def get_for_posting(person, slug: str, reply_to: int | None) -> Room:
    """Like `get_visible`, also with `has_reply_to` (is it in the room?) and `last_said_at` (by this person; for slow
    mode alone)."""
    values = {"slug": slug, "sender": people.sender_key(person), "reply_to": reply_to or 0}
    if person.is_authenticated:
        return _found(person, _postable_by_user.first(user=person.pk, **values))
    return _found(person, _postable_by_guests.first(**values))


def get_with_counts(person, slug: str) -> Room:
    """Like `get_visible`, also with what the person has not read."""
    if person.is_authenticated:
        return _found(person, _counted_for_user.first(user=person.pk, slug=slug, reader=people.sender_key(person)))
    return _found(person, _counted_for_guests.first(slug=slug))


def list_rooms(person) -> list:
    """The rooms of a person's list, by name, with counts: a user's memberships; what guests may see, for a guest.

    Rows with the attributes that a room of `get_with_counts` has, and the site's name: making instances takes longer
    than reading them.
    """
    if person.is_authenticated:
        return _listed_for_user(user=person.pk, reader=people.sender_key(person))
    return _listed_for_guests()


def unread_counts(room_id: int, user_ids: list[int]) -> list[tuple[int, int, int]]:
    """(user id, unread, mentions) for each of `user_ids` that has a membership in the room. One query."""
    own = Concat(Value("u:"), Cast(OuterRef("user_id"), CharField()))
    counted = Membership.objects.filter(room_id=room_id, user_id__in=user_ids).annotate(
        unread=_unread(room_id, own, OuterRef("read_seq")),
        mentioned=_mentioned(room_id, OuterRef("user_id"), OuterRef("read_seq")),
    )
    return list(counted.values_list("user_id", "unread", "mentioned"))


def _found(person, room: Room | None) -> Room:
    if room is not None:
        return room
    if person.is_authenticated and not get_user_model()._default_manager.filter(pk=person.pk, is_active=True).exists():
        raise SignedOut
    raise NotFound(_("There is no such room here."), field="room")


@prepared
def _visible_to_user(*, user: int, slug: str):
    return _for_user(Room.objects.visible_to_user(user), user).filter(slug=slug)


@prepared
def _visible_to_guests(*, slug: str):
    return _for_guests().filter(slug=slug)


@prepared
def _postable_by_user(*, user: int, slug: str, sender: str, reply_to: int):
    return _for_posting(_for_user(Room.objects.visible_to_user(user), user).filter(slug=slug), sender, reply_to)


@prepared
def _postable_by_guests(*, slug: str, sender: str, reply_to: int):
    return _for_posting(_for_guests().filter(slug=slug), sender, reply_to)


@prepared
def _counted_for_user(*, user: int, slug: str, reader: str):
    return _with_counts(_for_user(Room.objects.visible_to_user(user), user).filter(slug=slug), user, reader)


@prepared
def _counted_for_guests(*, slug: str):
    return _without_counts(_for_guests().filter(slug=slug))


@prepared
def _listed_for_user(*, user: int, reader: str):
    listed = _for_user(Room.objects.visible_to_user(user), user).exclude(my_role=None)
    return _as_rows(_with_counts(listed, user, reader))


@prepared
def _listed_for_guests():
    return _as_rows(_without_counts(_for_guests().current()))


def _as_rows(queryset):
    columns = "pk slug name topic kind guests archived_at slow_mode_s changed_version head_version my_role my_read"
    named = queryset.annotate(site_name=_site("name"))
    return named.values_list(*columns.split(), "unread", "mentioned", "epoch", "site_name", named=True)


def _for_user(queryset, user: int):
    mine = FilteredRelation("memberships", condition=Q(memberships__user_id=user))
    return queryset.annotate(head_version=F("head__version"), mine=mine, my_role=F("mine__role"))


def _for_guests():
    nothing = Value(None, CharField())
    return Room.objects.visible_to_guests().annotate(head_version=F("head__version"), my_role=nothing)


def _for_posting(queryset, sender: str, reply_to: int):
    said = Message.objects.filter(room=OuterRef("pk"), sender_key=sender).order_by("-seq")
    return queryset.annotate(
        has_reply_to=Exists(Message.objects.filter(room=OuterRef("pk"), pk=reply_to)),
        # Only where it is asked for: it may take a look at every message of a room.
        last_said_at=Case(When(slow_mode_s__gt=0, then=Subquery(said.values("created_at")[:1]))),
    )


def _with_counts(queryset, user: int, reader: str):
    return queryset.annotate(
        my_read=F("mine__read_seq"),
        unread=_unread(OuterRef("pk"), reader, OuterRef("mine__read_seq")),
        mentioned=_mentioned(OuterRef("pk"), user, OuterRef("mine__read_seq")),
        epoch=_site("epoch"),
    )


def _without_counts(queryset):
    """For guests: they have read nothing, and nothing waits for them."""
    nothing = Value(0, IntegerField())
    return queryset.annotate(my_read=nothing, unread=nothing, mentioned=nothing, epoch=_site("epoch"))


def _site(column: str):
    return Subquery(Site.objects.filter(pk=1).values(column))


def _unread(room, reader, read_seq):
    """The number of messages that stand, that others than `reader` (a sender_key) said, after `read_seq`."""
    unread = Message.objects.standing().filter(room=room, seq__gt=read_seq).exclude(sender_key=reader)
    return _count(unread.order_by(), "room")


def _mentioned(room, user, read_seq):
    """The number of mentions of `user` in messages that stand, after `read_seq`. Nobody mentions themselves."""
    unread = {"message__room": room, "message__seq__gt": read_seq, "message__deleted_at": None}
    return _count(Mention.objects.filter(user=user, **unread), "user")


def _count(queryset, group: str):
    counted = queryset.values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
