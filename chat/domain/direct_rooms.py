"""Direct rooms: conversations between a few people, without a name.

The same people always find the same room. Its people never change: who wants to talk with others starts another one.
"""

import secrets
from collections.abc import Collection

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.models import Membership, Room, RoomHead
from chat.protocol import events, things

from . import access, serializers, sidebar, throttle
from .errors import Forbidden, Invalid, SignedOut
from .types import AnyPerson, User

MAX_OTHERS = Room.DIRECT_PEOPLE - 1


def find_or_make(*, people: Collection[int], by: AnyPerson, is_limited: bool = True) -> Room:
    """The direct room of `by` and these people (ids of users; one's own id alone is for notes). It is made at first
    use, and returns to the list of `by` if they had hidden it. The others see it with its first message. `is_limited`:
    whether the number of rooms that `by` makes in a minute is limited.

    Raises Forbidden for guests, Invalid(field="people") for the same person twice, nobody, more than MAX_OTHERS, or an
    account that is closed or does not exist, SlowDown.
    """
    if not by.is_authenticated:
        raise Forbidden(_("Sign in to write to people."))
    everyone = _check(people, by)
    key = ",".join(map(str, everyone))
    room = Room.objects.filter(direct_key=key).first()
    if room is None:
        users = _find_active(everyone, by)
        if is_limited:
            throttle.take_for(throttle.DIRECT, str(by.pk))
        try:
            return _make(key, users, by)
        except IntegrityError:
            # Somebody else has made it at the same moment.
            room = Room.objects.get(direct_key=key)
    sidebar.show(room=room, user=by)
    return room


def name_for(room: things.RoomState, you: things.You) -> str:
    """How a room is called for one person: a direct room by its other people. The same as `roomName` of the page."""
    if room.kind != Room.Kind.DIRECT:
        return room.name
    others = [person.name for person in room.people if you.user is None or person.id != you.user.id]
    return ", ".join(others) or _("Notes to yourself")


def _check(people: Collection[int], by: User) -> list[int]:
    """The sorted ids of everyone in the room."""
    if not people:
        raise Invalid(_("Choose at least one person."), field="people")
    if len(set(people)) < len(people):
        raise Invalid(_("Choose each person only once."), field="people")
    everyone = {by.pk, *people}
    if len(everyone) > MAX_OTHERS + 1:
        text = _("Choose at most %(most)d people. For more, create a room.") % {"most": MAX_OTHERS}
        raise Invalid(text, field="people")
    return sorted(everyone)


def _find_active(ids: list[int], by: User) -> list[User]:
    found = {user.pk: user for user in get_user_model()._default_manager.filter(pk__in=ids, is_active=True)}
    if by.pk not in found:
        raise SignedOut
    if len(found) < len(ids):
        # One sentence for both: who asks must not learn which accounts existed.
        raise Invalid(_("One of these people has no account, or it is closed."), field="people")
    return list(found.values())


@transaction.atomic
def _make(key: str, users: list[User], by: User) -> Room:
    room = Room.objects.create(slug=f"direct-{secrets.token_hex(8)}", kind=Room.Kind.DIRECT, direct_key=key)
    RoomHead.objects.create(room=room)
    # Each message of a direct room is meant for its people, so each one notifies them.
    Membership.objects.bulk_create(
        Membership(
            room=room,
            user=user,
            notify=Membership.Notify.ALL,
            hidden_seq=None if user.pk == by.pk else 0,
        )
        for user in users
    )
    others = [user for user in users if user.pk != by.pk]
    # All others see the same: no message, and everyone's names.
    for recipients in ([by], others):
        if recipients:
            state = serializers.serialize_room_state(access.get_with_counts(recipients[0], room.slug))
            event = events.RoomAdded(room=room.slug, state=state)
            publish(event, room=room, users=[user.pk for user in recipients])
    return room
