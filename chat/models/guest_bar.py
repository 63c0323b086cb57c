"""Guests who may not come in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class GuestBarQuerySet(models.QuerySet):
    """Bars, by whether they still stand and whom they concern."""

    def standing(self):
        """Those that have not expired."""
        return self.filter(Q(until=None) | Q(until__gt=Now()))

    def of(self, guest_id: str, network: str):
        """Those that stand against the guest with this id, or against all guests of this network."""
        this_guest = Q(guest_id=guest_id) & ~Q(guest_id="")
        this_network = Q(network=network) & ~Q(network="")
        return self.standing().filter(this_guest | this_network)


class GuestBar(models.Model):
    """One guest, by the id that everyone knows them by, or all guests of one network, who may not come in.

    `network` is an IPv4 address or an IPv6 /64 (see `throttle.network_of`): many people may be behind it, so such a bar
    ends. With `also_network` the networks that the guest is seen at are barred for a day as well.
    """

    guest_id = models.CharField(_("guest"), max_length=16, blank=True, default="", editable=False)
    guest_name = models.CharField(_("guest's name"), max_length=80, blank=True, default="", editable=False)
    also_network = models.BooleanField(_("and their addresses"), default=False, editable=False)
    network = models.CharField(_("address"), max_length=45, blank=True, default="")
    until = models.DateTimeField(_("until"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    made_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = GuestBarQuerySet.as_manager()

    class Meta:
        verbose_name = _("barred guest")
        verbose_name_plural = _("barred guests")
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="guest_bar_of_one",
                condition=(Q(network="") & ~Q(guest_id=""))
                | (Q(guest_id="") & ~Q(network="") & Q(until__isnull=False)),
                violation_error_message=_("A bar of an address needs a time at which it ends."),
            ),
            models.UniqueConstraint(name="guest_bar_once", fields=["guest_id"], condition=~Q(guest_id="")),
            models.UniqueConstraint(name="network_bar_once", fields=["network"], condition=~Q(network="")),
        ]

    def __str__(self):
        return self.guest_name or self.guest_id or self.network
