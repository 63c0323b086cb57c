"""The settings of the site: one row."""

from django.contrib import admin
from django.shortcuts import redirect

from chat.domain import site_permissions, sites
from chat.models import Site

from .base import DomainAdmin

ALLOWING = tuple(site_permissions.SETTINGS.values())
"""The settings that say who may do something."""


@admin.register(Site)
class SiteAdmin(DomainAdmin):
    """There is one site, so there is no list."""

    fields = ("name", *ALLOWING, "open_edit_history", "link_previews", "read_receipts", "tells_openings", "set_up_at")
    readonly_fields = ("set_up_at", "mail_failed_at", "mail_error")

    def get_fields(self, request, obj=None):
        """With the last mail that failed, until another mail is sent."""
        failed = obj is not None and obj.mail_failed_at is not None
        return (*self.fields, "mail_failed_at", "mail_error") if failed else self.fields

    def has_add_permission(self, request):
        """Never: `Site.current` creates the row."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Never."""
        return False

    def changelist_view(self, request, extra_context=None):
        """Redirect to the form of the site."""
        return redirect("admin:chat_site_change", Site.current().pk)

    def update(self, site, changed):
        """Rename the site, or say who may do what."""
        if "name" in changed:
            sites.rename(name=changed["name"])
        if who := {setting: changed[setting] for setting in ALLOWING if setting in changed}:
            sites.allow(**who)
        if "link_previews" in changed:
            sites.show_link_previews(on=changed["link_previews"])
        if "open_edit_history" in changed:
            sites.open_edit_history(on=changed["open_edit_history"])
        if "tells_openings" in changed:
            sites.tell_openings(on=changed["tells_openings"])
        if "read_receipts" in changed:
            sites.show_read_receipts(on=changed["read_receipts"])
