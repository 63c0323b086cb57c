"""The verb that creates a room for a person, with a slug made from its name. The admin calls `rooms.create`."""

from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chat.models import Room

from . import members, room_looks, room_names, rooms, site_permissions, throttle
from .errors import Invalid
from .types import AnyPerson, User

ATTEMPTS = 5
MAX_NUMBERED = 20
"""The largest number at the end of a slug. Further rooms of the same name get a random end."""


def create(
    *, by: AnyPerson, name: str, topic: str = "", kind: str = Room.Kind.PUBLIC, people: Collection[int] = ()
) -> Room:
    """Create a room that `by` owns, with `people` (ids of users) as its first members.

    Raises Forbidden if the site does not allow them this kind of room, SlowDown after many rooms, NameTaken or Invalid
    with `field`.
    """
    if kind not in site_permissions.TO_CREATE:
        raise Invalid(_("Unknown choice."), field="kind")
    site_permissions.check(by, site_permissions.TO_CREATE[Room.Kind(kind)])
    name = room_names.clean(name)
    users = members.find_users(people)
    reservation = throttle.take_for(throttle.NEW_ROOM, str(by.pk))
    try:
        return _create(name, {"topic": topic, "kind": kind, "by": by}, users)
    except Invalid:
        reservation.give_back()
        raise


def _create(name: str, fields: dict[str, Any], users: list[User]) -> Room:
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                room_looks.check(name, fields["by"])
                room = rooms.create(slug=_free_slug(name, fields["kind"]), name=name, **fields)
                members.add_all(room, users, lifts_restrictions=True, by=fields["by"])
                return room
        except (IntegrityError, Invalid) as error:
            # Somebody else took the slug at the same moment.
            is_taken = isinstance(error, IntegrityError) or error.field == "slug"
            if not is_taken or attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _free_slug(name: str, kind: str) -> str:
    stem = room_names.stem_of(name)
    if kind != Room.Kind.PUBLIC:
        # Without a random end, strangers could find out which private rooms exist: their own would get a number.
        return f"{stem}-{room_names.random_end()}"
    slugs = [stem, *(f"{stem}-{number}" for number in range(2, MAX_NUMBERED + 1))]
    taken = set(Room.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return next((slug for slug in slugs if slug not in taken), f"{stem}-{room_names.random_end()}")
