"""The columns of the list of rooms. A long history does not make the list slow: no column counts messages."""

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chat.domain import activity, connections
from chat.models import Membership, Room

from .base import WithoutDirectRooms
from .charts import bars
from .columns import ListWithExtras, ago, number

DAYS = 14


class RoomColumns(WithoutDirectRooms):
    """A base of the ModelAdmin of rooms.

    A job counts the messages (`domain.activity`). The numbers are up to about a minute old.
    """

    kind_of_room = "kind"
    list_display = ("name", "state", "people", "here", "message_count", "last_activity", "days")
    list_select_related = ("activity",)
    list_per_page = 50

    def get_queryset(self, request):
        """Add the number of members. A subquery counts only for the rooms of the page, unless they are sorted by it."""
        members = Membership.objects.filter(room=OuterRef("pk")).order_by().values("room")
        count = Subquery(members.annotate(count=Count("*")).values("count"))
        return super().get_queryset(request).annotate(member_count=Coalesce(count, Value(0)))

    def get_changelist(self, request, **kwargs):
        """Use a list that calls `read_extras` once for each page, not once for each row."""
        return ListWithExtras

    def read_extras(self, rooms) -> None:
        """Set on each room `days`, its messages on each of the last DAYS days, and `here`, how many have it open."""
        days = activity.by_day([room.pk for room in rooms], DAYS)
        here = connections.people_in([room.slug for room in rooms])
        for room in rooms:
            room.days, room.here = days[room.pk], here.get(room.slug, 0)

    def view_on_site(self, room):
        """The page of the room."""
        return reverse("chat:room", args=[room.slug])

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """“View site” in the navigation leads to the room whose form is shown."""
        if obj is not None:
            context["view_site_url"] = self.view_on_site(obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.display(description=_("kind"), ordering="kind")
    def state(self, room):
        """One word: archived, or else private, open to guests, or public."""
        name, word = _word(room)
        return format_html('<span class="word {}">{}</span>', name, word)

    @admin.display(description=_("members"), ordering="member_count")
    def people(self, room):
        """The number of members, with a link to their list."""
        address = reverse("admin:chat_membership_changelist")
        return format_html('<a href="{}?room__id__exact={}">{}</a>', address, room.pk, room.member_count)

    @admin.display(description=_("here now"))
    def here(self, room):
        """How many people have the room open."""
        return number(room.here)

    @admin.display(description=_("messages"), ordering=Coalesce("activity__messages", Value(0)))
    def message_count(self, room):
        """How many messages were posted. Deleted ones stay counted."""
        return number(getattr(getattr(room, "activity", None), "messages", 0))

    @admin.display(description=_("last activity"), ordering=Coalesce("activity__last_at", "created_at"))
    def last_activity(self, room):
        """When the last message was posted."""
        return ago(getattr(getattr(room, "activity", None), "last_at", None))

    @admin.display(description=_("14 days"))
    def days(self, room):
        """A bar for each of the last DAYS days: how many messages were posted."""
        total = sum(room.days)
        text = ngettext("%(count)d message in 14 days", "%(count)d messages in 14 days", total) % {"count": total}
        return bars(room.days, text)


def _word(room) -> tuple[str, str]:
    if room.archived_at is not None:
        return "archived", _("Archived")
    if room.kind == Room.Kind.PRIVATE:
        return "private", _("Private")
    if room.guests != Room.Guests.NONE:
        return "guests", _("Guests")
    return "public", _("Public")
