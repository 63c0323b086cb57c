"""Bans of guests."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class GuestBanQuerySet(models.QuerySet):
    """Queries for bans."""

    def in_force(self) -> Self:
        """Bans that have not expired."""
        return self.filter(Q(until=None) | Q(until__gt=Now()))

    def of(self, guest_id: str, place: str) -> Self:
        """Bans in force of the guest with this id, or of all guests of a range with this place (an address as 32
        hexadecimal digits, "" if it is not known)."""
        this_guest = Q(guest_id=guest_id) & ~Q(guest_id="")
        this_range = Q(first__lte=place, last__gte=place) & ~Q(first="")
        return self.in_force().filter(this_guest | this_range)

    def of_person(self, person: Any) -> Self:
        """Bans in force of a guest. Django's AnonymousUser is not a guest yet: no ban applies."""
        return self.of(getattr(person, "id", None) or "", getattr(person, "place", ""))


class GuestBan(models.Model):
    """Keeps out one guest, named by public id, or all guests of one range of addresses.

    `network` names the range: an IPv4 address, an IPv6 /64 by its first address, or a wider prefix
    (`networks.range_of`); `first` and `last` are its ends. Many people may share it, so such a ban needs an end. With
    `also_network`, each network that the guest comes from is banned for a day as well.
    """

    guest_id = models.CharField(_("guest"), max_length=16, blank=True, default="", editable=False)
    guest_name = models.CharField(_("guest's name"), max_length=80, blank=True, default="", editable=False)
    also_network = models.BooleanField(_("and their addresses"), default=False, editable=False)
    network = models.CharField(_("address"), max_length=45, blank=True, default="")
    first = models.CharField(max_length=32, blank=True, default="", editable=False)
    last = models.CharField(max_length=32, blank=True, default="", editable=False)
    reason = models.CharField(_("reason"), max_length=250, blank=True, default="")
    until = models.DateTimeField(_("until"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    made_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = GuestBanQuerySet.as_manager()

    class Meta:
        verbose_name = _("banned guest")
        verbose_name_plural = _("banned guests")
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="guest_ban_of_one",
                condition=(Q(network="") & ~Q(guest_id=""))
                | (Q(guest_id="") & ~Q(network="") & Q(until__isnull=False)),
                violation_error_message=_("A ban of an address needs a time at which it ends."),
            ),
            models.UniqueConstraint(name="guest_ban_once", fields=["guest_id"], condition=~Q(guest_id="")),
            models.UniqueConstraint(name="network_ban_once", fields=["network"], condition=~Q(network="")),
        ]

    def __str__(self):
        return self.guest_name or self.guest_id or self.network
