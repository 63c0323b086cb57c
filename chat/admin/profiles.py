"""Profiles: an admin corrects a name, a title or a status, and removes a picture. Each person sets the rest."""

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chat.domain import profiles
from chat.models import Profile

from .base import DomainAdmin


@admin.register(Profile)
class ProfileAdmin(DomainAdmin):
    """The list and the form. Profiles are made by the people themselves, and deleted with their accounts."""

    fields = ("user", "display_name", "title", "status_text")
    readonly_fields = ("user",)
    list_display = ("user", "display_name", "title", "status_text", "has_picture")
    list_select_related = ("user",)
    search_fields = (f"user__{get_user_model().USERNAME_FIELD}", "display_name", "title")
    actions = ("remove_pictures",)

    def has_add_permission(self, request):
        """Never."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Never."""
        return False

    @admin.display(description=_("picture"), boolean=True)
    def has_picture(self, profile):
        """Whether there is a picture."""
        return bool(profile.avatar)

    @admin.action(description=_("Remove pictures"), permissions=["change"])
    def remove_pictures(self, request, queryset):
        """Remove the pictures of the selected people."""
        found = list(queryset.exclude(avatar="").select_related("user"))
        for profile in found:
            profiles.remove_picture(user=profile.user)
        text = ngettext("%(number)d picture was removed.", "%(number)d pictures were removed.", len(found))
        self.message_user(request, text % {"number": len(found)}, messages.SUCCESS)

    def update(self, profile, changed):
        """Change what others see."""
        if "status_text" in changed:
            line, emoji = changed.pop("status_text"), profile.status_emoji
            profiles.set_status(user=profile.user, emoji=emoji if line else "", line=line, until=profile.status_until)
        if changed:
            profiles.change(user=profile.user, **changed)
