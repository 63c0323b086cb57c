"""What the admin of every model here shares: changes go through the domain, and its refusals are shown, not raised."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect

from chat.domain.errors import Refused


class DomainAdmin(admin.ModelAdmin):
    """A ModelAdmin whose verbs are the domain's: subclasses say which in `make`, `change` and `end`."""

    def make(self, request, given: dict):
        """Make the object from the form's cleaned data, and return it."""
        raise NotImplementedError

    def change(self, obj, changed: dict) -> None:
        """Change the stored object; `changed` holds the new values of those fields that changed."""
        raise NotImplementedError

    def end(self, obj) -> None:
        """Do what deleting means here."""
        raise NotImplementedError

    def save_model(self, request, obj, form, change):
        """Never `obj.save()`: that would put old numbers back and tell nobody."""
        if change:
            # Not `obj`: the form has put its values there already, and the domain compares with what is stored.
            stored = self.model._default_manager.get(pk=obj.pk)
            self.change(stored, {name: form.cleaned_data[name] for name in form.changed_data})
        else:
            obj.pk = self.make(request, form.cleaned_data).pk
        obj.refresh_from_db()

    def delete_model(self, request, obj):
        """One object, from its page."""
        self.end(obj)

    def delete_queryset(self, request, queryset):
        """Several, from the list: one by one, so that each is told."""
        for obj in queryset:
            self.end(obj)

    def changeform_view(self, request, *args, **kwargs):
        """Show what the domain refused above the form. What was begun is rolled back."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refused:
            self.message_user(request, refused.detail, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())


class ReadOnlyAdmin(admin.ModelAdmin):
    """What the admin shows and never changes."""

    def has_add_permission(self, request, obj=None):
        """Nobody."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody."""
        return False
