"""Mutes of people by moderators."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .of_rooms import OfRoomsQuerySet
from .room import Room


class PersonMuteQuerySet(OfRoomsQuerySet):
    """Queries for mutes."""

    def in_force(self) -> Self:
        """Mutes that are not over."""
        return self.filter(until__gt=Now())


class PersonMute(models.Model):
    """A moderator keeps a person from writing until a time: in one room, or without a room in the whole site.

    `sender_key` is the person's (see `sender`). It has nothing to do with rooms that a person has muted for themselves
    (`Membership.muted`).
    """

    sender_key = models.CharField(max_length=64, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("person")
    )
    guest_id = models.CharField(max_length=16, blank=True, default="", editable=False)
    guest_name = models.CharField(_("guest's name"), max_length=80, blank=True, default="", editable=False)
    # db_index=False: the index of a constraint begins with the room.
    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, null=True, db_index=False, related_name="+", verbose_name=_("room")
    )
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=250, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("since"))

    objects = PersonMuteQuerySet.as_manager()

    class Meta:
        verbose_name = _("mute")
        verbose_name_plural = _("mutes")
        ordering = ["-pk"]
        constraints = [
            # Two, because a database takes two nulls for different values.
            models.UniqueConstraint(
                fields=["room", "sender_key"], name="mute_once_in_room", condition=Q(room__isnull=False)
            ),
            models.UniqueConstraint(fields=["sender_key"], name="mute_once_in_site", condition=Q(room=None)),
        ]

    def __str__(self):
        return f"{self.user or self.guest_name} · {self.until:%Y-%m-%d %H:%M}"
