"""Rooms. The verbs of the domain publish events, so open pages show changes without a reload."""

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from chat.domain import default_rooms, group_rooms, room_deletion, room_looks, room_openings, rooms
from chat.domain.errors import NameTaken
from chat.models import Room

from .base import DomainAdmin
from .list_filters import WordFilter
from .room_actions import RoomActions
from .room_columns import RoomColumns
from .room_people import RoomPeople

RIGHTS = ("who_posts", "slow_mode_s", "who_invites", "who_pins", "who_mentions_all")
FIELDS = ("name", "topic", "kind", "guests", *RIGHTS)
MEMBERS = ("is_default", "groups")
"""Fields that say who becomes a member."""


class RoomForm(forms.ModelForm):
    """The form of a room."""

    class Meta:
        model = Room
        fields = ("slug", *FIELDS, *MEMBERS)
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        kind.choices = [choice for choice in kind.choices if choice[0] != Room.Kind.DIRECT]
        if self.instance.pk is None:
            # Empty: as usual for a room of this kind.
            self.fields["who_invites"].required = False
            self.fields["who_invites"].choices = [("", _("As usual for its kind")), *Room.Circle.choices]
            self.initial["who_invites"] = ""
        for name in RIGHTS:
            # A form without these fields, of a script for example, changes nothing.
            self.fields[name].required = False

    def clean_name(self):
        """Refuse a name that looks like that of another room. An archived room may keep the name of a current one."""
        name = self.cleaned_data["name"]
        stored = Room.objects.filter(pk=self.instance.pk).first()
        if stored is None or stored.archived_at is None:
            try:
                with transaction.atomic():
                    room_looks.check(name, None, stored, sees_all=True)
            except NameTaken as error:
                raise ValidationError(error.detail) from error
        return name

    def clean(self):
        """Check that only a public room is open to guests. A right that was not sent stays as it is."""
        given = super().clean()
        if given.get("kind") != Room.Kind.PUBLIC and given.get("guests", Room.Guests.NONE) != Room.Guests.NONE:
            self.add_error("guests", _("Only a public room is open to guests."))
        for name in RIGHTS:
            if given.get(name) in ("", None):
                given[name] = getattr(self.instance, name)
                if name in self.changed_data:
                    self.changed_data.remove(name)
        return given


class KindFilter(WordFilter):
    """Filter by what the column of the same name says."""

    title = _("kind")
    parameter_name = "is"
    words = {
        "current": (_("Not archived"), Q(archived_at=None)),
        "public": (_("Public"), Q(archived_at=None, kind=Room.Kind.PUBLIC)),
        "guests": (_("Open to guests"), Q(archived_at=None) & ~Q(guests=Room.Guests.NONE)),
        "private": (_("Private"), Q(archived_at=None, kind=Room.Kind.PRIVATE)),
        "archived": (_("Archived"), Q(archived_at__isnull=False)),
    }


class PostingFilter(WordFilter):
    """Filter by what limits who posts, or how often."""

    title = _("limits")
    parameter_name = "limit"
    words = {
        "named": (_("Named people post"), Q(who_posts=Room.Posting.NAMED)),
        "moderators": (_("Moderators post"), Q(who_posts=Room.Posting.MODERATORS)),
        "read-only": (_("Read-only"), Q(who_posts=Room.Posting.NOBODY)),
        "slow": (_("Slow mode"), Q(slow_mode_s__gt=0)),
    }


class NewcomersFilter(WordFilter):
    """Filter by who becomes a member by themselves."""

    title = _("members by themselves")
    parameter_name = "joins"
    words = {
        "newcomers": (_("Newcomers"), Q(is_default=True)),
        "groups": (_("By a group"), Q(pk__in=Room.groups.through.objects.values("room"))),
    }


@admin.register(Room)
class RoomAdmin(RoomActions, RoomPeople, RoomColumns, DomainAdmin):
    """Rooms: their settings and rights, their members, and actions on several of them."""

    form = RoomForm
    change_form_template = "admin/chat/room/change_form.html"
    list_filter = (KindFilter, PostingFilter, NewcomersFilter)
    search_fields = ("name", "slug", "topic")
    fieldsets = [
        (None, {"fields": ("name", "slug", "topic")}),
        (_("Access"), {"fields": ("kind", "guests")}),
        (_("Rights"), {"fields": RIGHTS}),
        (_("Members by themselves"), {"fields": MEMBERS}),
    ]
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request):
        """Without rooms that are being deleted."""
        return super().get_queryset(request).filter(deleted_at=None)

    def get_urls(self):
        """With the pages that add people, and that show what is being deleted."""
        view = self.admin_site.admin_view
        return [
            path("deletions/", view(self.deletions), name="chat_room_deletions"),
            path("<path:object_id>/people/", view(self.add_people), name="chat_room_add_people"),
            *super().get_urls(),
        ]

    def get_readonly_fields(self, request, obj=None):
        """The slug identifies the room in the protocol, so it never changes."""
        return () if obj is None else ("slug", "created_at", "archived_at")

    def get_prepopulated_fields(self, request, obj=None):
        """The slug follows the name in the form for a new room."""
        return super().get_prepopulated_fields(request, obj) if obj is None else {}

    def get_fieldsets(self, request, obj=None):
        """With the dates, for a stored room."""
        dates = [] if obj is None else [(_("Dates"), {"fields": ("created_at", "archived_at")})]
        return [*super().get_fieldsets(request, obj), *dates]

    def get_actions(self, request):
        """Without Django's deletion, which would not ask for the name."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def delete_view(self, request, object_id, extra_context=None):
        """The page of the action “Delete…”, for one room: also a direct one, for a superuser."""
        room = Room.objects.filter(pk=_number(unquote(object_id)), deleted_at=None).first()
        if room is None:
            raise Http404
        is_direct = room.kind == Room.Kind.DIRECT
        if not self.has_delete_permission(request, room) or (is_direct and not request.user.is_superuser):
            raise PermissionDenied
        return self.erase(request, Room.objects.filter(pk=room.pk))

    def deletions(self, request):
        """The rooms that a job is deleting, and how many of their messages are left."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        found = [
            {"name": room_deletion.name_to_type(room), "since": room.deleted_at, "left": left}
            for room, left in room_deletion.running()
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Rooms that are being deleted"),
            "opts": self.model._meta,
            "rooms": found,
        }
        return TemplateResponse(request, "admin/chat/room/deletions.html", context)

    def save_model(self, request, obj, form, change):
        """Change or create. Who makes a private room public would read it."""
        if change and "kind" in form.changed_data and obj.kind == Room.Kind.PUBLIC:
            room_openings.check_may_enter(room=Room.objects.get(pk=obj.pk), by=request.user)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        """The groups by their verb; the members by theirs."""
        given = form.cleaned_data
        if "is_default" in form.changed_data:
            default_rooms.choose(room=form.instance, on=given["is_default"], by=request.user)
        if "groups" in form.changed_data:
            group_rooms.bind(room=form.instance, groups=given["groups"], by=request.user)
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def create(self, request, given):
        """Create a room. Its creator is the owner."""
        fields = {name: given[name] for name in FIELDS}
        if not given.get("who_invites"):
            fields.pop("who_invites")
        return rooms.create(slug=given["slug"], by=request.user, **fields)

    def update(self, room, changed):
        """Change name, topic and so on. What says who becomes a member: see `save_related`."""
        rooms.change(room=room, **{name: value for name, value in changed.items() if name not in MEMBERS})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
