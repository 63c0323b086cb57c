"""Who may give rights, and edit accounts that have rights: nobody gets more rights than they have.

Only superusers change rights: the flags and permissions of accounts, and groups. Only they set a password or an e-mail
address of somebody else: whoever can do that can sign in as that person. Other staff may edit accounts of people who
have no right that they lack themselves.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from chat.domain import account_rules
from chat.domain.record import record

from .account_forms import PROFILE_FIELDS

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


class GuardsRights:
    """A base of the admin of users: keeps rights and ways to sign in away from other staff, and records changes."""

    def get_readonly_fields(self, request, obj=None):
        """Rights and the e-mail address are read-only, but for superusers."""
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        sign_in = () if obj is None else (self.model.get_email_field_name(),)
        return (*fields, *(name for name in (*RIGHTS, *sign_in) if name not in fields))

    def has_change_permission(self, request, obj=None):
        """By Django's permission, and not for an account with more rights than one's own."""
        return super().has_change_permission(request, obj) and _may_edit(request, obj)

    def has_delete_permission(self, request, obj=None):
        """By Django's permission, and not for an account with more rights than one's own."""
        return super().has_delete_permission(request, obj) and _may_edit(request, obj)

    def user_change_password(self, request, id, form_url=""):
        """Set the password of somebody: only superusers. One's own has a page of its own."""
        if not request.user.is_superuser:
            raise PermissionDenied
        with transaction.atomic():
            former = self.get_object(request, str(id))
            response = super().user_change_password(request, id, form_url)
            if former is not None and self.get_object(request, str(id)).password != former.password:
                record(request.user, "person.password", former)
        return response

    def save_related(self, request, form, formsets, change):
        """Record what the form changed, with its groups and permissions."""
        super().save_related(request, form, formsets, change)
        if not change:
            record(request.user, "person.create", form.instance)
        elif names := [name for name in form.changed_data if name not in ("password", *PROFILE_FIELDS)]:
            before, after = ({name: _shown(of.get(name)) for name in names} for of in (form.initial, form.cleaned_data))
            record(request.user, "person.change", form.instance, before=before, after=after)


def _may_edit(request, user) -> bool:
    return user is None or account_rules.has_no_more_rights(user, request.user)


def _shown(value):
    """A value of a form as JSON: rows by their names."""
    if isinstance(value, bool | str | int | None):
        return value
    return sorted(map(str, value)) if hasattr(value, "__iter__") else str(value)
