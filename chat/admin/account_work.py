"""Removals of what somebody wrote, deletions and merges of accounts: how far they are, and “Put everything back”."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from chat.domain import removals
from chat.domain.errors import DomainError
from chat.models import AccountWork

from .base import ReadOnlyAdmin


@admin.register(AccountWork)
class AccountWorkAdmin(ReadOnlyAdmin):
    """The list, and a page that follows one work."""

    change_form_template = "admin/chat/work_form.html"
    list_display = ("name", "kind", "state", "progress", "made_by", "made_at")
    list_filter = ("kind", "state")
    list_select_related = ("made_by",)
    list_per_page = 50
    search_fields = ("name", "reason")
    fields = ("name", "kind", "into", "since", "reason", "made_by", "made_at")

    def get_urls(self):
        """With the address of the button that undoes a removal."""
        view = self.admin_site.admin_view(self.undo_view)
        return [path("<path:object_id>/undo/", view, name="chat_accountwork_undo"), *super().get_urls()]

    def get_fields(self, request, obj=None):
        """Only what this kind of work has."""
        has = {"into": AccountWork.Kind.MERGE, "since": AccountWork.Kind.REMOVAL}
        return [name for name in self.fields if obj is None or has.get(name, obj.kind) == obj.kind]

    @admin.display(description=_("progress"))
    def progress(self, work):
        """Done and total."""
        return f"{work.done:,} / {work.total:,}" if work.is_running else f"{work.done:,}"

    def _may_undo(self, request) -> bool:
        return request.user.has_perm("chat.change_accountwork")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The work as it is now."""
        work = self.get_object(request, object_id)
        extra = {
            "may_undo": work is not None and work.can_be_undone and self._may_undo(request),
            "undo_url": reverse("admin:chat_accountwork_undo", args=[object_id]),
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def undo_view(self, request, object_id):
        """Begin to put back what was removed."""
        if not self._may_undo(request) or request.method != "POST":
            raise PermissionDenied
        work = self.get_object(request, object_id)
        if work is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        try:
            removals.undo(work=work.pk, by=request.user)
        except DomainError as error:
            self.message_user(request, error.detail, messages.ERROR)
        return HttpResponseRedirect(reverse("admin:chat_accountwork_change", args=[work.pk]))
