"""Annotations of a query set of rooms for one person: their role, their restriction, and their unread counts."""

from django.db.models import CharField, F, FilteredRelation, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat

from chat.models import Mention, Message, Room, Site

COUNTED_MOST = 1000
"""The limit of each unread count of a room. Clients show at most “99+”."""


def for_user(queryset, user: int):
    """Add `head_version`, `rules`, `mine` (the user's membership of the room) and `my_role` (its role, or None)."""
    mine = FilteredRelation("memberships", condition=Q(memberships__user_id=user))
    return queryset.annotate(
        head_version=F("head__version"), rules=F("head__rules"), mine=mine, my_role=F("mine__role")
    )


def with_restriction(queryset, user: int):
    """Add `my_restriction`: the kind of a user's restriction in each room, None without one. Members have none."""
    restricted = FilteredRelation("restrictions", condition=Q(restrictions__user_id=user))
    return queryset.annotate(restricted=restricted, my_restriction=F("restricted__kind"))


def for_guests():
    """Rooms that guests may see, with the annotations of `for_user`. Their `my_role` is None."""
    nothing = Value(None, CharField())
    return Room.objects.visible_to_guests().annotate(
        head_version=F("head__version"), rules=F("head__rules"), my_role=nothing
    )


def with_counts(queryset, user, reader, mine: str = "mine"):
    """Add `my_read`, `unread`, `mentioned` and the site's `epoch`.

    `user` is a user's primary key, `reader` their `sender_key`, `mine` the name of the relation to their membership.
    """
    return queryset.annotate(
        my_read=F(f"{mine}__read_seq"),
        unread=unread(OuterRef("pk"), reader, OuterRef(f"{mine}__read_seq")),
        mentioned=mentioned(OuterRef("pk"), user, OuterRef(f"{mine}__read_seq")),
        epoch=site("epoch"),
    )


def without_counts(queryset):
    """The same annotations for guests, for whom nothing is counted: all are 0."""
    nothing = Value(0, IntegerField())
    return queryset.annotate(my_read=nothing, unread=nothing, mentioned=nothing, epoch=site("epoch"))


def sender_key(user):
    """The expression that computes `people.sender_key` of a user in SQL."""
    return Concat(Value("u:"), Cast(user, CharField()))


def site(column: str):
    """A subquery for one column of the site's row."""
    return Subquery(Site.objects.filter(pk=1).values(column))


def unread(room, reader, read_seq):
    """The number of messages after `read_seq` that are not deleted and not sent by `reader` (a sender_key)."""
    return _Count(Message.objects.standing().filter(room=room, seq__gt=read_seq).exclude(sender_key=reader))


def mentioned(room, user, read_seq):
    """The number of mentions of `user` after `read_seq`. A deleted message mentions nobody."""
    return _Count(Mention.objects.filter(user=user, room=room, seq__gt=read_seq))


class _Count(Subquery):
    """The number of rows of a query set, at most COUNTED_MOST, in the order of `seq`.

    The limit keeps a person who never reads a busy room from having all its messages counted with each page. The order
    makes PostgreSQL walk the index of (room, seq): without it the planner expects to find 1,000 rows soon anywhere in
    the table, and scans that once for each member.
    """

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, queryset):
        super().__init__(queryset.order_by("seq").values("pk")[:COUNTED_MOST])
