"""The verb that changes a room for a person with a role in it. The admin calls `rooms.change`, which checks nothing."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from chat.models import Room, Site

from . import access, room_changes, room_looks, room_names, room_policy, rooms, site_permissions
from .types import AnyPerson


@transaction.atomic
def change(*, room: str, by: AnyPerson, archived: bool | None = None, **fields: Any) -> Room:
    """Change the name, topic, kind, guests, slow_mode_s or a right (`room_columns.RIGHTS`) of a room, archive or
    restore it. None changes nothing.

    Raises NotFound, Archived, Forbidden, NameTaken, and Invalid with `field`.
    """
    given = {name: value for name, value in fields.items() if value is not None}
    if "name" in given:
        given["name"] = room_names.clean(given["name"])
    if "name" in given:
        # Before the head: `room_looks` locks the row of the site, as other verbs do before they lock a head.
        Site.objects.select_for_update().first()
    room_changes.lock(access.get_visible(by, room))
    visible = access.get_visible(by, room)
    wanted = given if archived is None else given | {"archived": archived}
    room_policy.check_change(visible, site_permissions.of(by), wanted)
    if archived is not None and archived != (visible.archived_at is not None):
        given["archived_at"] = timezone.now() if archived else None
    if given.get("name", visible.name) != visible.name:
        room_looks.check(given["name"], by, visible)
    return rooms.change(room=visible, by=by, **given)
