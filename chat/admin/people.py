"""Django's own admin of users, with two actions: what people said keeps their account from being deleted."""

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
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
    actions = ("deactivate", "reactivate")
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


# A site that has users of its own has an admin of its own for them too.
if get_user_model() is User:
    admin.site.unregister(User)
    admin.site.register(User, PersonAdmin)
