"""Invitations to the site or to a room."""

import hashlib
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .membership import Membership
from .room import Room


def hash_token(token: str) -> str:
    """SHA-256 of a link's secret, in hex. Only the hash is stored, so a leaked database does not leak working links."""
    return hashlib.sha256(token.encode()).hexdigest()


class InviteQuerySet(models.QuerySet):
    """Queries for invites."""

    def usable(self) -> Self:
        """Invites that were not revoked, have not expired, have uses left, and were not made by somebody whose account
        is closed."""
        by_active = Q(created_by=None) | Q(created_by__is_active=True)
        return self.filter(by_active, expires_at__gt=timezone.now(), uses_left__gt=0, revoked_at=None)

    def for_token(self, token: str) -> Self:
        """The invite with this secret: one row or none."""
        return self.filter(token_hash=hash_token(token))

    def use(self, token: str) -> bool:
        """Take one use of the link. False if none is left. Two callers cannot take the same use."""
        # The condition that two callers compete for is one of the row itself: PostgreSQL does not run a subquery again
        # after it has waited for the row.
        usable = self.usable().for_token(token).values_list("pk", flat=True).first()
        left = self.filter(pk=usable, uses_left__gt=0, revoked_at=None)
        return left.update(uses_left=F("uses_left") - 1) == 1


class Invite(models.Model):
    """A link with which people create an account and join rooms: `room`, which they see first, and `rooms`.

    The secret of the link is not stored, only its hash: it is computed from `key` and the site's SECRET_KEY
    (`domain.invites.token_of`). Invites of older versions have no `key`.
    """

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    key = models.CharField(max_length=32, blank=True, default="", editable=False)
    room = models.ForeignKey(
        Room,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="invites",
        verbose_name=_("room"),
        help_text=_("Leave empty to invite to the whole site."),
    )
    rooms = models.ManyToManyField(
        Room, blank=True, related_name="+", verbose_name=_("more rooms"), help_text=_("They join these rooms, too.")
    )
    role = models.CharField(_("role"), max_length=9, choices=Membership.Role.choices, default=Membership.Role.MEMBER)
    email = models.EmailField(_("sent to"), blank=True, default="", editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    uses_left = models.PositiveIntegerField(_("uses left"), default=1)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
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


class InviteUse(models.Model):
    """A person who came by an invite."""

    # db_index=False: the index of the unique constraint begins with the invite.
    invite = models.ForeignKey(Invite, on_delete=models.CASCADE, db_index=False, related_name="people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("came"))

    class Meta:
        verbose_name = _("use of an invite")
        verbose_name_plural = _("uses of invites")
        constraints = [models.UniqueConstraint(fields=["invite", "user"], name="invite_used_once")]

    def __str__(self):
        return f"{self.user_id} · {self.invite_id}"
