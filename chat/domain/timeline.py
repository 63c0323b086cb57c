"""Functions that read: a person's list of rooms, a room with a page of messages or a delta, pages of its log."""

from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _

from chat.models import Sidebar, Site
from chat.models.snapshot import snapshot
from chat.protocol import encoding, events, things

from . import access, attaching, message_log, people, policy, room_lists
from .errors import Invalid, NotFound
from .opened_room import OpenedRoom
from .room_delta import DeltaCache, RoomDelta
from .serializers import serialize_room_state
from .types import AnyPerson, VisibleRoom

At = Literal["unread"] | int | None
"""The place at which a room is opened: its first unread message, a message (its id), or its end (None)."""
CONTEXT = 10
"""Messages before that place that a reader should see. The latest page is enough if it has them."""
_delta_cache = DeltaCache()


def rooms_of(person: AnyPerson) -> list[things.RoomState]:
    """The rooms of a person's list, by name: a user's memberships; for a guest, the rooms open to guests. One query."""
    return [serialize_room_state(room) for room in room_lists.rooms_of(person)]


def welcome(person: AnyPerson, rooms: list[Any] | None = None) -> events.Welcome:
    """The first event of a person's socket; pages contain the same. `rooms`: rows of `sessions.read_with_rooms`.
    Without them, one query for a person who has a room, else two."""
    return _welcome(person, room_lists.rooms_of(person, rooms))


def _welcome(person: AnyPerson, rooms: list[Any]) -> events.Welcome:
    site: Any = rooms[0] if rooms and rooms[0].epoch else Site.current()
    return events.Welcome(
        epoch=site.epoch,
        you=people.as_you(person),
        rooms=[serialize_room_state(room) for room in rooms],
        folded=_folded(rooms),
        people_version=site.people_version,
        limits=_limits(),
    )


def _limits() -> things.Limits:
    files = things.FileLimits(
        count=attaching.MAX_FILES,
        bytes=settings.MAX_FILE_BYTES,
        types=settings.FILE_TYPES,
        alt=attaching.MAX_ALT,
        chunk=settings.MAX_UPLOAD_CHUNK_BYTES,
    )
    return things.Limits(
        body=settings.CHAT_MAX_BODY, rate=settings.CHAT_POST_RATE, burst=settings.CHAT_POST_BURST, files=files
    )


def _folded(rooms: list[Any]) -> list[str]:
    stored = rooms[0].folded if rooms else None
    return (Sidebar.DEFAULT if stored is None else stored).split()


@dataclass(frozen=True, slots=True)
class SiteLook:
    """What the pages show of the row of the site."""

    name: str
    open_edit_history: bool


@dataclass(slots=True)
class Page:
    """The data of a room's page. `opened` has a page of messages."""

    site: SiteLook
    welcome: events.Welcome
    opened: OpenedRoom


def open_room(
    person: AnyPerson, slug: str, since: int | None = None, epoch: str | None = None, at: At = None
) -> OpenedRoom:
    """The room and what changed after version `since`. Or a page of its messages (`limited`), if there is no `since`,
    the epoch differs, `since` is higher than the head, or more changed than DELTA_LIMIT messages or DELTA_BYTES: the
    latest page if that has the place `at`, else the page around it.

    One query if the delta is cached; else 4, and one more for each `message_log.CHUNK` of changed messages. One more
    for the id of a message.

    Raises NotFound; its field is `at` if the room has no such message.
    """
    return _open(person, access.get_with_counts(person, slug), since, epoch, at)


def open_page(person: AnyPerson, slug: str, rooms: list[Any] | None = None, at: At = None) -> Page:
    """The data of a room's page. `rooms`: rows of `sessions.read_with_rooms`; without them, one query. No other, if
    the room is on the person's list and its messages are cached.

    Raises NotFound.
    """
    rooms = room_lists.rooms_of(person, rooms)
    room = next((room for room in rooms if room.slug == slug), None) or access.get_with_counts(person, slug)
    site = SiteLook(rooms[0].site_name, rooms[0].open_edits) if rooms else site_look()
    return Page(site, _welcome(person, rooms), _open(person, room, at=at))


def site_look() -> SiteLook:
    """What the pages show of the site. One query."""
    site = Site.current()
    return SiteLook(site.name, site.open_edit_history)


def _open(
    person: AnyPerson, room: VisibleRoom, since: int | None = None, epoch: str | None = None, at: At = None
) -> OpenedRoom:
    if room.epoch is None:
        # Not in the snapshot below: the first call ever creates the site's row.
        Site.current()
        room = access.get_with_counts(person, room.slug)
    if epoch not in (None, room.epoch) or (since is not None and since > room.head_version):
        since = None
    seq, thread = _place_of(room, at)
    delta = _delta_cache.find(_state_of_site(room), room.pk, room.head_version, since, seq)
    if delta is None:
        with snapshot():
            room = access.get_with_counts(person, room.slug)
            delta = _read(room, since, seq)
        _delta_cache.keep(_state_of_site(room), room.pk, delta, since, seq)
    # The rows of `room_lists` do not have it: see `policy.check_may_write`.
    muted_until = getattr(room, "mute_until", None)
    return OpenedRoom(
        room, serialize_room_state(room), policy.may_post(room, person), muted_until, room.epoch, delta, seq, thread
    )


def _state_of_site(room: VisibleRoom) -> str:
    """Changes when cached deltas become wrong without a change of the room: messages hold the names of people."""
    return f"{room.epoch} {room.people_version}"


def _place_of(room: VisibleRoom, at: At) -> tuple[int | None, int | None]:
    """The `seq` of the place `at`, None for the end of the room; and see `message_log.place_of`."""
    if at is None:
        return None, None
    if at == "unread":
        return (room.my_read + 1 if room.my_role and room.unread else None), None
    place = message_log.place_of(room.pk, at)
    if place is None:
        raise NotFound(_("Message not found."), field="at")
    return place


def _read(room: VisibleRoom, since: int | None, seq: int | None) -> RoomDelta:
    head = room.head_version
    if since is not None:
        messages, is_complete = message_log.changed_after(room.pk, since) if since < head else ([], True)
        if is_complete:
            return RoomDelta(since, head, encoding.MessageList(messages), limited=False)
    # There are at most as many messages as versions.
    if seq is None or head - seq < message_log.PAGE - CONTEXT:
        page = message_log.page_before(room.pk)
        latest = RoomDelta(
            0, head, encoding.MessageList(page.messages), limited=True, more_before=bool(page.more_before)
        )
        if seq is None or latest.has(seq):
            return latest
    page = message_log.page_around(room.pk, seq)
    return RoomDelta(
        0,
        head,
        encoding.MessageList(page.messages),
        limited=True,
        more_before=bool(page.more_before),
        more_after=bool(page.more_after),
        around=seq,
    )


def history(
    person: AnyPerson,
    slug: str,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    limit: int = message_log.PAGE,
) -> message_log.Page:
    """The `limit` (1 to 100) messages before, after or around a `seq`; exactly one of the three is given. Two queries.

    Raises NotFound, Invalid.
    """
    if not 1 <= limit <= message_log.PAGE_LIMIT:
        raise Invalid(field="limit")
    if [before, after, around].count(None) != 2:
        raise Invalid(_("Exactly one of `before`, `after` and `around` is needed."), field="before")
    room = access.get_visible(person, slug)
    if before is not None:
        return message_log.page_before(room.pk, before, limit)
    if after is not None:
        return message_log.page_after(room.pk, after, limit)
    assert around is not None
    return message_log.page_around(room.pk, around, limit)
