"""The filters of a `Query`, as conditions on rooms, on messages and on documents."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, F, OuterRef, Q, Subquery

from chat.domain import people
from chat.domain.types import AnyPerson, Rows, User
from chat.models import Membership, Mention, Message, Reaction, Room, SavedMessage, ThreadFollow

from . import facts, normalise
from .document import FILE_NAME
from .expressions import Expression, Phrase, all_of, any_of
from .query_types import Filter, FilterName, Query

CLOCK_SLACK = timedelta(minutes=10)
"""How much older a message may be than one that was stored before it."""


@dataclass(slots=True)
class Conditions:
    """`rooms`: those in which to search, as the reader may see them. `messages`: what is true of each message.
    `tables`: querysets whose rows name messages by `message`, as saved ones do: a row of each names it. `has_pin`: it
    is pinned. `unread_of`: the user who has not read it. `wanted` and `unwanted`: expressions of documents. `since`,
    `until`: the time of all messages, if it is limited."""

    rooms: Rows
    messages: Q = field(default_factory=Q)
    tables: list[Rows] = field(default_factory=list)
    has_pin: bool = False
    unread_of: User | None = None
    wanted: list[Expression] = field(default_factory=list)
    unwanted: list[Expression] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None


def conditions_of(query: Query, reader: AnyPerson | None, room: str | None) -> Conditions:
    """The conditions of a query for `reader`; None: an admin who searches all rooms. One query for handles."""
    rooms = Room.objects.filter(deleted_at=None) if reader is None else Room.objects.visible_to(reader)
    if room is not None:
        rooms = rooms.filter(slug=room)
    found = Conditions(rooms.order_by())
    users = _users(query, reader)
    either: dict[FilterName, list[Filter]] = {}
    for each in query.filters:
        if each.name in (FilterName.FROM, FilterName.IN, FilterName.WITH, FilterName.EXT) and not each.is_negated:
            either.setdefault(each.name, []).append(each)
        else:
            _add(found, each, users, reader)
    for name, filters in either.items():
        _add_either(found, name, [each.value for each in filters], users, reader)
    return found


def _users(query: Query, reader: AnyPerson | None) -> dict[str, int]:
    """The ids of the users whom the filters name, by the handle in lower case; `me` is the reader."""
    named = {
        each.value.casefold()
        for each in query.filters
        if each.name in (FilterName.FROM, FilterName.WITH, FilterName.MENTIONS)
    } - {"me"}
    users = get_user_model()._default_manager.all() if reader is None else people.visible_to(reader)
    username = get_user_model().USERNAME_FIELD
    known: dict[str, int] = {}
    if named:
        handles = Q(pk__in=[])
        for handle in named:
            handles |= Q(**{f"{username}__iexact": handle})
        known = {name.casefold(): pk for pk, name in users.filter(handles).values_list("pk", username)}
    if reader is not None and reader.is_authenticated:
        known["me"] = reader.pk
    return known


def _add_either(
    found: Conditions, name: FilterName, values: list[str], users: dict[str, int], reader: AnyPerson | None
) -> None:
    """Add filters of which one must be true."""
    ids = [users[value.casefold()] for value in values if value.casefold() in users]
    if name is FilterName.IN:
        found.rooms = found.rooms.filter(_named(values))
    elif name is FilterName.WITH:
        found.rooms = found.rooms.filter(_with(ids))
    elif name is FilterName.EXT:
        found.wanted.append(any_of([Phrase((facts.extension(value),)) for value in values]))
    elif _is_own_guest(values, reader):
        found.messages &= Q(author__in=ids) | Q(sender_key=people.sender_key(reader))
    elif ids:
        found.wanted.append(any_of([Phrase((facts.author(pk),)) for pk in ids]))
    else:
        found.messages &= Q(pk__in=[])


def _add(found: Conditions, each: Filter, users: dict[str, int], reader: AnyPerson | None) -> None:
    """Add a filter that must be true, or must not be true."""
    value = each.value
    pk = users.get(value.casefold(), 0)
    match each.name:
        case FilterName.DATE:
            _add_date(found, each)
        case FilterName.IN:
            found.rooms = found.rooms.exclude(_named([value]))
        case FilterName.WITH:
            found.rooms = found.rooms.exclude(_with([pk]))
        case FilterName.IS if value == "dm":
            direct = Q(kind=Room.Kind.DIRECT)
            found.rooms = found.rooms.filter(~direct if each.is_negated else direct)
        case FilterName.FROM:
            is_author = Q(sender_key=people.sender_key(reader)) if _is_own_guest([value], reader) else Q(author=pk)
            found.messages &= ~is_author & Q(sender_key__isnull=False)
        case FilterName.MENTIONS:
            _add_table(found, each, Mention.objects.filter(user=pk))
        case FilterName.IS if value == "thread":
            _add_condition(found, each, Q(thread__isnull=False) | Q(replies__isnull=False))
        case FilterName.IS:
            _add_own(found, each, reader)
        case FilterName.HAS if value == "reaction":
            _add_table(found, each, Reaction.objects.all())
        case FilterName.HAS if value not in facts.BY_ROW:
            found.has_pin |= not each.is_negated
            _add_condition(found, each, Q(pinned__isnull=False))
        case FilterName.HAS:
            _add_document(found, each, Phrase((facts.has(value),)))
        case FilterName.EXT:
            _add_document(found, each, Phrase((facts.extension(value),)))
        case FilterName.FILE:
            words = [FILE_NAME + word.folded for word in normalise.words(normalise.compose(value))]
            if words:
                parts: list[Expression] = [Phrase((word,)) for word in words[:-1]]
                _add_document(found, each, all_of([*parts, Phrase((words[-1],), is_prefix=True)]))


def _add_document(found: Conditions, each: Filter, expression: Expression) -> None:
    (found.unwanted if each.is_negated else found.wanted).append(expression)


def _add_condition(found: Conditions, each: Filter, condition: Any) -> None:
    condition = Q(condition)
    found.messages &= ~condition if each.is_negated else condition


def _add_table(found: Conditions, each: Filter, rows: Rows) -> None:
    if each.is_negated:
        found.messages &= ~Q(Exists(rows.filter(message=OuterRef("pk"))))
    else:
        found.tables.append(rows)


def _add_own(found: Conditions, each: Filter, reader: AnyPerson | None) -> None:
    """Add a filter for what the reader saved, was mentioned in, or has not read. None of it exists for guests."""
    if reader is None or not reader.is_authenticated:
        _add_condition(found, each, Q(pk__in=[]))
    elif each.value == "saved":
        _add_table(found, each, SavedMessage.objects.filter(user=reader))
    elif each.value == "mention":
        _add_table(found, each, Mention.objects.filter(user=reader))
    else:
        found.unread_of = None if each.is_negated else reader
        _add_condition(found, each, _is_unread(reader))


def _add_date(found: Conditions, each: Filter) -> None:
    at = Q()
    if each.since is not None:
        at &= Q(created_at__gte=each.since)
    if each.until is not None:
        at &= Q(created_at__lt=each.until)
    if each.is_negated:
        found.messages &= ~at
        return
    found.messages &= at
    if each.since is not None:
        found.since = max(found.since or each.since, each.since)
    if each.until is not None:
        found.until = min(found.until or each.until, each.until)


def _is_own_guest(values: list[str], reader: AnyPerson | None) -> bool:
    return "me" in values and reader is not None and not reader.is_authenticated


def _named(values: list[str]) -> Q:
    """Rooms with one of these slugs or names. A direct room has only a slug, which the page of the room writes."""
    named = Q(pk__in=[])
    for value in values:
        named |= Q(slug__iexact=value) | (Q(name__iexact=value) & ~Q(kind=Room.Kind.DIRECT))
    return named


def _with(ids: list[int]) -> Q:
    return Q(Exists(Membership.objects.filter(room=OuterRef("pk"), user__in=ids)), kind=Room.Kind.DIRECT)


def _is_unread(reader: User) -> Q:
    unread = Membership.objects.filter(room=OuterRef("room"), user=reader, read_seq__lt=OuterRef("seq"))
    follow = ThreadFollow.objects.filter(root=OuterRef("thread"), user=reader, unread_from__lte=OuterRef("seq"))
    is_unread = Q(Exists(unread), in_room=True) | Q(Exists(unread), Exists(follow), in_room=False)
    return is_unread & ~Q(sender_key=people.sender_key(reader))


def bounds(found: Conditions) -> tuple[int, int | None]:
    """The ids of the messages between which all of the time of a query are: from the first, to before the second; None
    for no limit. One query if the time is limited.

    In a room ids and times increase together, so each room gives its own limits, by the index of room and time.
    """
    rooms, first, last = found.rooms, None, None
    in_room = Message.objects.filter(room=OuterRef("pk"))
    if found.since is not None:
        after = in_room.filter(created_at__gte=found.since - CLOCK_SLACK).order_by("created_at", "pk")
        rooms, first = rooms.annotate(first=Subquery(after.values("pk")[:1])), F("first")
    if found.until is not None:
        before = in_room.filter(created_at__lt=found.until + CLOCK_SLACK).order_by("-created_at", "-pk")
        rooms, last = rooms.annotate(last=Subquery(before.values("pk")[:1])), F("last")
    if first is None and last is None:
        return 0, None
    names = [name for name, given in (("first", first), ("last", last)) if given is not None]
    rows = [dict(zip(names, row, strict=True)) for row in rooms.values_list(*names)]
    firsts = [row["first"] for row in rows if row.get("first") is not None]
    lasts = [row["last"] for row in rows if row.get("last") is not None]
    # Without any message in that time, nothing is left.
    low = min(firsts, default=2**58) if first is not None else 0
    high = max(lasts, default=0) + 1 if last is not None else None
    return low, high
