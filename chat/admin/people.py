"""Django's own admin of users. Whoever did anything is deactivated, never deleted: see `accounts.delete`."""

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chat.domain import accounts, handles
from chat.domain.errors import Invalid, Refused

# What the history says, in Django's own form, which it translates.
CHANGED = [{"changed": {"fields": ["Active"]}}]


class _CleanName:
    """A form whose name the domain must accept: nobody is called like a guest, or like someone else."""

    def clean_username(self):
        """The name, as the domain accepts it; one that has not changed stays."""
        username = self.cleaned_data.get("username", "")
        if username == self.initial.get("username"):
            return username
        try:
            return handles.clean(username, but_not=self.instance if self.instance.pk else None)
        except Invalid as error:
            raise ValidationError(error.detail) from error

    def _get_validation_exclusions(self):
        # Who has a name from before these rules keeps it, whatever else of them is changed.
        unchanged = {"username"} if self.initial.get("username") == self.cleaned_data.get("username") else set()
        return super()._get_validation_exclusions() | unchanged


class NewPersonForm(_CleanName, AdminUserCreationForm):
    """Django's form for a new user."""


class PersonForm(_CleanName, UserChangeForm):
    """Django's form for a user."""


class PersonAdmin(UserAdmin):
    """Accounts are closed rather than deleted."""

    add_form = NewPersonForm
    form = PersonForm
    actions = ("deactivate", "reactivate", "delete_selected")
    list_display = ("username", "email", "is_active", "is_staff", "last_login")

    @admin.action(description=_("Deactivate: they are signed out, what they said stays"), permissions=["change"])
    def deactivate(self, request, queryset):
        """Close accounts, all but one's own."""
        closed = 0
        for user in queryset.filter(is_active=True):
            try:
                accounts.deactivate(user=user, by=request.user)
            except Refused as refused:
                self.message_user(request, refused.detail, messages.ERROR)
            else:
                self.log_change(request, user, CHANGED)
                closed += 1
        if closed:
            said = ngettext("%(number)d person was deactivated.", "%(number)d people were deactivated.", closed)
            self.message_user(request, said % {"number": closed}, messages.SUCCESS)

    @admin.action(description=_("Let the chosen people in again"), permissions=["change"])
    def reactivate(self, request, queryset):
        """Open closed accounts."""
        closed = list(queryset.filter(is_active=False))
        for user in closed:
            accounts.reactivate(user=user)
            self.log_change(request, user, CHANGED)
        said = ngettext("%(number)d person may sign in again.", "%(number)d people may sign in again.", len(closed))
        self.message_user(request, said % {"number": len(closed)}, messages.SUCCESS)

    @admin.action(description=_("Delete: only people who did nothing"), permissions=["delete"])
    def delete_selected(self, request, queryset):
        """Ask first, as Django does; refuse all when one of them cannot be deleted."""
        kept = [(user, traces) for user in queryset if (traces := accounts.traces_of(user))]
        for user, traces in kept:
            self.message_user(request, accounts.why_kept(user, traces), messages.ERROR)
        return None if kept else delete_selected(self, request, queryset)

    def delete_view(self, request, object_id, extra_context=None):
        """Delete one person; who cannot be deleted has a page that says why and has a button to deactivate them."""
        user = self.get_object(request, object_id)
        if user is None or not self.has_delete_permission(request, user):
            return super().delete_view(request, object_id, extra_context)
        traces = accounts.traces_of(user)
        if traces:
            return self._kept(request, user, accounts.why_kept(user, traces))
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refused:
            return self._kept(request, user, refused.detail)

    def _kept(self, request, user, why: str):
        context = {
            **self.admin_site.each_context(request),
            "title": _("This person cannot be deleted"),
            "opts": self.opts,
            "person": user,
            "why": why,
            "can_deactivate": user.is_active and self.has_change_permission(request, user) and user != request.user,
        }
        return TemplateResponse(request, "admin/person_kept.html", context)

    def delete_model(self, request, obj):
        """One person, from their page."""
        accounts.delete(user=obj, by=request.user)

    def delete_queryset(self, request, queryset):
        """Several, from the list."""
        for user in queryset:
            try:
                accounts.delete(user=user, by=request.user)
            except Refused as refused:
                self.message_user(request, refused.detail, messages.ERROR)


# A site that has users of its own has an admin of its own for them too.
if get_user_model() is User:
    admin.site.unregister(User)
    admin.site.register(User, PersonAdmin)
