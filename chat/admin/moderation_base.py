"""Bases of the lists of moderators: their filter by state, and pages whose buttons act upon a row."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from chat.domain import moderation
from chat.domain.errors import DomainError

from .base import ReadOnlyAdmin

EXCERPT_CHARS = 100
"""Of texts in the lists."""


class OpenFilter(admin.SimpleListFilter):
    """Open reports first; those that ended on demand."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        """The choices besides the open ones."""
        return [("ended", _("Ended")), ("all", _("All"))]

    def choices(self, changelist):
        """With the open ones in the place of “All”."""
        found = list(super().choices(changelist))
        found[0]["display"] = _("Open")
        return found

    def queryset(self, request, queryset):
        """The reports in the chosen state."""
        chosen = self.value()
        return queryset if chosen == "all" else queryset.filter(ended_at__isnull=chosen != "ended")


class ModerationAdmin(ReadOnlyAdmin):
    """A list of rows whose page does what a button names: the value of `act` in the form. Only for those who moderate
    the site."""

    acts: dict = {}

    def get_queryset(self, request):
        """Without what filters found in closed rooms: that is for the moderators of the room."""
        return super().get_queryset(request).for_staff(request.user)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show the row, or act upon it. An error of the domain is shown above it."""
        if request.method != "POST":
            row = self.get_object(request, object_id)
            context = {
                "may_act": moderation.moderates_site(request.user),
                **(self.context_of(request, row) if row else {}),
            }
            return super().change_view(request, object_id, form_url, (extra_context or {}) | context)
        if not moderation.moderates_site(request.user) or not self.has_view_permission(request):
            raise PermissionDenied
        act, row = self.acts.get(request.POST.get("act", "")), self.get_object(request, object_id)
        if act is None:
            raise PermissionDenied
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        try:
            self.message_user(request, act(self, request, row.pk), messages.SUCCESS)
        except DomainError as error:
            self.message_user(request, error.detail, messages.ERROR)
        return HttpResponseRedirect(request.path)

    def context_of(self, request, row) -> dict:
        """More for the template of the page."""
        return {}
