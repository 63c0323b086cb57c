"""Mutes: the people whom moderators keep from writing."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from chat.domain import moderation, person_mutes
from chat.models import PersonMute

from .base import ReadOnlyAdmin
from .columns import account_name


@admin.register(PersonMute)
class PersonMuteAdmin(ReadOnlyAdmin):
    """The people whom moderators keep from writing. Deleting a row ends the mute."""

    list_display = ("who", "room", "until", "reason", "made_by", "made_at")
    list_select_related = ("user__chat_profile", "room", "made_by")
    list_per_page = 50
    fields = ("who", "room", "until", "reason", "made_by", "made_at")
    search_fields = ("guest_name", "reason")

    def has_delete_permission(self, request, obj=None):
        """Those who moderate the site end mutes."""
        return moderation.moderates_site(request.user)

    @admin.display(description=_("person"))
    def who(self, row):
        """The person or the guest."""
        return account_name(row.user) if row.user else _("%(name)s (guest)") % {"name": row.guest_name}

    def delete_model(self, request, obj):
        """End one mute."""
        person_mutes.end(mute=obj, by=request.user)

    def delete_queryset(self, request, queryset):
        """End several mutes."""
        for row in queryset:
            person_mutes.end(mute=row, by=request.user)
