"""Files that people upload into a room and send with a message."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .message import Message
from .room import Room
from .sender import sender_key


class AttachmentQuerySet(models.QuerySet):
    """Queries for attachments."""

    def visible_to(self, person: Any) -> Self:
        """Attachments that `person` may see: those of messages in rooms that are visible to them, and their own uploads
        in these rooms. Those of deleted messages are nobody's."""
        posted = Q(message__isnull=False, message__deleted_at=None)
        own = Q(message=None, sender_key=sender_key(person))
        return self.filter(posted | own, room__in=Room.objects.visible_to(person))

    def uploaded_by(self, person: Any) -> Self:
        """Uploads of `person` in rooms that are visible to them, which are not part of a message yet."""
        visible = Room.objects.visible_to(person)
        return self.filter(message=None, sender_key=sender_key(person), room__in=visible)


class Attachment(models.Model):
    """A file: first an upload of one person in one room, then a part of a message.

    `size` is the number of bytes that the client declared. How many of them were received is the length of the file of
    the upload (`domain.upload_files`). `sender_key` is the uploader's (see `sender`). `type` is found in the content.
    The file in the storage has the name `storage_name`, which is random; what was made of it has names that begin so,
    and `thumbs` lists its kinds. A file that is `refused` has the code of the reason as `refusal`. After `expires_at`
    the file is deleted; None for the file of a message.
    """

    class State(models.TextChoices):
        UPLOADING = "uploading", _("Uploading")
        PROCESSING = "processing", _("Processing")
        READY = "ready", _("Ready")
        REFUSED = "refused", _("Refused")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="attachments", db_index=False)
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="attachments"
    )
    sender_key = models.CharField(max_length=64, editable=False)
    # PROTECT: the domain deletes the files first.
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, blank=True, related_name="files")
    # Of a message that will be posted later: it is kept with its row, whatever `expires_at` is.
    scheduled = models.ForeignKey(
        "chat.ScheduledMessage", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="files"
    )
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=200)
    type = models.CharField(_("type"), max_length=100, blank=True, default="")
    size = models.BigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64, blank=True, default="")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    lines = models.PositiveSmallIntegerField(null=True, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.UPLOADING)
    refusal = models.CharField(_("reason"), max_length=32, blank=True, default="")
    alt = models.CharField(_("description"), max_length=1000, blank=True, default="")
    spoiler = models.BooleanField(_("spoiler"), default=False)
    storage_name = models.CharField(max_length=100, unique=True, editable=False)
    thumbs = models.JSONField(default=list, editable=False)
    created_at = models.DateTimeField(_("uploaded at"))
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["message", "order", "pk"]
        indexes = [
            # For the limits of one person, and for what has to be deleted.
            models.Index(fields=["sender_key", "state"], name="attachment_sender"),
            models.Index(fields=["size"], name="attachment_uploading", condition=Q(state="uploading")),
            # For the Files panel. Without it, the panel of a room with few files would read those of all rooms.
            models.Index(fields=["room", "id"], name="attachment_room"),
            models.Index(fields=["expires_at"], name="attachment_expires", condition=Q(expires_at__isnull=False)),
        ]

    def __str__(self):
        return self.name
