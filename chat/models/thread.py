"""Who follows which thread."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .message import Message
from .room import Room


class ThreadFollow(models.Model):
    """One person and one thread, named by its `root`. `room` is copied from the root: counting needs no join.

    `unread_from` is the `seq` of the first reply that they have not read; None if they have read all. Verbs change it
    while the head of the room is locked. `muted`: the person has stopped to follow the thread. The row stays, so that
    they do not follow it again without doing anything.
    """

    # db_index=False: the constraint and the index of `Meta` begin with these columns.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="thread_follows"
    )
    root = models.ForeignKey(Message, on_delete=models.CASCADE, db_index=False, related_name="follows")
    # No query asks for all rows of a room, and rooms with messages are not deleted.
    room = models.ForeignKey(Room, on_delete=models.CASCADE, db_index=False, related_name="+")
    unread_from = models.BigIntegerField(null=True, editable=False)
    muted = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("followed thread")
        verbose_name_plural = _("followed threads")
        constraints = [models.UniqueConstraint(fields=["root", "user"], name="follow_once")]
        indexes = [
            models.Index(fields=["user"], name="follow_of_user"),
            models.Index(fields=["user", "room", "root"], name="follow_unread", condition=Q(unread_from__isnull=False)),
        ]

    def __str__(self):
        return f"{self.user_id} · {self.root_id}"
