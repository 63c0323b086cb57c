"""Messages that a filter holds."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .message_filter import MessageFilter
from .of_rooms import OfRoomsQuerySet
from .room import Room


class HeldMessage(models.Model):
    """A message that a filter holds until a moderator decides. `parts` are the other arguments of `posting.post`.

    `client_id` is that of the message, so that it is posted once, and a repeated `post` finds it here. One that its
    author took back stays for some time without its text, so that their other devices do not post it again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        POSTED = "posted", _("Posted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Taken back by its author")
        EXPIRED = "expired", _("Nobody decided in time")

    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, db_index=False, related_name="held", verbose_name=_("room")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("by")
    )
    sender_key = models.CharField(max_length=64, editable=False)
    guest_name = models.CharField(_("guest's name"), max_length=80, blank=True, default="")
    guest_id = models.CharField(max_length=16, blank=True, default="", editable=False)
    client_id = models.UUIDField(editable=False)
    body = models.TextField(_("text"), blank=True)
    parts = models.JSONField(default=dict, editable=False)
    by_filter = models.ForeignKey(
        MessageFilter, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("filter")
    )
    found = models.CharField(_("what it found"), max_length=200, blank=True, default="")
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField(_("since"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )

    objects = OfRoomsQuerySet.as_manager()

    class Meta:
        verbose_name = _("held message")
        verbose_name_plural = _("held messages")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["sender_key", "client_id"], name="held_once")]
        indexes = [models.Index(fields=["room", "id"], name="held_waiting", condition=Q(state="waiting"))]

    def __str__(self):
        return f"#{self.pk}"
