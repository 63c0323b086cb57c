"""Memberships of rooms, and restrictions."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chat.domain import added_by_staff, rooms
from chat.models import Membership, Restriction, Room

from .base import DomainAdmin, ReadOnlyAdmin, WithoutDirectRooms
from .list_filters import RoomFilter
from .paging import BoundedPaginator


class OfPersonAndRoom(WithoutDirectRooms):
    """A base: the latest rows first. A search finds people and rooms first, which costs a tenth of a join."""

    # In another order the database would sort all rows.
    ordering = ("-pk",)
    sortable_by = ()
    paginator = BoundedPaginator
    search_fields = ("user", "room")
    search_help_text = _("Username, or name or address of a room")

    def get_search_results(self, request, queryset, search_term):
        """The rows of the people and rooms that have each word in their names."""
        people, rooms_found = get_user_model()._default_manager, Room.objects.exclude(kind=Room.Kind.DIRECT)
        handle = f"{get_user_model().USERNAME_FIELD}__icontains"
        for word in search_term.split():
            named = rooms_found.filter(Q(name__icontains=word) | Q(slug__icontains=word)).values("pk")
            queryset = queryset.filter(Q(user__in=people.filter(**{handle: word}).values("pk")) | Q(room__in=named))
        return queryset, False


@admin.register(Membership)
class MembershipAdmin(OfPersonAndRoom, DomainAdmin):
    """Adding a membership adds the person to the room. Deleting it removes and bans them: see `RestrictionAdmin`."""

    fields = ("room", "user", "role")
    list_display = ("user", "room", "role", "notify", "joined_at")
    list_display_links = ("user", "room")
    list_filter = ("role", ("room", RoomFilter), "joined_at")
    list_select_related = ("user", "room")
    autocomplete_fields = ("room", "user")

    def get_readonly_fields(self, request, obj=None):
        """Only the role can be changed. Each person chooses their own notifications."""
        return () if obj is None else ("room", "user", "notify", "joined_at")

    def get_fields(self, request, obj=None):
        """With the read-only fields, for a stored membership."""
        return super().get_fields(request, obj) if obj is None else (*self.fields, "notify", "joined_at")

    def create(self, request, given):
        """Add the person to the room."""
        return added_by_staff.add(room=given["room"], user=given["user"], role=given["role"], by=request.user)

    def update(self, membership, changed):
        """Change the role."""
        if changed:
            rooms.set_role(room=membership.room, user=membership.user, role=changed["role"])

    def remove(self, membership):
        """Remove the person from the room."""
        rooms.remove(room=membership.room, user=membership.user)


@admin.register(Restriction)
class RestrictionAdmin(OfPersonAndRoom, ReadOnlyAdmin):
    """People who were removed from a room or left it as readers. Deleting lifts the restriction."""

    list_display = ("user", "room", "kind", "made_at")
    list_filter = ("kind", ("room", RoomFilter), "made_at")
    list_select_related = ("user", "room")
    fields = ("room", "user", "kind", "made_at")

    def has_delete_permission(self, request, obj=None):
        """Whether the user has Django's permission to delete restrictions."""
        return super(ReadOnlyAdmin, self).has_delete_permission(request, obj)

    def delete_model(self, request, obj):
        """Lift the restriction."""
        rooms.lift(restriction=obj, by=request.user)

    def delete_queryset(self, request, queryset):
        """Lift several restrictions, from the list: each is recorded."""
        for restriction in queryset:
            rooms.lift(restriction=restriction, by=request.user)
