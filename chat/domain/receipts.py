"""Receipts: who has read a message, by the read positions of the members. No row is written for them.

They exist in direct rooms and in rooms of at most MAX_MEMBERS people, if the site shows them. Who does not show what
they have read does not see it of others either. Clients ask for the last message of their person, and again after the
hint `readers`, which comes at most once in some seconds (`chat.live.paced_hints`).
"""

from django.db.models import Exists
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.models import Membership, Message, Profile, Site
from chat.protocol import events, replies

from . import access, people
from .errors import NotFound
from .types import AnyPerson, User, VisibleRoom

MAX_MEMBERS = 50


def receipts_of(message: int, person: AnyPerson) -> replies.ReceiptsReply:
    """Who has read one's own message (its id). `shown` is false where there are no receipts. At most 4 queries.

    Raises NotFound, also for a message of somebody else.
    """
    mine = Message.objects.visible_to(person).filter(sender_key=people.sender_key(person), deleted_at=None)
    found = mine.filter(pk=message).select_related("room").first()
    if found is None:
        raise NotFound(_("Message not found."), field="message")
    room = access.get_visible(person, found.room.slug)
    nothing = replies.ReceiptsReply(message=message, shown=False, readers=[], waiting=0)
    # Replies that only a thread shows have another read position.
    if room.my_role is None or not found.in_room or not _shows_reading(person):
        return nothing
    # Who came later counts all earlier messages as read, but has perhaps not seen this one.
    members = Membership.objects.filter(room=room, user__is_active=True).select_related("user__chat_profile")
    rows = list(members.order_by("read_seq", "pk")[: MAX_MEMBERS + 1])
    if len(rows) > MAX_MEMBERS:
        return nothing
    others = [row for row in rows if row.user_id != person.pk and _counts(row, found)]
    readers = [people.as_name(row.user) for row in others if row.read_seq >= found.seq]
    return replies.ReceiptsReply(message=message, shown=True, readers=readers, waiting=len(others) - len(readers))


def publish_hint(*, room: VisibleRoom, user: User) -> None:
    """Tell the watchers of a room that somebody has read more of it, unless `user` does not show that. One query."""
    if _shows_reading(user):
        publish(events.ReadersChanged(room=room.slug), room=room)


def _shows_reading(person: AnyPerson) -> bool:
    """Whether the site shows receipts, and this person shows theirs."""
    hidden = Profile.objects.filter(user=person.pk, shows_reading=False)
    return person.is_authenticated and Site.objects.filter(~Exists(hidden), pk=1, read_receipts=True).exists()


def _counts(member: Membership, message: Message) -> bool:
    user = member.user
    is_program = getattr(user, "is_bot", False)
    return member.joined_at <= message.created_at and not is_program and people.profile_of(user).shows_reading
