"""What the moderators of a room do with its filters.

They see and change those of their room alone. The rules and limits of the filters themselves are those of the admin, in
`stored` and `matching`.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chat.models import MessageFilter, Room
from chat.protocol import replies, things

from .. import moderation, people, room_changes, text, throttle
from ..errors import Invalid, NotFound, TooLong
from ..types import AnyPerson
from . import dry_run, stored

MOST = 20
"""Filters of one room: each message is compared with all of them."""
MAX_NAME = 80
SHOWN = 10
"""Of the messages that a dry run met."""
EXCERPT_CHARS = 200
CHANGES = throttle.Rule("room-filter", (throttle.Limit(20, throttle.MINUTE_S), throttle.Limit(200, throttle.HOUR_S)))
DRY_RUNS = throttle.Rule("dry-run", (throttle.Limit(6, throttle.MINUTE_S), throttle.Limit(60, throttle.HOUR_S)))
"""Each reads up to 10,000 messages."""
TIME_LIMIT_S = 2.0
"""Of a dry run: it occupies one of the threads that answer all commands."""


def read(person: AnyPerson, slug: str) -> replies.FiltersReply:
    """The filters of a room, for its moderators, by name. Raises NotFound, Forbidden."""
    room = moderation.get_room(person, slug)
    rows = MessageFilter.objects.filter(room=room).order_by("name", "pk")
    return replies.FiltersReply(filters=[_serialize(row) for row in rows], most=MOST)


@transaction.atomic
def save(*, room: str, by: AnyPerson, filter: int | None = None, **fields: Any) -> None:
    """Create a filter of a room or, with the id `filter`, change it. `fields`: those of the model without the room.

    Raises NotFound, Forbidden, SlowDown; Invalid or TooLong with `field`.
    """
    place = moderation.get_room(by, room)
    throttle.take_for(CHANGES, people.sender_key(by))
    fields = _checked(fields)
    # Two who add the last one at the same moment do it one after the other.
    room_changes.lock(place)
    if filter is not None:
        stored.change(stored=_get(place, filter), by=by, **fields)
        return
    if MessageFilter.objects.filter(room=place).count() >= MOST:
        raise Invalid(_("A room has at most %(most)d filters.") % {"most": MOST}, field="name")
    stored.create(by=by, room=place, **fields)


@transaction.atomic
def delete(*, room: str, by: AnyPerson, filter: int) -> None:
    """Delete a filter of a room. What it holds stays in the queue. Raises NotFound, Forbidden, SlowDown."""
    place = moderation.get_room(by, room)
    throttle.take_for(CHANGES, people.sender_key(by))
    stored.delete(stored=_get(place, filter), by=by)


def try_out(person: AnyPerson, room: str, **fields: Any) -> replies.DryRunReply:
    """What a filter would have met among the last messages of a room. Nothing is stored.

    Raises NotFound, Forbidden, SlowDown; Invalid or TooLong with `field`.
    """
    place = moderation.get_room(person, room)
    throttle.take_for(DRY_RUNS, people.sender_key(person))
    # Its moderators read the room.
    filter = MessageFilter(room=place, **_checked(fields))
    result = dry_run.run(filter, shows_closed=True, time_limit_s=TIME_LIMIT_S)
    return replies.DryRunReply(
        checked=result.checked,
        met=result.met,
        complete=result.is_complete,
        hits=[_serialize_hit(hit) for hit in result.hits[:SHOWN]],
    )


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    name = " ".join(text.clean(fields["name"]).split())
    if not name:
        raise Invalid(_("Give the filter a name."), field="name")
    if len(name) > MAX_NAME:
        raise TooLong(_("At most %(limit)d characters.") % {"limit": MAX_NAME}, field="name")
    for field, allowed in (("kind", MessageFilter.Kind), ("action", MessageFilter.Action)):
        if fields[field] not in allowed.values:
            raise Invalid(_("This choice does not exist."), field=field)
    return fields | {"name": name, "value": text.clean(fields["value"])}


def _get(room: Room, pk: int) -> MessageFilter:
    found = MessageFilter.objects.select_for_update(of=("self",)).filter(room=room, pk=pk).first()
    if found is None:
        raise NotFound(_("This filter does not exist any more."), field="filter")
    return found


def _serialize(row: MessageFilter) -> things.RoomFilter:
    return things.RoomFilter(
        id=row.pk,
        name=row.name,
        kind=row.kind,
        value=row.value,
        limit=row.limit,
        hours=row.hours,
        action=row.action,
        is_on=row.is_on,
    )


def _serialize_hit(hit: dry_run.Hit) -> things.FilterHit:
    message = hit.message
    name = people.as_name(message.author).name if message.author is not None else message.guest_name
    return things.FilterHit(name=name, text=message.text[:EXCERPT_CHARS], found=hit.found, at=message.created_at)
