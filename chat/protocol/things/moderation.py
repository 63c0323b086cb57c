"""Reports, held messages, mutes and filters, as moderators see them, and one's own held messages."""

from ..schema import Schema, Timestamp
from .messages import Message
from .people import Guest, PersonName
from .polls import PostedPoll


class ReportAct(Schema):
    """What a moderator (`by`, a name) did because of a report: `dismiss`, `remove`, `mute`, `ban` or `write`."""

    act: str
    by: str
    at: Timestamp
    note: str


class Report(Schema):
    """A report of a message or a person, as moderators see it.

    `message` is the message as it is now, null for a report of a person. The reported person is `about` or, for a
    guest, `guest`. `reporter` is null for a guest and for a filter, whose name is `reporter_name`. `reason` is that of
    the command `report`, or `filter`. `text` is what the message said when it was reported. `outcome` is empty while
    the report is open, else `dismissed` or `acted`.
    """

    id: int
    message: Message | None
    about: PersonName | None
    guest: Guest | None
    reporter: PersonName | None
    reporter_name: str
    reason: str
    note: str
    text: str
    at: Timestamp
    outcome: str
    acts: list[ReportAct]


class ReportCounts(Schema):
    """Numbers of reports: all of them, those that a moderator acted upon, and those that were dismissed."""

    total: int
    acted: int
    dismissed: int


class HeldMessage(Schema):
    """A message that a filter holds, as moderators see it: `found` is what the filter with the name `filter` found.
    One of `author` and `guest` is null. `files` is their number."""

    id: int
    author: PersonName | None
    guest: Guest | None
    text: str
    files: int
    filter: str
    found: str
    at: Timestamp


class OwnHeldMessage(Schema):
    """A message of one's own that a filter holds. `files` are the names of its files. The other fields are those of the
    command `post`."""

    room: str
    client_id: str
    body: str
    reply_to: int | None
    thread: int | None
    in_room: bool
    silent: bool
    poll: PostedPoll | None
    files: list[str]
    at: Timestamp


class HeldState(Schema):
    """What became of a message that a filter held: see the event `held`."""

    client_id: str
    state: str


class PersonMute(Schema):
    """A person whom a moderator keeps from writing in a room, `until` a time."""

    person: PersonName | None
    guest: Guest | None
    until: Timestamp
    reason: str


class RoomFilter(Schema):
    """A filter of a room, as its moderators see it. `kind` is `words`, `pattern`, `domains`, `repeated`, `mentions` or
    `new_links`, `action` is `refuse`, `hold` or `report`. `value` has one word, pattern or domain in each line. `limit`
    and `hours` are for the kinds that count."""

    id: int
    name: str
    kind: str
    value: str
    limit: int
    hours: int
    action: str
    is_on: bool


class FilterHit(Schema):
    """A message that a filter would have met: who wrote it (`name`), its beginning, and what the filter `found`."""

    name: str
    text: str
    found: str
    at: Timestamp
