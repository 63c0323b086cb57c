"""Verbs of what a person sees in their sidebar: favourites and their order, muted and hidden rooms, folded sections.

Nobody else sees these choices, so they take no version of a room.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.models import Membership, Room, Sidebar
from chat.protocol import events, sidebar_commands

from . import access, reading
from .errors import Forbidden, Invalid
from .types import AnyPerson, Rows, User, VisibleRoom

MAX_FAVOURITES = 50


@transaction.atomic
def favourite(*, room: str, user: AnyPerson, on: bool, before: str | None = None) -> None:
    """Make a room a favourite (`on`), or end that. `before`: the slug of the favourite that it is placed before, also
    to move it; None for the last place.

    Raises NotFound, Forbidden for a room that one is no member of, Invalid above MAX_FAVOURITES.
    """
    joined = _joined(room, user)
    mine = Membership.objects.select_for_update().filter(user=user, favourite__isnull=False)
    # PostgreSQL does not lock rows of a query with a nullable join: the rooms are read apart.
    former = dict(mine.order_by("favourite", "pk").values_list("room_id", "favourite"))
    slugs = dict(Room.objects.filter(pk__in=former).values_list("pk", "slug")) | {joined.pk: room}
    order = [room_id for room_id in former if room_id != joined.pk]
    if on:
        place = next((at for at, room_id in enumerate(order) if slugs[room_id] == before), len(order))
        order.insert(place, joined.pk)
    if len(order) > MAX_FAVOURITES:
        raise Invalid(_("You have %(most)d favourites: remove one first.") % {"most": MAX_FAVOURITES}, field="room")
    if order == list(former):
        return
    memberships = Membership.objects.filter(user=user)
    if not on:
        memberships.filter(room=joined).update(favourite=None)
    for place, room_id in enumerate(order):
        if former.get(room_id) != place:
            memberships.filter(room=room_id).update(favourite=place)
    publish(events.Favourites(rooms=[slugs[room_id] for room_id in order]), users=[user.pk])


@transaction.atomic
def mute(*, room: str, user: AnyPerson, on: bool) -> None:
    """Mute a room (`on`), or end that: a muted room shows mentions, but no other unread messages.

    Raises NotFound, Forbidden.
    """
    joined = _joined(room, user)
    if _memberships(joined, user).exclude(muted=on).update(muted=on):
        _publish(joined, user)


@transaction.atomic
def hide(*, room: str, user: AnyPerson, on: bool) -> None:
    """Take a direct room out of one's list (`on`) until its next message, or bring it back. It then counts as read.

    Raises NotFound, Forbidden for other rooms, which one can leave.
    """
    joined = _joined(room, user)
    if joined.kind != Room.Kind.DIRECT:
        raise Forbidden(_("Only direct messages can be hidden. You can mute this room, or leave it."))
    if not on:
        return show(room=joined, user=user)
    reading.read(room=room, user=user, upto=joined.head_version)
    _memberships(joined, user).update(hidden_seq=joined.head_version)
    _publish(joined, user)


@transaction.atomic
def show(*, room: Room, user: User) -> None:
    """Bring a hidden direct room back into a person's list. Does nothing if it is there."""
    if _memberships(room, user).filter(hidden_seq__isnull=False).update(hidden_seq=None):
        _publish(room, user)


@transaction.atomic
def fold(*, section: str, user: AnyPerson, on: bool) -> None:
    """Fold a section of one's sidebar (`on`), or open it. Raises Forbidden for guests."""
    if section not in sidebar_commands.SECTIONS:
        raise Invalid(field="section")
    if not user.is_authenticated:
        raise Forbidden(_("Sign in first."))
    Sidebar.objects.get_or_create(user=user)
    # Two devices may change two sections at the same moment.
    kept = Sidebar.objects.select_for_update().get(user=user)
    folded = [name for name in sidebar_commands.SECTIONS if (on if name == section else name in kept.folded.split())]
    if folded != kept.folded.split():
        kept.folded = " ".join(folded)
        kept.save(update_fields=["folded"])
        publish(events.Folded(sections=folded), users=[user.pk])


def _joined(room: str, user: AnyPerson) -> VisibleRoom:
    visible = access.get_visible(user, room)
    if visible.my_role is None:
        raise Forbidden(_("Join the room first."))
    return visible


def _memberships(room: Room, user: User) -> Rows:
    return Membership.objects.filter(room=room, user=user)


def _publish(room: Room, user: User) -> None:
    now = access.get_with_counts(user, room.slug)
    publish(events.RoomChoices(room=room.slug, muted=now.my_muted, hidden=now.hidden), users=[user.pk])
