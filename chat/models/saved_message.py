"""Messages that a person saved for later."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .message import Message


class SavedMessage(models.Model):
    """One message that one person saved. Nobody else sees this.

    `remind_at`: when the person wants to be reminded; None for never. `reminded_at`: when they were; a new `remind_at`
    makes it None again.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="chat_saved"
    )
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="saved")
    saved_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "message"], name="saved_once")]
        indexes = [
            # For the job that reminds people: few rows wait for it.
            models.Index(
                fields=["remind_at"],
                name="saved_remind",
                condition=Q(remind_at__isnull=False, reminded_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.user_id}: {self.message_id}"
