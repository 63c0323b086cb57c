"""The pages of the admin for users."""

from django.contrib import admin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm, UsernameField
from django.utils.translation import gettext_lazy as _

from chat.admin.people import AccountAdmin, KeepsAnAdmin, KeepsOldName, ProfileFields

from .models import User


class UserCreateForm(AdminUserCreationForm):
    """Django's form for a new user, with our fields."""

    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("handle", "email", "is_bot")
        field_classes = {"handle": UsernameField}


class UserForm(ProfileFields, KeepsAnAdmin, KeepsOldName, UserChangeForm):
    """Django's form for a user, with our fields."""

    class Meta(UserChangeForm.Meta):
        model = User
        field_classes = {"handle": UsernameField}


@admin.register(User)
class UserAdmin(AccountAdmin):
    """The list and the forms of users. Accounts are deactivated rather than deleted."""

    add_form = UserCreateForm
    form = UserForm
    search_fields = ("handle", "email", "chat_profile__display_name")
    ordering = ("handle",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = [
        (None, {"fields": ("handle", "email", "password")}),
        (_("Profile"), {"fields": ("display_name", "title", "status_text")}),
        (_("Account"), {"fields": ("is_bot", "last_login", "date_joined")}),
        (_("Permissions"), {"fields": ("is_staff", "is_superuser", "groups", "user_permissions")}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("handle", "email", "is_bot", "usable_password", "password1", "password2"),
            },
        )
    ]
