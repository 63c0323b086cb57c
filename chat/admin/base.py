"""Base classes: changes go through the domain, and its errors are shown as messages."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from chat.domain import room_openings
from chat.domain.errors import DomainError
from chat.models import Room

LARGEST_KEY = 2**63 - 1


class KnowsItsRows(admin.ModelAdmin):
    """A base: keys without sense name no row, and an error of the domain in an action or a deletion is a message."""

    # Counts beside the choices of filters: each would read all rows once more.
    show_facets = admin.ShowFacets.NEVER
    # “12 results (of 3,000,000)”: the same.
    show_full_result_count = False

    def get_object(self, request, object_id, from_field=None):
        """The object; None also for a key that no database can have."""
        return super().get_object(request, object_id, from_field) if self._is_key(object_id) else None

    def _is_key(self, text: str) -> bool:
        column = self.opts.pk.target_field if self.opts.pk.remote_field else self.opts.pk
        try:
            key = column.to_python(unquote(text))
        except (ValidationError, ValueError):
            return False
        return not isinstance(key, int) or 0 <= key <= LARGEST_KEY

    def get_changelist_instance(self, request):
        """The list. A list of all rows does not say beside the search how many they are: its foot does."""
        found = super().get_changelist_instance(request)
        if not found.query and not found.get_filters_params():
            found.full_result_count = found.result_count
        return found

    def changelist_view(self, request, extra_context=None):
        """The list, and its actions for those of the chosen rows that can exist."""
        if request.method == "POST" and (chosen := request.POST.getlist(ACTION_CHECKBOX_NAME)):
            known = [key for key in chosen if self._is_key(key)]
            if known != chosen:
                request.POST = request.POST.copy()
                request.POST.setlist(ACTION_CHECKBOX_NAME, known)
        # Of the tab: Django's “Select room to change” tells less.
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        try:
            return super().changelist_view(request, {**title, **(extra_context or {})})
        except DomainError as error:
            self.message_user(request, error.detail, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def delete_view(self, request, object_id, extra_context=None):
        """The page that deletes one object. Django rolls the transaction back."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except DomainError as error:
            self.message_user(request, error.detail, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())


class DomainAdmin(KnowsItsRows):
    """A ModelAdmin that changes objects by verbs of the domain. Subclasses implement `create`, `update`, `remove`."""

    def create(self, request, given: dict):
        """Create an object from the cleaned data of the form, and return it."""
        raise NotImplementedError

    def update(self, obj, changed: dict) -> None:
        """Change the stored object. `changed`: the new values of the fields that changed, by name."""
        raise NotImplementedError

    def remove(self, obj) -> None:
        """Delete the object, or do what deleting means for it."""
        raise NotImplementedError

    def save_model(self, request, obj, form, change):
        """Create or change by a verb. `obj.save()` would overwrite versions and publish no event."""
        if change:
            # Not `obj`: it already has the values of the form, and the domain compares with the stored ones.
            stored = self.model._default_manager.get(pk=obj.pk)
            self.update(stored, {name: form.cleaned_data[name] for name in form.changed_data})
        else:
            obj.pk = self.create(request, form.cleaned_data).pk
        obj.refresh_from_db()

    def delete_model(self, request, obj):
        """Delete one object, from its page."""
        self.remove(obj)

    def delete_queryset(self, request, queryset):
        """Delete several objects, from the list: one by one, because each publishes an event."""
        for obj in queryset:
            self.remove(obj)

    def changeform_view(self, request, *args, **kwargs):
        """Show an error of the domain above the form. Django rolls the transaction back."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as error:
            self.message_user(request, error.detail, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())


class BanAdmin(DomainAdmin):
    """A base of the admins of bans: its pages say “Ban”, not “Save” and “Add”."""

    change_form_template = "admin/chat/ban_form.html"
    change_list_template = "admin/chat/ban_list.html"
    add_label: Any = ""

    def has_change_permission(self, request, obj=None):
        """Never: whoever is banned again gets the new end and the new reason."""
        return False

    def add_view(self, request, form_url="", extra_context=None):
        """The form that bans."""
        return super().add_view(request, form_url, {**(extra_context or {}), "title": self.add_label})

    def changelist_view(self, request, extra_context=None):
        """The list of bans."""
        return super().changelist_view(request, {**(extra_context or {}), "add_label": self.add_label})

    def response_add(self, request, obj, post_url_continue=None):
        """Go to the list, and say who is banned."""
        self.message_user(request, _("“%(name)s” is banned.") % {"name": obj}, messages.SUCCESS)
        return self.response_post_save_add(request, obj)


class ReadOnlyAdmin(KnowsItsRows):
    """A ModelAdmin without forms to add, change or delete."""

    def has_add_permission(self, request, obj=None):
        """Never."""
        return False

    def has_change_permission(self, request, obj=None):
        """Never."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Never."""
        return False


class WithoutDirectRooms:
    """A base of a ModelAdmin: leaves out what belongs to direct rooms, because staff must not read them.

    `kind_of_room`: the path from the model to the kind of its room.
    """

    kind_of_room = "room__kind"

    def get_queryset(self, request):
        """All objects but those of direct rooms."""
        return super().get_queryset(request).exclude(**{self.kind_of_room: Room.Kind.DIRECT})


class WithoutClosedRooms:
    """A base of a ModelAdmin: shows what people wrote only of rooms that the staff user may read (`room_openings`).

    `path_to_room`: the path from the model to its room.
    """

    path_to_room = "room"

    def get_queryset(self, request):
        """The objects of public rooms, and of those that the user has opened."""
        readable = room_openings.readable_by(request.user)
        return super().get_queryset(request).filter(**{f"{self.path_to_room}__in": readable})
