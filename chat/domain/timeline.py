"""Reading the log: rooms as a person has them, pages, and what changed since."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from chat.events import shapes
from chat.models import Room, RoomHead, Site
from chat.models.snapshot import snapshot

from . import access, lists, log, people
from .errors import Invalid
from .facts import room_out, state_out
from .fills import Fill, Fills

_fills = Fills()


def rooms_of(person) -> list[shapes.RoomState]:
    """The rooms of a person's list, by name: a user's memberships; what is open to guests, for a guest. One query."""
    return [state_of(room) for room in lists.rooms_of(person)]


def welcome(person, ahead: list | None = None) -> shapes.Welcome:
    """What a person's socket, or page, begins with: one query, or none with what was read `ahead` (see
    `lists.rooms_of`), for who has a room."""
    return _welcome(person, lists.rooms_of(person, ahead))


def _welcome(person, rooms: list) -> shapes.Welcome:
    return shapes.Welcome(
        epoch=(rooms[0].epoch if rooms else None) or Site.current().epoch,
        you=people.as_you(person),
        rooms=[state_of(room) for room in rooms],
        limits=shapes.Limits(body=settings.CHAT_MAX_BODY, rate=settings.CHAT_POST_RATE, burst=settings.CHAT_POST_BURST),
    )


def state_of(room) -> shapes.RoomState:
    """A room (from `access` or `lists`, with counts) as one person has it."""
    return state_out(
        room,
        role=room.my_role,
        read=room.my_read or 0,
        version=room.head_version,
        # Without a membership there is nothing to catch up on.
        unread=room.unread if room.my_role else 0,
        mentions=room.mentioned if room.my_role else 0,
    )


@dataclass(slots=True)
class Opened:
    """A room as one person has it, and a fill up to the version that it has there."""

    room: Room
    state: shapes.RoomState
    epoch: str
    fill: Fill

    def reply(self, *, ref=None, online: int = 0, here: Iterable = ()) -> shapes.OpenReply:
        """The answer to `open`."""
        return shapes.OpenReply(
            ref=ref,
            room=self.state.slug,
            epoch=self.epoch,
            state=self.state,
            after=self.fill.after,
            upto=self.fill.upto,
            messages=self.fill.messages,
            limited=self.fill.limited,
            more=self.fill.more,
            online=online,
            here=list(here),
        )


@dataclass(slots=True)
class Page:
    """What a room's page shows, with `opened` at its latest page of messages."""

    site_name: str | None
    welcome: shapes.Welcome
    opened: Opened


def open_room(person, slug: str, since: int | None = None, epoch: str | None = None) -> Opened:
    """The room and what changed after version `since`, or its latest page (`limited`) when there is no `since`, the
    epoch differs, `since` is ahead of the head, or more changed than log.FILL_LIMIT messages or log.FILL_BYTES. At most
    4 queries: one, when someone has just asked for the same.

    Raises NotFound.
    """
    return _open(person, access.get_with_counts(person, slug), since, epoch)


def open_page(person, slug: str, ahead: list | None = None) -> Page:
    """What a room's page shows: one query, or none with what was read `ahead` (see `lists.rooms_of`), for a room of
    the person's list that someone has just asked for.

    Raises NotFound.
    """
    rooms = lists.rooms_of(person, ahead)
    room = next((room for room in rooms if room.slug == slug), None) or access.get_with_counts(person, slug)
    site_name = rooms[0].site_name if rooms else Site.current().name
    return Page(site_name, _welcome(person, rooms), _open(person, room))


def _open(person, room, since: int | None = None, epoch: str | None = None) -> Opened:
    if room.epoch is None:
        # Not in the snapshot: the very first call makes the site's row.
        Site.current()
        room = access.get_with_counts(person, room.slug)
    if epoch not in (None, room.epoch) or (since is not None and since > room.head_version):
        since = None
    fill = _fills.find(room.epoch, room.pk, since, room.head_version)
    if fill is None:
        with snapshot():
            room = access.get_with_counts(person, room.slug)
            fill = _read(room, since)
        _fills.keep(room.epoch, room.pk, since, fill)
    return Opened(room, state_of(room), room.epoch, fill)


def _read(room: Room, since: int | None) -> Fill:
    head = room.head_version
    if since is not None:
        messages, whole = log.changed_after(room.pk, since) if since < head else ([], True)
        if whole:
            return Fill(since, head, shapes.Messages(messages), limited=False, more=False)
    messages, more = log.page(room.pk)
    return Fill(0, head, shapes.Messages(messages), limited=True, more=more)


def history(person, slug: str, before: int, limit: int = log.PAGE) -> tuple[list[shapes.MessageOut], bool]:
    """The `limit` (1 to 100) messages before `seq`, oldest first, and whether there are older ones.

    Raises NotFound, Invalid.
    """
    if not 1 <= limit <= log.PAGE_LIMIT:
        raise Invalid(field="limit")
    room = access.get_visible(person, slug)
    return log.page(room.pk, before, limit)


@dataclass(slots=True)
class Missed:
    """What a hub has not heard of. `seeing`: who of the users that it asked for may see the room; None when nobody's
    rights changed."""

    changes: shapes.Changes
    seeing: set[int] | None


def missed(room_id: int, after: int, users: Iterable[int]) -> Missed | None:
    """`changes`, and who of `users` (ids) may see the room, if the rules changed since. The rights are read after the
    changes, so that nobody is shown what was said after their removal. None when nothing changed."""
    found = changes(room_id, after)
    if found is None:
        return None
    changed = RoomHead.objects.filter(pk=room_id, rules__gt=after).exists()
    return Missed(found, access.who_may_see(found.room, users) if changed else None)


def changes(room_id: int, after: int) -> shapes.Changes | None:
    """What changed in a room after version `after`, in one snapshot: at most FILL_LIMIT messages of FILL_BYTES; `upto`
    says how far it goes. None when nothing did. For the hub: it asks no one's permission, and hands out to watchers
    only.

    `state` is there when the room itself changed since, be it after `upto`: who may see the room has to be known first.
    """
    with snapshot():
        head = RoomHead.objects.select_related("room").get(pk=room_id)
        if head.version <= after:
            return None
        changed, whole = log.changed_after(room_id, after)
    upto = head.version if whole else changed[-1].version
    room = head.room
    return shapes.Changes(
        room=room.slug,
        after=after,
        upto=upto,
        messages=changed,
        state=room_out(room) if room.changed_version > after else None,
    )
