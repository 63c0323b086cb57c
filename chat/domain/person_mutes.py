"""Mutes of people: a moderator keeps somebody from writing until a time, in a room or in the whole site.

`policy.check_may_write` refuses what a muted person writes; the rooms of `access` know it without another query.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish, publish_rules
from chat.models import Message, PersonMute, Room, RoomHead
from chat.protocol import events

from . import moderation, people, room_changes, text
from .errors import Invalid, NotFound
from .moderation import Target
from .record import record
from .types import AnyPerson, Rows

LONGEST = timedelta(days=366)
MAX_REASON = 250


@transaction.atomic
def mute(
    *, target: Target, by: AnyPerson, until: datetime, room: Room | None, reason: str = "", site: bool = False
) -> PersonMute:
    """Keep a person from writing in a room, or without a room in the whole site, until a time. A second mute replaces
    the first one. In a room it takes effect for posts that are being made; in the site within some milliseconds.

    `site`: see `moderation`. Raises Forbidden, Invalid.
    """
    now = timezone.now()
    if not now < until <= now + LONGEST:
        raise Invalid(_("Choose a time in the future, at most a year from now."), field="until")
    if room is not None:
        room_changes.lock(room)
    moderation.check_target(target, by, room, site)
    values = {
        "user": target.user,
        "guest_id": target.guest_id,
        "guest_name": target.guest_name,
        "until": until,
        "reason": " ".join(text.clean(reason).split())[:MAX_REASON],
        "made_by": by,
        "made_at": now,
    }
    made, _made = PersonMute.objects.update_or_create(sender_key=target.sender_key, room=room, defaults=values)
    record(by, "person.mute", _recorded(target), room=room, after={"until": until.isoformat()}, reason=reason)
    _publish(made, until)
    return made


@transaction.atomic
def mute_in_room(
    *, room: str, by: AnyPerson, minutes: int, person: int | None = None, guest: str | None = None, reason: str = ""
) -> None:
    """Mute a user (their id), or a guest who wrote in the room (their public id), as one of its moderators; 0 minutes
    end it. Raises NotFound, Forbidden, Invalid."""
    if (person is None) == (not guest):
        raise Invalid(_("Exactly one of `person` and `guest` is needed."), field="person")
    place = moderation.get_room(by, room)
    target = _guest_in(place, guest) if guest else _user(by, person)
    if minutes:
        until = timezone.now() + timedelta(minutes=minutes)
        mute(target=target, by=by, until=until, room=place, reason=reason)
        return
    moderation.check_target(target, by, place, site=False)
    for found in PersonMute.objects.filter(sender_key=target.sender_key, room=place):
        end(mute=found, by=by)


def _user(by: AnyPerson, person: int | None) -> Target:
    user = people.visible_to(by).filter(pk=person).first()
    if user is None:
        raise NotFound(_("Person not found."), field="person")
    return moderation.target_of_user(user)


def _guest_in(room: Room, guest: str) -> Target:
    """The guest with this public id, as somebody who is muted in the room or wrote there."""
    muted = PersonMute.objects.filter(room=room, guest_id=guest).first()
    if muted is not None:
        return Target(muted.sender_key, None, guest, muted.guest_name)
    message = Message.objects.filter(guest_id=guest, room=room, author=None).order_by("-pk").first()
    if message is None:
        raise NotFound(_("This guest has written nothing in this room."), field="guest")
    return moderation.target_of(message)


@transaction.atomic
def end(*, mute: PersonMute, by: AnyPerson) -> None:
    """End a mute before its time. Does nothing if it is gone. The caller checks the permission."""
    deleted, _by_model = PersonMute.objects.filter(pk=mute.pk).delete()
    if deleted:
        target = Target(mute.sender_key, mute.user, mute.guest_id, mute.guest_name)
        record(by, "person.unmute", _recorded(target), room=mute.room, before={"until": mute.until.isoformat()})
        _publish(mute, None)


def remove_expired() -> None:
    """Delete the rows of mutes that are over. Idempotent."""
    PersonMute.objects.filter(until__lte=timezone.now()).delete()


def in_room(room: Room) -> Rows:
    """The mutes in force in a room, the newest first."""
    return PersonMute.objects.in_force().filter(room=room).select_related("user__chat_profile").order_by("-pk")


def _recorded(target: Target) -> object:
    return target.user if target.user is not None else ("guest", target.guest_id, target.guest_name)


def _publish(mute: PersonMute, until: datetime | None) -> None:
    room = mute.room
    if room is not None:
        # A post that was checked before is checked again.
        publish_rules(room, RoomHead.take_for_rules(room.pk))
        moderation.note_queue(room)
    if only_to := moderation.recipients(mute.user_id, mute.guest_id):
        publish(events.Muted(room=room.slug if room else None, until=until), **only_to)
