"""Actions on chosen rooms. Those that ask for something show a page first, and come back with `apply`."""

from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chat.domain import room_deletion, rooms, site_voice
from chat.domain.errors import DomainError, Invalid
from chat.models import Room

MOST = 100
"""Rooms that one action takes: each change is published by itself."""
# The entry in the history of the object, in Django's format, so that Django translates it.
ARCHIVED = [{"changed": {"fields": ["Archived"]}}]
POSTING = [{"changed": {"fields": ["Who posts"]}}]
SLOW_MODE = [{"changed": {"fields": ["Slow mode"]}}]
SECONDS = [
    (0, _("Off")),
    (10, _("10 seconds")),
    (30, _("30 seconds")),
    (60, _("1 minute")),
    (300, _("5 minutes")),
    (3600, _("1 hour")),
]


class AnnouncementForm(forms.Form):
    """What the site says in the chosen rooms."""

    body = forms.CharField(
        label=_("Announcement"),
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
        help_text=_("Markdown works, and @all mentions all members. The rooms show it in the name of the site."),
    )
    # The same when the form is sent twice: each room gets it once.
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class SlowModeForm(forms.Form):
    """How long a person waits between two messages."""

    seconds = forms.TypedChoiceField(label=_("Time between two messages of a person"), choices=SECONDS, coerce=int)


class DeletionForm(forms.Form):
    """The names of the chosen rooms, which have to be typed."""

    def __init__(self, *args, rooms=(), **kwargs):
        super().__init__(*args, **kwargs)
        for room in rooms:
            name = room_deletion.name_to_type(room)
            label = _("Type “%(name)s” to delete it") % {"name": name}
            attrs = {"autocomplete": "off", "spellcheck": "false"}
            self.fields[f"name-{room.pk}"] = forms.CharField(label=label, widget=forms.TextInput(attrs=attrs))

    def typed(self, room) -> str:
        """What was typed for a room."""
        return self.cleaned_data[f"name-{room.pk}"]


class RoomActions:
    """A base of the ModelAdmin of rooms: its actions."""

    actions = (
        "archive",
        "restore",
        "announce",
        "make_read_only",
        "let_everyone_post",
        "slow_down",
        "disconnect",
        "erase",
    )

    @admin.action(description=_("Archive"), permissions=["change"])
    def archive(self, request, queryset):
        """Archive rooms: nobody can write in them."""
        done = self._run_for_each(request, queryset.filter(archived_at=None), rooms.archive, ARCHIVED)
        self._say(request, done, ngettext("%(number)d room was archived.", "%(number)d rooms were archived.", done))

    @admin.action(description=_("Restore from the archive"), permissions=["change"])
    def restore(self, request, queryset):
        """Restore archived rooms."""
        done = self._run_for_each(request, queryset.exclude(archived_at=None), rooms.restore, ARCHIVED)
        self._say(request, done, ngettext("%(number)d room was restored.", "%(number)d rooms were restored.", done))

    @admin.action(description=_("Make read-only"), permissions=["change"])
    def make_read_only(self, request, queryset):
        """Let nobody write in rooms. Unlike archived ones, they stay where they are in people's lists."""
        chosen = queryset.exclude(who_posts=Room.Posting.NOBODY)
        done = self._run_for_each(request, chosen, rooms.change, POSTING, who_posts=Room.Posting.NOBODY)
        text = ngettext("%(number)d room is read-only now.", "%(number)d rooms are read-only now.", done)
        self._say(request, done, text)

    @admin.action(description=_("Let everyone post"), permissions=["change"])
    def let_everyone_post(self, request, queryset):
        """End what limits who posts in rooms."""
        chosen = queryset.exclude(who_posts=Room.Posting.EVERYONE)
        done = self._run_for_each(request, chosen, rooms.change, POSTING, who_posts=Room.Posting.EVERYONE)
        text = ngettext("Everyone posts in %(number)d room now.", "Everyone posts in %(number)d rooms now.", done)
        self._say(request, done, text)

    @admin.action(description=_("Disconnect everyone"), permissions=["change"])
    def disconnect(self, request, queryset):
        """Close all connections that have the rooms open. The pages connect again by themselves."""
        done = self._run_for_each(request, queryset, rooms.disconnect, None)
        text = ngettext(
            "Everyone in %(number)d room connects again.", "Everyone in %(number)d rooms connects again.", done
        )
        self._say(request, done, text)

    @admin.action(description=_("Announce…"), permissions=["change"])
    def announce(self, request, queryset):
        """Post as the site into rooms."""
        form = AnnouncementForm(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            given = form.cleaned_data
            try:
                done = self._announce(request, queryset.filter(archived_at=None), given["body"], given["key"])
            except Invalid as error:
                form.add_error("body", error.detail)
            else:
                text = ngettext("Announced in %(number)d room.", "Announced in %(number)d rooms.", done)
                return self._say(request, done, text)
        return self._ask(request, queryset, "announce", _("Announce"), form, _("Announce"))

    def _announce(self, request, queryset, body, key) -> int:
        done = 0
        for room in self._first(request, queryset):
            try:
                # A key of its own for each room: a client_id is used once.
                client_id = type(key)(int=key.int ^ room.pk)
                site_voice.announce(room=room, body=body, client_id=client_id, by=request.user)
                done += 1
            except Invalid:
                raise
            except DomainError as error:
                self.message_user(request, f"{room}: {error.detail}", messages.WARNING)
        return done

    @admin.action(description=_("Slow mode…"), permissions=["change"])
    def slow_down(self, request, queryset):
        """Set the slow mode of rooms."""
        form = SlowModeForm(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            seconds = form.cleaned_data["seconds"]
            chosen = queryset.exclude(slow_mode_s=seconds)
            done = self._run_for_each(request, chosen, rooms.change, SLOW_MODE, slow_mode_s=seconds)
            text = ngettext(
                "The slow mode of %(number)d room is set.", "The slow mode of %(number)d rooms is set.", done
            )
            return self._say(request, done, text)
        return self._ask(request, queryset, "slow_down", _("Slow mode"), form, _("Save"))

    @admin.action(description=_("Delete…"), permissions=["delete"])
    def erase(self, request, queryset):
        """Delete rooms with everything in them, after a page that says what goes and asks for their names."""
        chosen = self._first(request, queryset)
        form = DeletionForm(request.POST if "apply" in request.POST else None, rooms=chosen)
        if form.is_valid() and self._erase(request, chosen, form):
            return HttpResponseRedirect(reverse("admin:chat_room_deletions"))
        return self._ask(request, chosen, "erase", _("Delete rooms"), form, _("Delete for ever"), is_deletion=True)

    def _erase(self, request, chosen, form) -> bool:
        wrong = [room for room in chosen if not _is_name(room, form.typed(room))]
        for room in wrong:
            form.add_error(f"name-{room.pk}", _("This is not the name of the room."))
        if wrong:
            return False
        for room in chosen:
            room_deletion.begin(room=room, name=form.typed(room), by=request.user)
            self.log_deletions(request, Room.objects.filter(pk=room.pk))
        return True

    def _ask(self, request, chosen, action, title, form, submit, *, is_deletion=False):
        """The page of an action that needs more than the choice of rooms."""
        chosen = list(chosen[:MOST])
        contents = [(room, room_deletion.contents_of(room) if is_deletion else None) for room in chosen]
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.model._meta,
            "rooms": contents,
            "form": form,
            "action": action,
            "submit": submit,
            "is_deletion": is_deletion,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/chat/room/action.html", context)

    def _run_for_each(self, request, queryset, verb, entry, **fields) -> int:
        chosen = self._first(request, queryset)
        for room in chosen:
            verb(room=room, by=request.user, **fields)
            if entry:
                self.log_change(request, room, entry)
        return len(chosen)

    def _first(self, request, queryset) -> list[Room]:
        """The rooms that an action takes. If there are more, it is said how many are left."""
        chosen = list(queryset[: MOST + 1])
        if len(chosen) > MOST:
            left = queryset.count() - MOST
            text = ngettext(
                "One action takes %(most)d rooms: %(left)d other is left as it was. Choose it again.",
                "One action takes %(most)d rooms: %(left)d others are left as they were. Choose them again.",
                left,
            )
            self.message_user(request, text % {"most": MOST, "left": left}, messages.WARNING)
        return chosen[:MOST]

    def _say(self, request, done: int, text: str) -> None:
        self.message_user(request, text % {"number": done}, messages.SUCCESS if done else messages.WARNING)


def _is_name(room, typed: str) -> bool:
    return " ".join(typed.split()) == " ".join(room_deletion.name_to_type(room).split())
