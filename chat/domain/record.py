"""The record of what staff, moderators and owners did.

The verbs call `record` in their own transaction: what is not recorded has not happened. Rows are only added; the
database refuses to change or delete them (`chat.models.append_only`).
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model

from chat.models import Invite, Message, RecordedAction, Room

from . import acting
from .guests import Guest
from .recorded_verbs import RECORDED_VERBS
from .types import AnyPerson

Described = tuple[str, Any, str]
"""The kind, the key and the name of an object."""


def record(
    actor: AnyPerson,
    verb: str,
    object: Any,
    *,
    room: Room | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    address: str | None = None,
) -> None:
    """Add an action to the record. One insert.

    `actor`: who did it; None: who acts now by `acting`, or the site itself. `verb`: a name of RECORDED_VERBS. `object`:
    what it was done to: a row of any model, a guest, or (kind, key, name). `room`: where; that of `object` if it is a
    room, a message or an invitation. `before`, `after`: what changed, as JSON values; no texts of messages. `address`:
    where the actor is; by default that of `acting`.
    """
    row = _row(actor, verb, object, room=room, before=before, after=after, reason=reason, address=address)
    row.save(force_insert=True)


def record_each(
    actor: AnyPerson,
    verb: str,
    objects: Iterable[Any],
    *,
    room: Room | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add the same action for several objects. One insert for each thousand."""
    rows = (_row(actor, verb, each, room=room, after=after) for each in objects)
    RecordedAction.objects.bulk_create(rows, batch_size=1000)


def is_other(person: AnyPerson, by: AnyPerson = None) -> bool:
    """Whether somebody else than `person` acts: `by` or, if that is None, who acts now by `acting`. Verbs that people
    use for themselves are recorded only then."""
    actor = acting.current().person if by is None else by
    return bool(actor is not None and actor.is_authenticated and actor.pk != person.pk)


def describe(object: Any) -> Described:
    """How the record names an object."""
    if isinstance(object, tuple):
        return object
    if isinstance(object, Guest):
        return "guest", object.id, object.name
    if isinstance(object, get_user_model()):
        return "person", object.pk, object.get_username()
    if isinstance(object, Message):
        return "message", object.pk, object.author.get_username() if object.author else object.guest_name
    return object._meta.model_name, object.pk, str(object)


def name_of(person: AnyPerson) -> str:
    """The name of an actor: the handle of a user, the name of a guest, "" for the site itself."""
    if person is None:
        return ""
    return str(person.get_username() if person.is_authenticated else getattr(person, "name", ""))


def _row(
    actor: AnyPerson,
    verb: str,
    object: Any,
    *,
    room: Room | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    address: str | None = None,
) -> RecordedAction:
    if verb not in RECORDED_VERBS:
        raise ValueError(f"{verb} is not in RECORDED_VERBS.")
    now = acting.current()
    person = actor if actor is not None else now.person
    kind, key, name = describe(object)
    place = room or _room_of(object)
    by_user = bool(person is not None and person.is_authenticated)
    return RecordedAction(
        actor=person.pk if by_user else None,
        actor_name=_cut("actor_name", name_of(person)),
        verb=verb,
        object_kind=_cut("object_kind", kind),
        object_id=_cut("object_id", key),
        object_name=_cut("object_name", name),
        room=place.pk if place else None,
        room_name=_cut("room_name", place) if place else "",
        before=before or {},
        after=after or {},
        reason=reason,
        address=_cut("address", now.address if address is None else address),
    )


def _room_of(object: Any) -> Room | None:
    if isinstance(object, Room):
        return object
    return object.room if isinstance(object, Message | Invite) else None


def _cut(field: str, value: Any) -> str:
    column: Any = RecordedAction._meta.get_field(field)
    return str(value)[: column.max_length]
