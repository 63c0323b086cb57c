"""Filters beside the lists: by room, and by what a row is in one word. None of them counts rows."""

from typing import Any

from django.contrib import admin
from django.db.models import Q

from chat.domain import room_openings
from chat.models import Room

MOST_ROOMS = 30
"""A list of more rooms would be longer than the page. Then a room is found by the search or by a link."""


class WordFilter(admin.SimpleListFilter):
    """A base of filters by words. `words`: the title and the condition of each choice, by its name in the address."""

    words: dict[str, tuple[Any, Q]] = {}

    def lookups(self, request, model_admin):
        """The choices."""
        return [(name, title) for name, (title, _condition) in self.words.items()]

    def queryset(self, request, queryset):
        """The rows of the chosen word; all rows for a name that is none."""
        _title, condition = self.words.get(self.value(), ("", Q()))
        return queryset.filter(condition)


class RoomFilter(admin.RelatedFieldListFilter):
    """A filter by room, without direct rooms; with MOST_ROOMS at most, or the chosen one alone."""

    def field_choices(self, field, request, model_admin):
        """The rooms to choose from."""
        found = self.rooms(request).order_by("name", "pk")
        choices = [(room.pk, str(room)) for room in found[: MOST_ROOMS + 1]]
        if len(choices) <= MOST_ROOMS:
            return choices
        chosen = str((self.lookup_val or [""])[-1])
        return [(room.pk, str(room)) for room in found.filter(pk=chosen)] if chosen.isdecimal() else []

    def has_output(self):
        """Also for one room: it may be the chosen one of many."""
        return bool(self.lookup_choices)

    def rooms(self, request):
        """The rooms of which there may be rows."""
        return Room.objects.filter(kind__in=[Room.Kind.PUBLIC, Room.Kind.PRIVATE], deleted_at=None)


class OpenRoomFilter(RoomFilter):
    """A filter by room, with those alone whose contents the staff user may read."""

    def rooms(self, request):
        """Public rooms, and those that the user has opened."""
        return room_openings.readable_by(request.user)
