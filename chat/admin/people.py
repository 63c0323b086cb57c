"""The admin of users. The actions on one account are in `account_actions`.

A site with its own user model derives its admin from `AccountAdmin`. For `auth.User` it is registered here.
"""

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chat.domain import account_rules, accounts, default_rooms, handles
from chat.domain.errors import DomainError, Invalid

from .account_actions import AccountActions
from .account_forms import ProfileFields
from .account_table import DELETE
from .base import KnowsItsRows
from .people_bans import BansPeople
from .people_columns import PeopleColumns
from .rights import GuardsRights

# The entry in the history of the object, in Django's format, so that Django translates it.
CHANGED = [{"changed": {"fields": ["Active"]}}]


class KeepsOldName:
    """A form that does not validate an unchanged name: the name may be older than the rules."""

    def _get_validation_exclusions(self):
        name = self._meta.model.USERNAME_FIELD
        unchanged = {name} if self.initial.get(name) == self.cleaned_data.get(name) else set()
        return super()._get_validation_exclusions() | unchanged


class KeepsAnAdmin:
    """A form that does not take the rights of the last admin, because nobody could give them back."""

    def clean(self):
        """Refuse the change."""
        cleaned = super().clean()
        flags = [cleaned[name] for name in ("is_active", "is_staff", "is_superuser") if name in cleaned]
        if not all(flags) and account_rules.is_last_admin(self.instance):
            raise ValidationError(_("This is the only admin of the site. Make another user an admin first."))
        return cleaned


class _CleanName(KeepsOldName):
    """A form for `auth.User` that checks names by `handles.clean`."""

    def clean_username(self):
        """The name as it will be stored."""
        username = self.cleaned_data.get("username", "")
        if username == self.initial.get("username"):
            return username
        try:
            return handles.clean(username, exclude=self.instance if self.instance.pk else None)
        except Invalid as error:
            raise ValidationError(error.detail) from error


class PersonCreateForm(_CleanName, AdminUserCreationForm):
    """Django's form for a new user."""


class PersonForm(ProfileFields, KeepsAnAdmin, _CleanName, UserChangeForm):
    """Django's form for a user."""


class AccountAdmin(AccountActions, BansPeople, GuardsRights, PeopleColumns, KnowsItsRows, UserAdmin):
    """Actions to ban, deactivate, reactivate, sign out and delete accounts, for any user model."""

    actions = ("ban", "deactivate", "reactivate", "sign_out", "delete_selected")

    def get_readonly_fields(self, request, obj=None):
        """An account is closed by an action, never by a box of the form: the action ends invites, bans and so on."""
        return (*super().get_readonly_fields(request, obj), "is_active")

    def save_model(self, request, obj, form, change):
        """Store the account and the profile."""
        super().save_model(request, obj, form, change)
        if isinstance(form, ProfileFields):
            form.save_profile(obj)

    def save_related(self, request, form, formsets, change):
        """A newcomer joins the rooms for newcomers."""
        super().save_related(request, form, formsets, change)
        if not change:
            default_rooms.join_all(user=form.instance)

    @admin.action(description=_("Deactivate selected users (their messages stay)"), permissions=["change"])
    def deactivate(self, request, queryset):
        """Deactivate accounts, but not one's own."""
        count = self._run_for_each(request, queryset.filter(is_active=True), accounts.deactivate)
        if count:
            text = ngettext("%(number)d user was deactivated.", "%(number)d users were deactivated.", count)
            self.message_user(request, text % {"number": count}, messages.SUCCESS)

    @admin.action(description=_("Reactivate selected users"), permissions=["change"])
    def reactivate(self, request, queryset):
        """Reactivate accounts."""
        count = self._run_for_each(request, queryset.filter(is_active=False), accounts.reactivate)
        text = ngettext("%(number)d user was reactivated.", "%(number)d users were reactivated.", count)
        self.message_user(request, text % {"number": count}, messages.SUCCESS)

    @admin.action(description=_("Sign out selected users everywhere"), permissions=["change"])
    def sign_out(self, request, queryset):
        """End all sessions."""
        count = self._run_for_each(request, queryset.filter(is_active=True), accounts.sign_out_everywhere)
        text = ngettext("%(number)d user was signed out.", "%(number)d users were signed out.", count)
        self.message_user(request, text % {"number": count}, messages.SUCCESS if count else messages.WARNING)

    def _run_for_each(self, request, users, verb) -> int:
        """Call a verb for each user; returns for how many it did not fail. Errors are shown."""
        count = 0
        for user in users:
            try:
                verb(user=user, by=request.user)
            except DomainError as error:
                self.message_user(request, f"{user}: {error.detail}", messages.ERROR)
            else:
                self.log_change(request, user, CHANGED)
                count += 1
        return count

    @admin.action(description=_("Delete selected users without any activity"), permissions=["delete"])
    def delete_selected(self, request, queryset):
        """Show Django's confirmation; delete nobody if one of the users cannot be deleted."""
        kept = [(user, traces) for user in queryset if (traces := accounts.traces_of(user))]
        for user, traces in kept:
            self.message_user(request, accounts.why_kept(user, traces), messages.ERROR)
        return None if kept else delete_selected(self, request, queryset)

    def delete_view(self, request, object_id, extra_context=None):
        """Delete one user. One whom others have seen becomes “Deleted person”: a page asks about their words."""
        user = self.get_object(request, object_id)
        if user is None or not self.has_delete_permission(request, user):
            return super().delete_view(request, object_id, extra_context)
        try:
            account_rules.check(user, request.user)
            if not accounts.traces_of(user):
                return super().delete_view(request, object_id, extra_context)
        except DomainError as error:
            self.message_user(request, error.detail, messages.ERROR)
            return HttpResponseRedirect(self._page_of(request, user))
        return self.show_action(request, user, DELETE)

    def delete_model(self, request, obj):
        """Delete one user, from their page."""
        accounts.delete(user=obj, by=request.user)

    def delete_queryset(self, request, queryset):
        """Delete several users, from the list."""
        for user in queryset:
            try:
                accounts.delete(user=user, by=request.user)
            except DomainError as error:
                self.message_user(request, error.detail, messages.ERROR)


class PersonAdmin(AccountAdmin):
    """The admin of `auth.User`."""

    add_form = PersonCreateForm
    form = PersonForm


if get_user_model() is User:
    admin.site.unregister(User)
    admin.site.register(User, PersonAdmin)
