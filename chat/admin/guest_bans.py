"""Bans of guests: of one guest, or of all guests of a range of addresses."""

from django import forms
from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from chat.domain import bans, removals
from chat.domain.errors import NotFound
from chat.models import GuestBan

from .account_forms import DAY_S, LENGTHS, end_of, hours_field, reason_field, until_field
from .account_table import link_to_work
from .base import BanAdmin


class GuestBanForm(forms.ModelForm):
    """A guest (named in the address of the page) or a range of addresses, how long, and why."""

    guest = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    named = forms.CharField(label=_("Guest"), required=False, disabled=True)
    network = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=GuestBan._meta.get_field("network").max_length,
        help_text=_("An IP address, or a range like 192.0.2.0/24. Its ban ends after at most 90 days."),
    )
    also_addresses = forms.BooleanField(
        label=_("Also the addresses of this guest, for a day each"),
        required=False,
        help_text=_("Others may share an address: a household, an office, a mobile network."),
    )
    length = forms.ChoiceField(label=_("How long"), choices=LENGTHS, required=False, initial=str(DAY_S))
    until = until_field()
    reason = reason_field(help_text=_("Kept in the record."))
    hours = hours_field()

    class Meta:
        model = GuestBan
        fields = ("network", "until", "reason")


@admin.register(GuestBan)
class GuestBanAdmin(BanAdmin):
    """Adding bans a guest (`?guest=ID&named=NAME`) or an address; deleting lifts a ban."""

    form = GuestBanForm
    add_label = _("Ban guests")
    of_guest = ("guest", "named", "also_addresses", "length", "until", "reason", "hours")
    of_network = ("network", "length", "until", "reason")
    list_display = ("who", "reason", "until", "made_by", "made_at")
    list_filter = ("made_at",)
    list_select_related = ("made_by",)
    search_fields = ("guest_name", "guest_id", "network", "reason")

    def get_fields(self, request, obj=None):
        """Those for a guest, or for an address; all columns of a stored ban."""
        if obj is not None:
            return ("guest_name", "guest_id", "also_network", "network", "reason", "until", "made_by", "made_at")
        given = request.POST if request.method == "POST" else request.GET
        return self.of_guest if given.get("guest") else self.of_network

    @admin.display(description=_("who"), ordering="network")
    def who(self, ban):
        """The name of the guest, or the address."""
        return str(ban)

    def create(self, request, given):
        """Ban, and begin to remove what the guest wrote."""
        until, reason = end_of(given), given["reason"]
        if not given.get("guest"):
            return bans.ban_network(address=given["network"], until=until, reason=reason, by=request.user)
        guest_id, hours = given["guest"], given["hours"]
        name = request.GET.get("named", "")[: GuestBan._meta.get_field("guest_name").max_length]
        also = given["also_addresses"]
        made = bans.ban_guest(
            guest_id=guest_id, name=name, also_network=also, until=until, reason=reason, by=request.user
        )
        if hours:
            try:
                work = removals.begin_for_guest(guest_id=guest_id, hours=hours, by=request.user, reason=reason)
                self.message_user(request, link_to_work(work), messages.SUCCESS)
            except NotFound as error:
                self.message_user(request, error.detail, messages.WARNING)
        return made

    def remove(self, ban):
        """Lift the ban."""
        bans.lift(ban=ban)
