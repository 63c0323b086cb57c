"""Django's groups. Only superusers change them: the permissions of a group are rights of its people."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group

from chat.domain.record import record

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """Django's pages, with a record of each change."""

    def has_add_permission(self, request):
        """Superusers."""
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        """Superusers."""
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        """Superusers."""
        return request.user.is_superuser

    def save_related(self, request, form, formsets, change):
        """Record the name and the permissions of a group that was made or changed."""
        before = _state(self.model.objects.get(pk=form.instance.pk), form.initial.get("name")) if change else {}
        super().save_related(request, form, formsets, change)
        after = _state(form.instance)
        if before != after:
            changed = {name for name in after if after[name] != before.get(name)}
            record(
                request.user,
                "group.change" if change else "group.create",
                form.instance,
                before={name: value for name, value in before.items() if name in changed},
                after={name: value for name, value in after.items() if name in changed},
            )

    def delete_model(self, request, obj):
        """Delete one group."""
        record(request.user, "group.delete", obj, before=_state(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        """Delete several groups."""
        for group in queryset:
            self.delete_model(request, group)


def _state(group: Group, name: str | None = None) -> dict:
    labels = group.permissions.order_by("content_type__app_label", "codename")
    found = labels.values_list("content_type__app_label", "codename")
    return {"name": name or group.name, "permissions": [f"{app}.{codename}" for app, codename in found]}
