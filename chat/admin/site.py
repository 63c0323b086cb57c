"""The site itself: one row, whose name an admin may change."""

from django.contrib import admin
from django.shortcuts import redirect

from chat.domain import sites
from chat.models import Site

from .domain import DomainAdmin


@admin.register(Site)
class SiteAdmin(DomainAdmin):
    """No list: there is one."""

    fields = ("name", "set_up_at")
    readonly_fields = ("set_up_at", "mail_failed_at", "mail_error")

    def get_fields(self, request, obj=None):
        """With the last mail that failed, until one is sent."""
        failed = obj is not None and obj.mail_failed_at is not None
        return (*self.fields, "mail_failed_at", "mail_error") if failed else self.fields

    def has_add_permission(self, request):
        """Nobody: it makes itself."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody."""
        return False

    def changelist_view(self, request, extra_context=None):
        """Straight to the one there is."""
        return redirect("admin:chat_site_change", Site.current().pk)

    def change(self, site, changed):
        """Another name."""
        if changed:
            sites.rename(name=changed["name"])
