"""Openings of closed rooms: a superuser says which room and why, and may read it for an hour."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from chat.domain import room_openings
from chat.models import RoomOpening

from .base import DomainAdmin


class OpeningForm(forms.ModelForm):
    """Which room, and why."""

    place = forms.CharField(
        label=_("Room"),
        max_length=500,
        help_text=_("The last part of the room's address. For direct messages: the usernames of all their people."),
    )

    class Meta:
        model = RoomOpening
        fields = ("place", "reason")
        help_texts = {"reason": _("The members of the room read it, and it is recorded.")}


@admin.register(RoomOpening)
class RoomOpeningAdmin(DomainAdmin):
    """Openings are made by superusers, and end by themselves. They are neither changed nor deleted."""

    form = OpeningForm
    fields = ("place", "reason")
    list_display = ("room", "user", "reason", "opened_at", "until", "messages")
    list_select_related = ("room", "user")
    list_per_page = 50

    def has_add_permission(self, request):
        """Superusers."""
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        """Never."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Never."""
        return False

    def get_fields(self, request, obj=None):
        """What is asked; all fields of a stored opening."""
        return self.fields if obj is None else ("room", "user", "reason", "opened_at", "until", "messages")

    def get_readonly_fields(self, request, obj=None):
        """All fields of a stored opening."""
        return () if obj is None else self.get_fields(request, obj)

    @admin.display(description=_("messages"))
    def messages(self, opening):
        """A link to the messages of the room."""
        address = reverse("admin:chat_message_changelist")
        return format_html('<a href="{}?room__id__exact={}">{}</a>', address, opening.room_id, _("Read"))

    def create(self, request, given):
        """Open the room."""
        return room_openings.open_room(place=given["place"], reason=given["reason"], by=request.user)
