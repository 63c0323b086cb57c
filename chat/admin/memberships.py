"""Who belongs to which room, and as what."""

from django.contrib import admin

from chat.domain import rooms
from chat.models import Membership, Restriction

from .domain import DomainAdmin, ReadOnlyAdmin


@admin.register(Membership)
class MembershipAdmin(DomainAdmin):
    """To add one is to join, to delete one is to remove the person: see the restrictions."""

    fields = ("room", "user", "role")
    list_display = ("user", "room", "role", "notify", "joined_at")
    list_display_links = ("user", "room")
    list_filter = ("role", "room", "joined_at")
    list_select_related = ("user", "room")
    search_fields = ("user__username", "room__name", "room__slug")
    autocomplete_fields = ("room", "user")
    ordering = ("-joined_at", "pk")

    def get_readonly_fields(self, request, obj=None):
        """Another person, or another room, is another membership. How to be told is each person's own affair."""
        return () if obj is None else ("room", "user", "notify", "joined_at")

    def get_fields(self, request, obj=None):
        """With what is only read, once there is something."""
        return super().get_fields(request, obj) if obj is None else (*self.fields, "notify", "joined_at")

    def make(self, request, given):
        """Join."""
        return rooms.join(room=given["room"], user=given["user"], role=given["role"])

    def change(self, membership, changed):
        """Another role."""
        if changed:
            rooms.set_role(room=membership.room, user=membership.user, role=changed["role"])

    def end(self, membership):
        """Remove the person from the room."""
        rooms.remove(room=membership.room, user=membership.user)


@admin.register(Restriction)
class RestrictionAdmin(ReadOnlyAdmin):
    """Who was removed from a room, or left it as a reader. To delete one is to lift it."""

    list_display = ("user", "room", "kind", "made_at")
    list_filter = ("kind", "room", "made_at")
    list_select_related = ("user", "room")
    search_fields = ("user__username", "room__name", "room__slug")
    fields = ("room", "user", "kind", "made_at")
    ordering = ("-made_at", "pk")

    def has_delete_permission(self, request, obj=None):
        """Who may delete restrictions by Django's own permissions."""
        return super(ReadOnlyAdmin, self).has_delete_permission(request, obj)

    def delete_model(self, request, obj):
        """Lift it."""
        rooms.lift(restriction=obj)
