"""Rooms: made, renamed, archived. Open pages see it without a reload, because the domain tells them."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chat.domain import rooms
from chat.models import Room

from .domain import DomainAdmin

EVERYTHING = ("name", "topic", "kind", "guests", "slow_mode_s")
# What the history says, in Django's own form, which it translates.
CHANGED = [{"changed": {"fields": ["Archived"]}}]


class RoomForm(forms.ModelForm):
    """A room's fields, and the one rule that two of them share."""

    class Meta:
        model = Room
        fields = ("slug", *EVERYTHING)

    def clean(self):
        """Guests come to public rooms only."""
        given = super().clean()
        if given.get("kind") != Room.Kind.PUBLIC and given.get("guests", Room.Guests.NONE) != Room.Guests.NONE:
            self.add_error("guests", _("Only a public room is open to guests."))
        return given


class StateFilter(admin.SimpleListFilter):
    """Current rooms, or archived ones."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        """The two states."""
        return [("current", _("Current")), ("archived", _("Archived"))]

    def queryset(self, request, queryset):
        """The rooms of the chosen one."""
        chosen = {"current": True, "archived": False}.get(self.value())
        return queryset if chosen is None else queryset.filter(archived_at__isnull=chosen)


@admin.register(Room)
class RoomAdmin(DomainAdmin):
    """Rooms are archived, never deleted: what was said in them stays."""

    form = RoomForm
    list_display = ("name", "slug", "kind", "guests", "people", "archived_at")
    list_filter = (StateFilter, "kind", "guests")
    search_fields = ("name", "slug", "topic")
    actions = ("archive", "restore")
    fieldsets = [
        (None, {"fields": ("name", "slug", "topic")}),
        (_("Who comes in"), {"fields": ("kind", "guests", "slow_mode_s")}),
    ]
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request):
        """With the number of members, in the same query."""
        return super().get_queryset(request).annotate(member_count=Count("memberships"))

    def get_readonly_fields(self, request, obj=None):
        """The slug is the room's name on the wire: it never changes once made."""
        return () if obj is None else ("slug", "created_at", "archived_at")

    def get_prepopulated_fields(self, request, obj=None):
        """The slug follows the name while the room is being made."""
        return super().get_prepopulated_fields(request, obj) if obj is None else {}

    def get_fieldsets(self, request, obj=None):
        """With its dates, once it has some."""
        dates = [] if obj is None else [(_("Dates"), {"fields": ("created_at", "archived_at")})]
        return [*super().get_fieldsets(request, obj), *dates]

    def has_delete_permission(self, request, obj=None):
        """Nobody: archive it."""
        return False

    @admin.display(description=_("members"), ordering="member_count")
    def people(self, room):
        """How many belong to it, and the way to their list."""
        address = reverse("admin:chat_membership_changelist")
        return format_html('<a href="{}?room__id__exact={}">{}</a>', address, room.pk, room.member_count)

    @admin.action(description=_("Archive the chosen rooms"), permissions=["change"])
    def archive(self, request, queryset):
        """Close rooms to changes."""
        self._each(request, queryset.filter(archived_at=None), rooms.archive, _archived)

    @admin.action(description=_("Open the chosen rooms again"), permissions=["change"])
    def restore(self, request, queryset):
        """Open archived rooms."""
        self._each(request, queryset.exclude(archived_at=None), rooms.restore, _restored)

    def _each(self, request, queryset, verb, sentence):
        chosen = list(queryset)
        for room in chosen:
            verb(room=room)
            self.log_change(request, room, CHANGED)
        self.message_user(request, sentence(len(chosen)), messages.SUCCESS if chosen else messages.WARNING)

    def make(self, request, given):
        """A new room; whoever makes it owns it."""
        return rooms.create(slug=given["slug"], by=request.user, **{name: given[name] for name in EVERYTHING})

    def change(self, room, changed):
        """New name, topic …"""
        rooms.change(room=room, **changed)


def _archived(number: int) -> str:
    return ngettext("%(number)d room was archived.", "%(number)d rooms were archived.", number) % {"number": number}


def _restored(number: int) -> str:
    return ngettext("%(number)d room is open again.", "%(number)d rooms are open again.", number) % {"number": number}
