"""Invitations to the site or to a room."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .room import Room


def hash_token(token: str) -> str:
    """SHA-256 of a link's secret, in hex: who reads the database cannot use its links."""
    return hashlib.sha256(token.encode()).hexdigest()


class InviteQuerySet(models.QuerySet):
    """Invites, by whether they still stand."""

    def usable(self):
        """Invites that have neither expired nor run out."""
        return self.filter(expires_at__gt=timezone.now(), uses_left__gt=0)

    def for_token(self, token: str):
        """The one invite of this link, if there is one."""
        return self.filter(token_hash=hash_token(token))

    def use(self, token: str) -> bool:
        """Take one use of the link; false if none is left. Two at the same moment cannot share one."""
        return self.usable().for_token(token).update(uses_left=F("uses_left") - 1) == 1


class Invite(models.Model):
    """A link that lets people make an account and, with `room`, join that room. Only its token's hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    room = models.ForeignKey(
        Room,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="invites",
        verbose_name=_("room"),
        help_text=_("Leave empty to invite to the site as a whole."),
    )
    expires_at = models.DateTimeField(_("expires"))
    uses_left = models.PositiveIntegerField(_("uses left"), default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = InviteQuerySet.as_manager()

    class Meta:
        verbose_name = _("invite")
        verbose_name_plural = _("invites")
        ordering = ["-created_at"]
        constraints = [models.CheckConstraint(name="invite_uses_not_negative", condition=Q(uses_left__gte=0))]

    def __str__(self):
        return str(self.room or _("the site"))
