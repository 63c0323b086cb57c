"""The members on a room's page: an inline list, and a page that adds many people at once."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.forms.models import BaseInlineFormSet
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from chat.domain import added_by_staff, bulk_members, rooms
from chat.domain.errors import DomainError
from chat.models import Membership

SHOWN = 50
"""Members on the page of a room: owners and moderators first. The link to all is in the list of rooms."""
LISTED = 200
"""Entries of each kind that the report names."""
_RANK = ["owner", "moderator", "member", "reader"]


class MembersFormSet(BaseInlineFormSet):
    """The first SHOWN members; of a form that was sent, those that it names."""

    def get_queryset(self):
        """The rows of the forms."""
        if not hasattr(self, "_queryset"):
            members = Membership.objects.filter(room=self.instance).select_related("user", "room")
            if self.is_bound:
                sent = (
                    value for key, value in self.data.items() if key.startswith(self.prefix) and key.endswith("-id")
                )
                shown = members.filter(pk__in=[value for value in sent if value.isdecimal()][: 2 * SHOWN])
            else:
                rank = {role: place for place, role in enumerate(_RANK)}
                ids = sorted(members.values_list("pk", "role")[:5000], key=lambda row: (rank[row[1]], row[0]))
                shown = members.filter(pk__in=[pk for pk, _role in ids[:SHOWN]])
            self._queryset = shown.order_by("pk")
        return self._queryset

    def save(self, commit=True):
        """Nothing: `RoomPeople.save_formset` calls the verbs."""
        return []


class _Name(forms.Widget):
    """Shows a person who is not to be changed."""

    def __init__(self, user):
        super().__init__()
        self._user = user

    def render(self, name, value, attrs=None, renderer=None):
        """The name, as text."""
        return format_html('<span dir="auto">{}</span>', self._user)


class MembersInline(admin.TabularInline):
    """Members of a room. Changes go through the domain."""

    model = Membership
    formset = MembersFormSet
    fields = ("user", "role", "named_to_post")
    autocomplete_fields = ("user",)
    extra = 0
    verbose_name_plural = _("members (owners and moderators first)")

    def get_formset(self, request, obj=None, **kwargs):
        """The person of a stored membership does not change."""
        made = super().get_formset(request, obj, **kwargs)

        class Form(made.form):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                if self.instance.pk:
                    # A field with autocomplete would read the name of each person by a query.
                    user = self.initial["user"] = self.instance.user
                    self.fields["user"] = forms.Field(disabled=True, required=False, widget=_Name(user))

        made.form = Form
        return made


class AddPeopleForm(forms.Form):
    """A list of people, or a group."""

    text = forms.CharField(
        label=_("Usernames or e-mail addresses"),
        required=False,
        strip=True,
        max_length=bulk_members.MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autofocus": True}),
        help_text=_("Separated by lines, spaces, commas or semicolons. At most 10,000."),
    )
    group = forms.ModelChoiceField(
        Group.objects.order_by("name"),
        label=_("Or everyone in a group"),
        required=False,
        help_text=_("They are added once. To follow the group, bind it to the room on the room's page."),
    )

    def clean(self):
        """One of both is needed."""
        given = super().clean()
        if not self.errors and not given.get("text") and not given.get("group"):
            raise forms.ValidationError(_("Paste a list, or choose a group."))
        return given


class RoomPeople:
    """A base of the ModelAdmin of rooms: its members."""

    def get_inlines(self, request, obj):
        """Members of a stored room."""
        return [] if obj is None else [MembersInline]

    def save_formset(self, request, form, formset, change):
        """Add, change and remove members by verbs."""
        room = form.instance
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for each in formset.forms:
            if not each.has_changed() or not hasattr(each, "cleaned_data"):
                continue
            member, given = each.instance, each.cleaned_data
            if given.get("DELETE"):
                if member.pk:
                    rooms.remove(room=room, user=member.user, by=request.user)
                    formset.deleted_objects.append(member)
            elif member.pk:
                self._change(request, room, member, each)
                formset.changed_objects.append((member, each.changed_data))
            elif given.get("user"):
                formset.new_objects.append(self._add(request, room, given))

    def _add(self, request, room, given):
        made = added_by_staff.add(room=room, user=given["user"], role=given["role"], by=request.user)
        if given["named_to_post"]:
            rooms.name_to_post(room=room, user=given["user"], on=True, by=request.user)
        return made

    def _change(self, request, room, member, form):
        if "role" in form.changed_data:
            rooms.set_role(room=room, user=member.user, role=form.cleaned_data["role"], by=request.user)
        if "named_to_post" in form.changed_data:
            on = form.cleaned_data["named_to_post"]
            rooms.name_to_post(room=room, user=member.user, on=on, by=request.user)

    def add_people(self, request, object_id):
        """The page that adds many people, and then says what became of each entry."""
        room = self.get_object(request, object_id)
        if room is None:
            raise Http404
        if not self.has_change_permission(request, room):
            raise PermissionDenied
        form = AddPeopleForm(request.POST if request.method == "POST" else None)
        report = None
        if request.method == "POST" and form.is_valid():
            try:
                report = self._add_all(request, room, form.cleaned_data)
            except DomainError as error:
                form.add_error("text" if error.field == "text" else None, error.detail)
            else:
                text = _("Added: %(added)d. Already members: %(already)d. Unknown: %(unknown)d.")
                numbers = {name: len(getattr(report, name)) for name in ("added", "already", "unknown")}
                level = messages.SUCCESS if report.added else messages.WARNING
                self.message_user(request, text % numbers, level)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add people"),
            "opts": self.model._meta,
            "room": room,
            "form": form,
            "report": report and _shown(report),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/chat/room/add_people.html", context)

    def _add_all(self, request, room, given) -> bulk_members.Report:
        if given["group"]:
            return bulk_members.add_users(
                room=room, users=given["group"].user_set.filter(is_active=True), by=request.user
            )
        return bulk_members.add(room=room, text=given["text"], by=request.user)


def _shown(report: bulk_members.Report) -> list[dict]:
    lists = [
        (_("Added"), report.added),
        (_("Already members"), report.already),
        (_("Unknown"), report.unknown),
        (_("Several people have this address"), report.ambiguous),
    ]
    return [
        {"label": label, "count": len(found), "names": [str(each) for each in found[:LISTED]], "more": found[LISTED:]}
        for label, found in lists
        if found
    ]
