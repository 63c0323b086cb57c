"""The filters of the site: the verbs that change them, and the compiled ones, which each process keeps.

A change gives `Site.filters_version` another number. Each post reads that number with its room, so a process knows
without another query whether what it keeps is current. The numbers are random: those of a restored backup were not used
before. On a site whose filters are all off it is 0, and nothing is done.
"""

import secrets
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any

from django.db import transaction

from chat.models import MessageFilter, Site

from ..errors import Invalid
from ..record import record
from ..types import AnyPerson
from . import matching
from .matching import Compiled

FIELDS = ("name", "kind", "value", "limit", "hours", "action", "room", "is_on")
KEPT_ROOMS = 100
"""Rooms whose own filters a process keeps compiled: anybody who may create a room may give it filters."""
_ACTIONS = list(MessageFilter.Action.values)


class _Kept:
    """The compiled filters of one version: those of the whole site, and for some rooms these with their own."""

    def __init__(self, version: int, site: tuple[Compiled, ...], filtered: frozenset[int]) -> None:
        self.version, self.site, self.filtered = version, site, filtered
        self.rooms: dict[int, tuple[Compiled, ...]] = {}

    def of(self, room_id: int) -> tuple[Compiled, ...] | None:
        """The filters that apply in a room; None if its own are not compiled."""
        return self.rooms.get(room_id) if room_id in self.filtered else self.site


_lock = Lock()
_kept = _Kept(0, (), frozenset())


def of_room(version: int, room_id: int) -> Sequence[Compiled]:
    """The filters that are on and apply in a room, compiled, those that refuse first. After a change two queries, and
    one for each room with filters of its own; else none."""
    global _kept
    kept = _kept
    if kept.version == version and (known := kept.of(room_id)) is not None:
        return known
    with _lock:
        rows = MessageFilter.objects.filter(is_on=True)
        if _kept.version != version:
            filtered = frozenset(rows.exclude(room=None).values_list("room_id", flat=True).distinct())
            # Of a later version perhaps: then the next post reads them again.
            _kept = _Kept(version, _compile_all(rows.filter(room=None)), filtered)
        kept = _kept
        known = kept.of(room_id)
        if known is None:
            known = _sorted([*kept.site, *_compile_all(rows.filter(room=room_id))])
            if len(kept.rooms) >= KEPT_ROOMS:
                kept.rooms.pop(next(iter(kept.rooms)))
            kept.rooms[room_id] = known
        return known


def _compile_all(rows: Iterable[MessageFilter]) -> tuple[Compiled, ...]:
    return _sorted([compiled for row in rows if (compiled := _compile(row))])


def _sorted(filters: list[Compiled]) -> tuple[Compiled, ...]:
    return tuple(sorted(filters, key=lambda each: _ACTIONS.index(each.action)))


def _compile(row: MessageFilter) -> Compiled | None:
    try:
        return matching.compile_filter(row)
    except Invalid:
        # Stored by a version with other limits. It must not keep people from writing; its page in the admin says why.
        return None


@transaction.atomic
def create(*, by: AnyPerson, **fields: Any) -> MessageFilter:
    """Store a filter. Raises Invalid or TooLong with `field`."""
    made = MessageFilter(**fields)
    matching.compile_filter(made)
    made.save()
    _changed(by, "filter.create", made, {}, _fields(made))
    return made


@transaction.atomic
def change(*, stored: MessageFilter, by: AnyPerson, **fields: Any) -> MessageFilter:
    """Change a filter. Raises Invalid or TooLong with `field`."""
    before = _fields(stored)
    for name, value in fields.items():
        setattr(stored, name, value)
    matching.compile_filter(stored)
    stored.save()
    _changed(by, "filter.change", stored, before, _fields(stored))
    return stored


@transaction.atomic
def delete(*, stored: MessageFilter, by: AnyPerson) -> None:
    """Delete a filter. What it holds stays in the queue."""
    gone, before = MessageFilter(pk=stored.pk, name=stored.name, room=stored.room), _fields(stored)
    stored.delete()
    _changed(by, "filter.delete", gone, before, {})


def _changed(by: AnyPerson, verb: str, stored: MessageFilter, before: dict[str, Any], after: dict[str, Any]) -> None:
    if before != after:
        record(by, verb, stored, room=stored.room, before=before, after=after)
    Site.current()
    is_one_on = MessageFilter.objects.filter(is_on=True).exists()
    Site.objects.filter(pk=1).update(filters_version=secrets.randbits(62) if is_one_on else 0)


def _fields(stored: MessageFilter) -> dict[str, Any]:
    return {name: getattr(stored, "room_id" if name == "room" else name) for name in FIELDS}
