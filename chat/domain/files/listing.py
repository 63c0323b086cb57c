"""The files of a room, the newest first: what the Files panel shows."""

from datetime import date, datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from chat.domain import access, attachments, people
from chat.domain.types import AnyPerson
from chat.models import Attachment, Room
from chat.protocol import replies, things

from .media_types import TYPES_OF_KIND, Kind

FILES_A_PAGE = 30
MAX_SENDERS = 100


def find(
    person: AnyPerson,
    slug: str,
    *,
    kind: str | None = None,
    sender: int | None = None,
    until: date | None = None,
    before: int | None = None,
) -> replies.FilesReply:
    """A page of the files in a room's messages, by the time of their upload.

    `sender`: the id of a user. `until`: the last day, in the time zone of the site. `before`: the id of the file after
    which the page begins. Two queries; one more without `before`, for the people who sent files. Raises NotFound.
    """
    room = access.get_visible(person, slug)
    sent = Attachment.objects.visible_to(person).filter(room=room, message__isnull=False, state=Attachment.State.READY)
    found = sent.filter(_of_kind(kind))
    if sender is not None:
        found = found.filter(uploader=sender)
    if until is not None:
        end = timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))
        found = found.filter(created_at__lt=end)
    if before is not None:
        found = found.filter(pk__lt=before)
    page = list(found.select_related("message__author__chat_profile").order_by("-pk")[: FILES_A_PAGE + 1])
    return replies.FilesReply(
        room=slug,
        files=[_listed(file) for file in page[:FILES_A_PAGE]],
        more=len(page) > FILES_A_PAGE,
        senders=[] if before is not None else _senders(room),
    )


def _of_kind(kind: str | None) -> Q:
    if kind is None:
        return Q()
    if kind == Kind.DOCUMENT:
        return ~Q(type__in=frozenset().union(*TYPES_OF_KIND.values()))
    return Q(type__in=TYPES_OF_KIND[Kind(kind)])


def _listed(file: Attachment) -> things.ListedFile:
    message = file.message
    assert message is not None
    return things.ListedFile(
        file=attachments.as_attachment(file),
        message=message.pk,
        author=people.as_person(message.author) if message.author_id else None,
        guest=None if message.author_id else people.as_guest(message.pk, message.guest_id, message.guest_name),
        at=message.created_at,
    )


def _senders(room: Room) -> list[things.PersonName]:
    sent = Attachment.objects.filter(room=room, message__isnull=False, uploader__isnull=False)
    ids = sent.order_by().values("uploader").distinct()
    users = people.with_profile(get_user_model()._default_manager.filter(pk__in=ids))[:MAX_SENDERS]
    named = (people.as_person(user) for user in users)
    return sorted((things.PersonName(id=each.id, name=each.name) for each in named), key=lambda each: each.name.lower())
