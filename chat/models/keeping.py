"""What one person has written and not sent yet: drafts and scheduled messages. Nobody else sees these rows."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Draft(models.Model):
    """The draft of one person in one room, or in one thread of it.

    `client_id` is reserved for this text: who sends the draft posts with it, so that two devices that send the same
    draft make one message. `at` is the server's time of the last change.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="+")
    room = models.ForeignKey("chat.Room", on_delete=models.CASCADE, db_index=False, related_name="+")
    thread = models.ForeignKey("chat.Message", on_delete=models.CASCADE, null=True, db_index=False, related_name="+")
    body = models.TextField(blank=True)
    reply_to = models.ForeignKey("chat.Message", on_delete=models.SET_NULL, null=True, related_name="+")
    client_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # Two, because a database takes two nulls for different values.
            models.UniqueConstraint(fields=["user", "room"], name="draft_once", condition=Q(thread__isnull=True)),
            models.UniqueConstraint(
                fields=["user", "thread"], name="draft_once_in_thread", condition=Q(thread__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["user", "at"], name="draft_user")]

    def __str__(self):
        return f"{self.user_id} · {self.room_id}"


class ScheduledMessage(models.Model):
    """A message that a job posts at `at`. The row is deleted in the transaction that posts it.

    `client_id` is that of the message, so that it is posted once, however often the job runs. `failure` is the code of
    the error for which it could not be posted; the row then stays until its author changes or cancels it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="+")
    room = models.ForeignKey("chat.Room", on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey("chat.Message", on_delete=models.CASCADE, null=True, related_name="+")
    body = models.TextField()
    reply_to = models.ForeignKey("chat.Message", on_delete=models.SET_NULL, null=True, related_name="+")
    silent = models.BooleanField(default=False)
    client_id = models.UUIDField()
    at = models.DateTimeField()
    created_at = models.DateTimeField()
    failure = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        verbose_name = _("scheduled message")
        verbose_name_plural = _("scheduled messages")
        constraints = [models.UniqueConstraint(fields=["user", "client_id"], name="scheduled_once")]
        indexes = [models.Index(fields=["at"], name="scheduled_due", condition=Q(failure=""))]

    def __str__(self):
        return f"{self.user_id} · {self.at:%Y-%m-%d %H:%M}"
