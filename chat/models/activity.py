"""Counts of messages, for the lists of the admin: made by a job, so that neither a post nor a list counts anything.

See `domain.activity`. They can be made again from the messages: no backup holds them.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RoomActivity(models.Model):
    """What was posted in one room up to its version `counted_to`. Deleted messages stay counted."""

    room = models.OneToOneField("chat.Room", on_delete=models.CASCADE, primary_key=True, related_name="activity")
    counted_to = models.BigIntegerField(default=0)
    messages = models.BigIntegerField(_("messages"), default=0)
    last_at = models.DateTimeField(_("last activity"), null=True)

    class Meta:
        indexes = [models.Index(fields=["last_at"], name="room_activity_last")]

    def __str__(self):
        return f"{self.room_id}: {self.messages}"


class DailyMessages(models.Model):
    """How many messages were posted in one room on one day, in the time zone of the site. Kept for some weeks."""

    # db_index=False: the index of the unique constraint begins with the room.
    room = models.ForeignKey("chat.Room", on_delete=models.CASCADE, db_index=False, related_name="daily_messages")
    day = models.DateField()
    messages = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["day"], name="daily_messages_day")]
        constraints = [models.UniqueConstraint(fields=["room", "day"], name="daily_messages_once")]

    def __str__(self):
        return f"{self.room_id} {self.day}: {self.messages}"


class UserActivity(models.Model):
    """How many messages a user has posted, when the last one, and when they were last connected (`seen_at`)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="chat_activity"
    )
    messages = models.BigIntegerField(_("messages"), default=0)
    last_at = models.DateTimeField(_("last message"), null=True)
    seen_at = models.DateTimeField(_("last seen"), null=True)

    class Meta:
        indexes = [models.Index(fields=["last_at"], name="user_activity_last")]

    def __str__(self):
        return f"{self.user_id}: {self.messages}"
