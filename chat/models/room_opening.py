"""Openings of closed rooms: when a superuser reads in the admin what people wrote in a private or direct room."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .room import Room


class RoomOpeningQuerySet(models.QuerySet):
    """Queries for openings."""

    def in_force(self, user: Any) -> Self:
        """Openings of this user that have not ended. The database is asked whether they still are a superuser."""
        return self.filter(user=user.pk, user__is_superuser=True, user__is_active=True, until__gt=Now())


class RoomOpening(models.Model):
    """One superuser may read the messages of one room in the admin, until a time. The record keeps who did and why."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="openings", verbose_name=_("room"))
    # db_index=False: the index below begins with it.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="+", verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=250)
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    until = models.DateTimeField(_("until"), editable=False)

    objects = RoomOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opened room")
        verbose_name_plural = _("opened rooms")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "until"], name="opening_user")]

    def __str__(self):
        return f"{self.room} · {self.user}"
