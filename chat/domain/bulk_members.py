"""Adds many people to a room at once: by a pasted list of their names or e-mail addresses."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from chat.models import Membership, Room

from . import added_by_staff, handles, members, room_changes, room_openings
from .errors import Invalid
from .markdown.mentions import key
from .types import AnyPerson, User

MAX_ENTRIES = 10_000
MAX_CHARACTERS = 1_000_000
CHUNK = 500
"""Names that one query looks up."""


@dataclass(slots=True)
class Report:
    """What became of each entry of the list: the people, and the entries that are nobody's or several people's."""

    added: list[User] = field(default_factory=list)
    already: list[User] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)


def add(*, room: Room, text: str, by: AnyPerson = None) -> Report:
    """Make the people of a list members. It has usernames (with or without @) and e-mail addresses, separated by
    spaces, commas, semicolons or lines. Those who were removed from the room come back.

    The number of queries grows with the number of entries only by CHUNK. Raises Invalid(field="text") for more than
    MAX_ENTRIES, and Forbidden for a direct room.
    """
    entries = parse(text)
    report = Report()
    found: dict[int, User] = {}
    for start in range(0, len(entries), CHUNK):
        chunk = entries[start : start + CHUNK]
        by_name, by_address = _named(chunk), _with_address(chunk)
        for entry in chunk:
            users = by_name.get(key(entry.removeprefix("@"))) or by_address.get(entry.lower()) or []
            if len(users) == 1:
                found[users[0].pk] = users[0]
            else:
                (report.ambiguous if users else report.unknown).append(entry)
    return _add(room, found, report, by)


def add_users(*, room: Room, users: Iterable[User], by: AnyPerson = None) -> Report:
    """Make these users members, once. Those who were removed from the room come back. Raises Forbidden for a direct
    room."""
    return _add(room, {user.pk: user for user in users}, Report(), by)


@transaction.atomic
def _add(room: Room, found: dict[int, User], report: Report, by: AnyPerson) -> Report:
    room_changes.check_not_direct(room)
    room_changes.lock(room)
    joined = set(Membership.objects.filter(room=room).values_list("user_id", flat=True))
    report.already = [user for pk, user in found.items() if pk in joined]
    report.added = [user for pk, user in found.items() if pk not in joined]
    if by is not None and by in report.added:
        # Who adds themselves would read the room.
        room_openings.check_may_enter(room=room, by=by)
    members.add_all(room, report.added, lifts_restrictions=True, by=by)
    added_by_staff.tell(room, report.added, by)
    return report


def parse(text: str) -> list[str]:
    """The entries of a pasted list, each once, in their order. Of “Ann <ann@example.org>” the address counts."""
    if len(text) > MAX_CHARACTERS:
        raise Invalid(_("This list is too long."), field="text")
    entries = list(dict.fromkeys(_entries(text)))
    if len(entries) > MAX_ENTRIES:
        raise Invalid(_("Paste at most %(most)d names at once.") % {"most": MAX_ENTRIES}, field="text")
    return entries


def _entries(text: str) -> Iterator[str]:
    for part in re.split(r"[,;\n\r]+", text.replace("\0", "")):
        address = re.search(r"<([^<>\s]+@[^<>\s]+)>", part)
        yield from [address[1]] if address else part.split()


def _named(entries: list[str]) -> dict[str, list[User]]:
    """Active users by the key of their name."""
    wanted = {key(entry.removeprefix("@")) for entry in entries}
    found: dict[str, list[User]] = {}
    for user in handles.with_names(wanted).filter(is_active=True):
        found.setdefault(key(user.get_username()), []).append(user)
    return found


def _with_address(entries: list[str]) -> dict[str, list[User]]:
    """Active users by their e-mail address in small letters. Several may have the same."""
    wanted = {entry.lower() for entry in entries if "@" in entry[1:]}
    model = get_user_model()
    address = model.get_email_field_name()
    found: dict[str, list[User]] = {}
    if wanted:
        for user in model._default_manager.annotate(_address=Lower(address)).filter(
            _address__in=wanted, is_active=True
        ):
            found.setdefault(getattr(user, address).lower(), []).append(user)
    return found
