"""The votes in polls. What everyone may see of them is in the column `Message.poll`."""

from django.conf import settings
from django.db import models


class PollVote(models.Model):
    """One person's vote for one option (its place in the poll, from 0).

    A table of its own, which no form of the message shows: who voted in an anonymous poll is only here.
    """

    message = models.ForeignKey("chat.Message", on_delete=models.CASCADE, db_index=False, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    option = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        # Begins with the message: it serves both queries.
        constraints = [models.UniqueConstraint(fields=["message", "user", "option"], name="vote_once")]

    def __str__(self):
        return f"{self.message_id} · {self.option}"
