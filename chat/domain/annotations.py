"""Annotations of a query set of rooms for one person: their role, their restriction, and their unread counts."""

from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat

from chat.models import Membership, Mention, Message, PersonMute, Room, Sidebar, Site, ThreadFollow

from . import people
from .types import Rows

MAX_COUNT = 1000
"""The limit of each unread count of a room. Clients show at most “99+”."""
MAX_THREADS = 100
"""The limit of the followed threads with unread replies that the state of a room names."""


def for_user(queryset: Rows, user: int) -> Rows:
    """Add `head_version`, `rules`, `active_at`, `mine` (the user's membership of the room), `my_role` (its role, or
    None) and `my_named_to_post`."""
    mine = FilteredRelation("memberships", condition=Q(memberships__user_id=user))
    return queryset.annotate(
        head_version=F("head__version"),
        rules=F("head__rules"),
        active_at=F("head__active_at"),
        mine=mine,
        my_role=F("mine__role"),
        my_named_to_post=F("mine__named_to_post"),
    )


def with_restriction(queryset: Rows, user: int) -> Rows:
    """Add `my_restriction`: the kind of a user's restriction in each room, None without one. Members have none."""
    restricted = FilteredRelation("restrictions", condition=Q(restrictions__user_id=user))
    return queryset.annotate(restricted=restricted, my_restriction=F("restricted__kind"))


def with_moderation(queryset: Rows, sender: Any) -> Rows:
    """Add `mute_until`, the end of the last mute of the person with this `sender_key` in each room or in the whole
    site, None without one; and the site's `filters_version`."""
    mutes = PersonMute.objects.in_force().filter(Q(room=OuterRef("pk")) | Q(room=None), sender_key=sender)
    return queryset.annotate(
        mute_until=Subquery(mutes.order_by("-until").values("until")[:1]), filters_version=site("filters_version")
    )


def for_guests() -> Rows:
    """Rooms visible to guests, annotated like `for_user`. `my_role` is always None."""
    nothing = Value(None, CharField())
    return Room.objects.visible_to_guests().annotate(
        head_version=F("head__version"),
        rules=F("head__rules"),
        active_at=F("head__active_at"),
        my_role=nothing,
        my_named_to_post=Value(False, BooleanField()),
    )


def with_counts(queryset: Rows, user: Any, reader: Any, mine: str = "mine") -> Rows:
    """Add `my_read`, `my_unread_marks`, `unread`, `mentioned`, the site's `epoch` and `people_version`, `my_favourite`,
    `my_muted`, `hidden`, `people` (see `people_of_room`) and `threads` (see `unread_threads`).

    `user` is the primary key of a user, `reader` their `sender_key`, `mine` the name of the relation to their
    membership.
    """
    return queryset.annotate(
        my_read=F(f"{mine}__read_seq"),
        my_unread_marks=F(f"{mine}__unread_marks"),
        unread=unread(OuterRef("pk"), reader, OuterRef(f"{mine}__read_seq")),
        mentioned=mentioned(OuterRef("pk"), user, OuterRef(f"{mine}__read_seq")),
        epoch=site("epoch"),
        people_version=site("people_version"),
        my_favourite=F(f"{mine}__favourite"),
        my_muted=F(f"{mine}__muted"),
        hidden=hidden("head__last_seq", f"{mine}__hidden_seq"),
        people=Case(When(kind=Room.Kind.DIRECT, then=people_of_room(OuterRef("pk")))),
        threads=unread_threads(OuterRef("pk"), user),
    )


def without_counts(queryset: Rows) -> Rows:
    """Like `with_counts`, for guests: all counts are 0."""
    nothing = Value(0, IntegerField())
    return queryset.annotate(
        my_read=nothing,
        my_unread_marks=nothing,
        unread=nothing,
        mentioned=nothing,
        epoch=site("epoch"),
        people_version=site("people_version"),
        my_favourite=Value(None, IntegerField()),
        my_muted=Value(False, BooleanField()),
        hidden=Value(False, BooleanField()),
        people=Value(None, TextField()),
        threads=Value(None, TextField()),
    )


def sender_key(user: Any) -> Concat:
    """The expression that computes `people.sender_key` of a user in SQL."""
    return Concat(Value("u:"), Cast(user, CharField()))


def site(column: str) -> Subquery:
    """A subquery for one column of the site's row."""
    # A short name, for the limit of `room_lists.rooms_of_session`.
    return _AsRead(Site.objects.filter(pk=1).values(x=F(column)))


def unread(room: Any, reader: Any, read_seq: Any) -> Subquery:
    """The number of messages after `read_seq` that the room shows, not deleted and not sent by `reader` (a
    sender_key)."""
    messages = Message.objects.shown_in_room().not_deleted()
    return _Count(messages.filter(room=room, seq__gt=read_seq).exclude(sender_key=reader))


def mentioned(room: Any, user: Any, read_seq: Any) -> Subquery:
    """The number of mentions of `user` after `read_seq` in messages that the room shows. A deleted message has no
    mentions."""
    return _Count(Mention.objects.filter(user=user, room=room, in_room=True, seq__gt=read_seq))


def unread_replies(root: Any, reader: Any, unread_from: Any) -> Subquery:
    """The number of replies in the thread of `root` from seq `unread_from` on, not deleted and not sent by `reader`."""
    replies = Message.objects.not_deleted().filter(thread=root, seq__gte=unread_from)
    return _Count(replies.exclude(sender_key=reader))


def unread_threads(room: Any, user: Any) -> Subquery:
    """The roots of those threads of a room that `user` follows and that have unread replies, the newest first: ids in a
    text, separated by commas; None without one."""
    unread = ThreadFollow.objects.filter(user=user, room=room, unread_from__isnull=False)
    return _Joined(unread.order_by("-root_id").values(r=F("root_id"))[:MAX_THREADS])


def hidden(last_seq: str, hidden_seq: str) -> Case:
    """Whether a room is hidden from a person's list: no message came after the version in the column `hidden_seq`."""
    # Null is not greater than anything.
    is_hidden = Q(**{f"{hidden_seq}__gte": F(last_seq)})
    return Case(When(is_hidden, then=True), default=False, output_field=BooleanField())


def people_of_room(room: Any) -> Subquery:
    """The people of a direct room, as the JSON text that `people.from_json` reads."""
    # With a limit, PostgreSQL fetches the few users by their keys. It expects many more members in a room.
    members = Membership.objects.filter(room=room).order_by("user_id")
    # Short names, for the limit of `room_lists.rooms_of_session`.
    columns = {f"p{place}": column for place, column in enumerate(people.columns("user", "").values())}
    rows = members.annotate(p=F("user_id"), **columns).values("p", *columns)
    return _JSONRows(rows[: Room.DIRECT_PEOPLE])


def folded(user: Any) -> Subquery:
    """The column `folded` of a user's `Sidebar`; None without a row."""
    return Subquery(Sidebar.objects.filter(user=user).values("folded"))


class _JSONRows(Subquery):
    """The rows of a query set of `values`, as the text of a JSON list of lists."""

    output_field = TextField()
    templates = {
        "postgresql": "(SELECT json_agg(json_build_array({columns}))::text FROM (%(subquery)s) f)",
        "sqlite": "(SELECT json_group_array(json_array({columns})) FROM (%(subquery)s) f)",
    }

    def as_sql(self, compiler: Any, connection: Any, template: str | None = None, **context: Any) -> Any:
        """The SQL of this database."""
        columns = ", ".join(f"f.{connection.ops.quote_name(name)}" for name in self.query.annotation_select)
        template = template or self.templates[connection.vendor].format(columns=columns)
        return super().as_sql(compiler, connection, template, **context)


class _Joined(Subquery):
    """The rows of a query set of the value `r`, a number, in one text."""

    output_field = TextField()
    templates = {
        "postgresql": "(SELECT string_agg(r::text, ',') FROM (%(subquery)s) f)",
        "sqlite": "(SELECT group_concat(r) FROM (%(subquery)s) f)",
    }

    def as_sql(self, compiler: Any, connection: Any, template: str | None = None, **context: Any) -> Any:
        """The SQL of this database."""
        return super().as_sql(compiler, connection, template or self.templates[connection.vendor], **context)


class _AsRead(Subquery):
    """A subquery for an integer or a text. The database returns just that; Django would call `int` for each value."""

    def get_db_converters(self, connection: Any) -> list[Any]:
        """None."""
        return []


class _Count(_AsRead):
    """The number of rows of a query set, at most MAX_COUNT, in the order of `seq`.

    Without the limit, a page would count all messages of a busy room that the person never reads. The order makes
    PostgreSQL use the index of (room, seq): without it the planner expects to find 1,000 rows soon anywhere in the
    table, and scans the table once for each member.
    """

    template = "(SELECT COUNT(*) FROM (%(subquery)s) c)"
    output_field = IntegerField()

    def __init__(self, queryset: Rows) -> None:
        super().__init__(queryset.order_by("seq").values("pk")[:MAX_COUNT])
