"""The filters beside the list of people, for any user model."""

from datetime import timedelta

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .list_filters import WordFilter

_HAS_BOTS = "is_bot" in {field.name for field in get_user_model()._meta.get_fields()}


class RoleFilter(WordFilter):
    """Filter by what somebody is: the words of the column “Roles”."""

    title = _("role")
    parameter_name = "role"
    words = {
        "active": (_("Active accounts"), Q(is_active=True, is_bot=False) if _HAS_BOTS else Q(is_active=True)),
        "admins": (_("Admins"), Q(is_active=True, is_superuser=True)),
        "staff": (_("Staff"), Q(is_active=True, is_staff=True, is_superuser=False)),
        "bots": (_("Bots"), Q(is_bot=True)),
        "banned": (_("Banned"), Q(is_active=False, chat_ban__isnull=False)),
        "closed": (_("Deactivated"), Q(is_active=False, chat_ban=None)),
    }

    def lookups(self, request, model_admin):
        """The choices that this user model has."""
        return [choice for choice in super().lookups(request, model_admin) if _HAS_BOTS or choice[0] != "bots"]

    def queryset(self, request, queryset):
        """The people of the chosen role."""
        return queryset if self.value() == "bots" and not _HAS_BOTS else super().queryset(request, queryset)


class SeenFilter(admin.SimpleListFilter):
    """Filter by when somebody was last connected."""

    title = _("last seen")
    parameter_name = "seen"
    choices_by_name = {
        "day": (_("In the last 24 hours"), timedelta(days=1)),
        "week": (_("In the last 7 days"), timedelta(days=7)),
        "not-month": (_("Not for 30 days"), timedelta(days=30)),
        "never": (_("Never"), None),
    }

    def lookups(self, request, model_admin):
        """The choices."""
        return [(name, title) for name, (title, _since) in self.choices_by_name.items()]

    def queryset(self, request, queryset):
        """Those who were connected since, or were not. Who never was has been absent for 30 days, too."""
        if self.value() not in self.choices_by_name:
            return queryset
        _title, ago = self.choices_by_name[self.value()]
        if ago is None:
            return queryset.filter(chat_activity__seen_at=None)
        since = timezone.now() - ago
        if self.value() != "not-month":
            return queryset.filter(chat_activity__seen_at__gte=since)
        return queryset.filter(Q(chat_activity__seen_at=None) | Q(chat_activity__seen_at__lt=since))


class GroupFilter(admin.SimpleListFilter):
    """Filter by group. Not shown on a site without groups."""

    title = _("group")
    parameter_name = "group"

    def lookups(self, request, model_admin):
        """The groups."""
        return [(str(pk), name) for pk, name in Group.objects.order_by("name").values_list("pk", "name")]

    def queryset(self, request, queryset):
        """Its people."""
        value = self.value() or ""
        return queryset.filter(groups=int(value)) if value.isdecimal() and len(value) < 10 else queryset


FILTERS = (RoleFilter, SeenFilter, GroupFilter)
