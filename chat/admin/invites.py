"""Invitations: the link is shown once, when it is made, and kept nowhere."""

from datetime import timedelta

from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from chat.domain import invites
from chat.models import Invite, Room

from .domain import DomainAdmin

GOOD_FOR = timedelta(days=7)


@admin.register(Invite)
class InviteAdmin(DomainAdmin):
    """Made and revoked, never changed."""

    fields = ("room", "expires_at", "uses_left")
    list_display = ("what", "uses_left", "expires_at", "stands", "created_by")
    list_filter = (("room", admin.RelatedOnlyFieldListFilter), "expires_at")
    list_select_related = ("room", "created_by")
    search_fields = ("room__name", "room__slug", "created_by__username")

    def get_fields(self, request, obj=None):
        """With where it came from, once made."""
        return self.fields if obj is None else (*self.fields, "created_by", "created_at")

    def has_change_permission(self, request, obj=None):
        """Nobody: revoke it, and make another."""
        return False

    def get_changeform_initial_data(self, request):
        """A week, one person."""
        return {"expires_at": timezone.now() + GOOD_FOR, "uses_left": 1, **super().get_changeform_initial_data(request)}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Rooms that one can be invited to."""
        if db_field.name == "room":
            kwargs["queryset"] = Room.objects.current().exclude(kind=Room.Kind.DIRECT)
            kwargs["empty_label"] = _("The site as a whole")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("invites to"), ordering="room__name")
    def what(self, invite):
        """The room, or the site."""
        return invite.room or _("The site as a whole")

    @admin.display(description=_("works"), boolean=True)
    def stands(self, invite):
        """Neither expired nor used up."""
        return invite.uses_left > 0 and invite.expires_at > timezone.now()

    def make(self, request, given):
        """A new link, told this once."""
        made, token = invites.create(
            room=given["room"], by=request.user, expires_at=given["expires_at"], uses=given["uses_left"]
        )
        link = request.build_absolute_uri(reverse("chat:invite", args=[token]))
        once = _("Here is the link. Copy it now: it is shown this once, and kept nowhere.")
        self.message_user(request, format_html("{} <code>{}</code>", once, link), messages.WARNING)
        return made

    def end(self, invite):
        """Revoke."""
        invites.revoke(invite=invite)
