"""Guests who were shut out: by a message of theirs (see `messages`), or all of one address."""

from datetime import timedelta

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.domain import bars
from chat.models import GuestBar

from .domain import DomainAdmin


@admin.register(GuestBar)
class GuestBarAdmin(DomainAdmin):
    """To add one is to bar an address, to delete one is to let them in again."""

    fields = ("network", "until")
    list_display = ("who", "until", "made_by", "made_at")
    list_filter = ("made_at",)
    list_select_related = ("made_by",)
    search_fields = ("guest_name", "guest_id", "network")

    def has_change_permission(self, request, obj=None):
        """Nobody: delete it, and make another."""
        return False

    def get_changeform_initial_data(self, request):
        """A day."""
        return {"until": timezone.now() + timedelta(days=1), **super().get_changeform_initial_data(request)}

    def get_fields(self, request, obj=None):
        """All there is, once made."""
        known = ("guest_name", "guest_id", "also_network", "network", "until", "made_by", "made_at")
        return self.fields if obj is None else known

    @admin.display(description=_("who"), ordering="network")
    def who(self, bar):
        """The guest or the address."""
        return str(bar)

    def make(self, request, given):
        """Bar all guests of an address."""
        return bars.bar_network(address=given["network"], until=given["until"], by=request.user)

    def end(self, bar):
        """Lift it."""
        bars.lift(bar=bar)
