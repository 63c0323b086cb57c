"""Filters of messages, with a dry run over the last messages of the site."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from chat.domain.errors import Invalid
from chat.domain.filters import dry_run, matching, stored
from chat.models import MessageFilter, Room

from .base import DomainAdmin


class FilterForm(forms.ModelForm):
    """The form of a filter. It is compiled before it is stored, so that an error is shown at its field."""

    class Meta:
        model = MessageFilter
        fields = stored.FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Nobody else reads direct rooms.
        self.fields["room"].queryset = Room.objects.exclude(kind=Room.Kind.DIRECT)

    def clean(self):
        """Refuse what cannot be compiled."""
        given = super().clean()
        if not self.errors:
            try:
                matching.compile_filter(MessageFilter(**given))
            except Invalid as error:
                raise ValidationError({error.field or "value": error.detail}) from error
        return given


@admin.register(MessageFilter)
class MessageFilterAdmin(DomainAdmin):
    """Filters of the site and of rooms."""

    form = FilterForm
    change_form_template = "admin/chat/filter_form.html"
    list_display = ("name", "kind", "action", "room", "is_on")
    list_filter = ("kind", "action", "is_on")
    list_select_related = ("room",)
    search_fields = ("name", "value")

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Store the filter; or, with the button “Dry run”, show what it would have met, and store nothing."""
        if request.method != "POST" or "_dry_run" not in request.POST:
            return super().changeform_view(request, object_id, form_url, extra_context)
        stored_one = self.get_object(request, object_id) if object_id else None
        allowed = self.has_change_permission(request, stored_one) if object_id else self.has_add_permission(request)
        if not allowed:
            raise PermissionDenied
        if object_id and stored_one is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = self.get_form(request, stored_one)(request.POST, instance=stored_one)
        result = dry_run.run(MessageFilter(**form.cleaned_data)) if form.is_valid() else None
        context = (extra_context or {}) | {"dry_run": result, "dry_errors": form.errors, "last": dry_run.LAST}
        # The page shows what was typed, as it was typed.
        return self.render_dry_run(request, object_id, form, context)

    def render_dry_run(self, request, object_id, form, context):
        """The page of the form again, with the result."""
        obj = self.get_object(request, object_id) if object_id else None
        fieldsets = self.get_fieldsets(request, obj)
        admin_form = admin.helpers.AdminForm(form, fieldsets, self.get_prepopulated_fields(request, obj))
        title = _("Dry run")
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "adminform": admin_form,
            "object_id": object_id,
            "original": obj,
            "is_popup": False,
            "to_field": None,
            "media": self.media + admin_form.media,
            "inline_admin_formsets": [],
            "errors": admin.helpers.AdminErrorList(form, []),
            "preserved_filters": self.get_preserved_filters(request),
            **context,
        }
        return self.render_change_form(request, context, add=obj is None, change=obj is not None, obj=obj)

    def create(self, request, given):
        """Create a filter."""
        return stored.create(by=request.user, **given)

    def save_model(self, request, obj, form, change):
        """Create or change by a verb, which knows who does it."""
        if not change:
            return super().save_model(request, obj, form, change)
        kept = MessageFilter.objects.get(pk=obj.pk)
        stored.change(stored=kept, by=request.user, **{name: form.cleaned_data[name] for name in form.changed_data})

    def delete_model(self, request, obj):
        """Delete one filter."""
        stored.delete(stored=obj, by=request.user)

    def delete_queryset(self, request, queryset):
        """Delete several filters."""
        for each in queryset:
            stored.delete(stored=each, by=request.user)
