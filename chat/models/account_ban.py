"""Bans of accounts."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AccountBanQuerySet(models.QuerySet):
    """Queries for bans."""

    def over(self) -> Self:
        """Bans whose end has come."""
        return self.filter(until__lte=timezone.now())


class AccountBan(models.Model):
    """Why an account is closed, and until when; `until` is None for no end.

    The account itself is inactive as long as the row exists: so each check of an account checks the ban, too.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="chat_ban",
        verbose_name=_("person"),
    )
    reason = models.CharField(_("reason"), max_length=250, blank=True, default="")
    until = models.DateTimeField(_("until"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = AccountBanQuerySet.as_manager()

    class Meta:
        verbose_name = _("banned person")
        verbose_name_plural = _("banned people")
        ordering = ["-made_at"]
        # For the job that ends bans: few have an end.
        indexes = [models.Index(fields=["until"], name="account_ban_until", condition=models.Q(until__isnull=False))]

    def __str__(self):
        return str(self.user)
