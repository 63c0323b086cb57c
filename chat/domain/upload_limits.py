"""Whether an upload may begin: its size, its type, and how much its person and the site have already."""

import mimetypes
import re
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _

from chat.models import Attachment, Site
from chat.models.sender import sender_key

from . import upload_files
from .errors import Invalid, QuotaExceeded, StorageFull, TooLarge, TooManyUploads, TypeRefused
from .files import media_types
from .types import AnyPerson

MAX_UNSENT = 40
"""Uploads of one person that no message and no scheduled one has: what some tabs with ten files each need."""
GUEST_SHARE = 10
"""A guest may have this part of the bytes of a user: they come back under another name at no cost."""
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")


def check_size(size: int) -> None:
    """Raise Invalid or TooLarge for a file of this size."""
    if size < 1:
        raise Invalid(_("This file is empty."), field="Upload-Length")
    if size > settings.MAX_FILE_BYTES:
        raise TooLarge(
            _("A file can have at most %(limit)s.") % {"limit": in_words(settings.MAX_FILE_BYTES)},
            field="Upload-Length",
        )


def declared_type(name: str, declared: str = "") -> str:
    """The media type that the name and the client claim, in lower case. The content may be something else."""
    guessed = mimetypes.guess_type(name, strict=False)[0]
    declared = declared.partition(";")[0].strip().lower()
    return guessed or (declared if _TYPE.fullmatch(declared) else media_types.OCTETS)


def check_type(type: str) -> None:
    """Raise TypeRefused unless the site allows this media type."""
    allowed = settings.FILE_TYPES
    if allowed and not any(type == one or (one.endswith("/*") and type.startswith(one[:-1])) for one in allowed):
        raise TypeRefused(_("This site does not allow files of this type (%(type)s).") % {"type": type})


def check_room(size: int, by: AnyPerson) -> None:
    """Raise TooManyUploads, QuotaExceeded or StorageFull if `by` may not have `size` bytes more.

    Call it in the transaction that adds the upload: of two at the same moment, one waits here for the other.
    """
    Site.objects.select_for_update().first()
    own = Attachment.objects.filter(sender_key=sender_key(by))
    if own.filter(message=None, scheduled=None).count() >= MAX_UNSENT:
        raise TooManyUploads
    per_person = settings.MAX_FILES_BYTES_PER_PERSON // (1 if by.is_authenticated else GUEST_SHARE)
    if settings.MAX_FILES_BYTES_PER_PERSON and _bytes_of(own) + size > per_person:
        raise QuotaExceeded
    if settings.MAX_FILES_BYTES and _bytes_of(Attachment.objects.all()) + size > settings.MAX_FILES_BYTES:
        raise StorageFull
    # Those that began earlier still need room: what they have received does not count twice, but this is the safe side.
    unfinished = _bytes_of(Attachment.objects.filter(state=Attachment.State.UPLOADING))
    if unfinished + size > upload_files.free_bytes():
        raise StorageFull


def in_words(size: int) -> str:
    """A number of bytes for people: `100 MB`. A megabyte is a million bytes, as in the page (`files/kinds.js`)."""
    units = ("bytes", "kB", "MB", "GB", "TB")
    power = min((len(str(size)) - 1) // 3, len(units) - 1)
    return f"{size / 1000**power:.1f}".removesuffix(".0") + f" {units[power]}"


def _bytes_of(attachments: Any) -> int:
    return attachments.aggregate(total=Sum("size"))["total"] or 0
