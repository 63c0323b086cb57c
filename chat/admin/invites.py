"""Invites: links that people copy or scan, and links that are sent by e-mail."""

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Now
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chat.domain import invite_mails, invites
from chat.domain.errors import DomainError
from chat.models import Invite, InviteUse

from .base import DomainAdmin
from .invite_link import drawn
from .invite_mails import VALID_FOR, InviteMails, label_parts, rooms_to_choose
from .list_filters import RoomFilter, WordFilter
from .paging import BoundedPaginator

PEOPLE_SHOWN = 200


class StateFilter(WordFilter):
    """Filter by whether the link works, and why not."""

    title = _("state")
    parameter_name = "state"
    works = Q(revoked_at=None, uses_left__gt=0, expires_at__gt=Now())
    words = {
        "works": (_("Works"), works),
        "used": (_("Used up"), Q(revoked_at=None, uses_left=0)),
        "expired": (_("Expired"), Q(revoked_at=None, uses_left__gt=0, expires_at__lte=Now())),
        "revoked": (_("Revoked"), Q(revoked_at__isnull=False)),
    }


class WayFilter(WordFilter):
    """Filter by how the link came to people."""

    title = _("sent")
    parameter_name = "sent"
    words = {"mail": (_("By e-mail"), ~Q(email="")), "link": (_("As a link"), Q(email=""))}


@admin.register(Invite)
class InviteAdmin(InviteMails, DomainAdmin):
    """Invites are created and revoked, never changed."""

    change_list_template = "admin/chat/invite/change_list.html"
    fields = ("room", "rooms", "role", "expires_at", "uses_left")
    list_display = ("what", "role", "email", "people_count", "uses_left", "expires_at", "is_valid", "created_by")
    list_filter = (StateFilter, WayFilter, ("room", RoomFilter))
    paginator = BoundedPaginator
    list_select_related = ("room", "created_by")
    list_per_page = 50
    search_fields = ("room__name", "room__slug", "email", f"created_by__{get_user_model().USERNAME_FIELD}")
    actions = ("revoke", "send_again")

    def get_queryset(self, request):
        """With the number of people who came. A subquery, so that it is counted for the invites of the page only."""
        came = InviteUse.objects.filter(invite=OuterRef("pk")).order_by().values("invite")
        count = Subquery(came.annotate(count=Count("*")).values("count"))
        return super().get_queryset(request).annotate(came=Coalesce(count, Value(0)))

    def get_fields(self, request, obj=None):
        """With the link, who came by it, creator and times, for a stored invite."""
        stored = ("link", *self.fields, "email", "sent_at", "who_came", "created_by", "created_at", "revoked_at")
        return self.fields if obj is None else stored

    def get_readonly_fields(self, request, obj=None):
        """What is not a column."""
        return () if obj is None else ("link", "who_came", "email", "sent_at", "created_by", "created_at", "revoked_at")

    def has_change_permission(self, request, obj=None):
        """Never: revoke the invite and create another one."""
        return False

    def get_changeform_initial_data(self, request):
        """By default an invite is for one person and ends after a week."""
        return {
            "expires_at": timezone.now() + VALID_FOR,
            "uses_left": 1,
            **super().get_changeform_initial_data(request),
        }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Date and time have names of their own for screen readers."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "expires_at" and field is not None:
            label_parts(field)
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer only rooms that accept invites."""
        if db_field.name == "room":
            kwargs["queryset"] = rooms_to_choose()
            kwargs["empty_label"] = _("The whole site")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """The same for more rooms."""
        if db_field.name == "rooms":
            kwargs["queryset"] = rooms_to_choose()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_object(self, request, object_id, from_field=None):
        """Remember who looks: `link` shows the link to its creator alone."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.is_own = found.created_by_id == request.user.pk
            found.origin = request.build_absolute_uri("/")[:-1]
        return found

    @admin.display(description=_("invites to"), ordering="room__name")
    def what(self, invite):
        """The room, or the whole site."""
        return invite.room or _("The whole site")

    @admin.display(description=_("came"))
    def people_count(self, invite):
        """How many people came by it."""
        return invite.came

    @admin.display(description=_("works"), boolean=True)
    def is_valid(self, invite):
        """Whether the link works: not revoked or expired, with uses left."""
        return invite.revoked_at is None and invite.uses_left > 0 and invite.expires_at > timezone.now()

    @admin.display(description=_("link"))
    def link(self, invite):
        """The link with a button that copies it and a QR code, for who made it, as long as it works."""
        if not self.is_valid(invite):
            return _("The link does not work any more.")
        token = invites.token_of(invite) if getattr(invite, "is_own", False) else None
        if token is None:
            return _("Only who made the link can see it.")
        return drawn(invite.origin + reverse("chat:invite", args=[token]))

    @admin.display(description=_("who came"))
    def who_came(self, invite):
        """The people who came by it, the latest first."""
        found = invite.people.select_related("user").order_by("-at")[:PEOPLE_SHOWN]
        rows = ((str(use.user), timezone.localtime(use.at).strftime("%Y-%m-%d %H:%M")) for use in found)
        return format_html_join(mark_safe("<br>"), '<span dir="auto">{}</span> · {}', rows) or "–"

    @admin.action(description=_("Revoke"), permissions=["delete"])
    def revoke(self, request, queryset):
        """End invites. Who came by them stays."""
        chosen = list(queryset.filter(revoked_at=None))
        for invite in chosen:
            invites.revoke(invite=invite, by=request.user)
        text = ngettext("%(number)d invite was revoked.", "%(number)d invites were revoked.", len(chosen))
        self.message_user(request, text % {"number": len(chosen)}, messages.SUCCESS if chosen else messages.WARNING)

    @admin.action(description=_("Send again by e-mail"), permissions=["add"])
    def send_again(self, request, queryset):
        """Send invites once more."""
        done = 0
        for invite in queryset.exclude(email="")[: invite_mails.MAX_ADDRESSES]:
            try:
                invite_mails.send_again(invite=invite, by=request.user)
                done += 1
            except DomainError as error:
                self.message_user(request, f"{invite.email}: {error.detail}", messages.WARNING)
        text = ngettext("%(number)d invite is sent again.", "%(number)d invites are sent again.", done)
        self.message_user(request, text % {"number": done}, messages.SUCCESS if done else messages.WARNING)

    def create(self, request, given):
        """Create an invite and show its link."""
        made, token = invites.create(
            room=given["room"],
            more_rooms=given["rooms"],
            role=given["role"],
            by=request.user,
            expires_at=given["expires_at"],
            uses=given["uses_left"],
        )
        link = request.build_absolute_uri(reverse("chat:invite", args=[token]))
        self.message_user(request, format_html("{} <code>{}</code>", _("This is the link."), link), messages.SUCCESS)
        return made

    def save_related(self, request, form, formsets, change):
        """Nothing is left: `create` has stored the rooms."""

    def response_add(self, request, obj, post_url_continue=None):
        """Show the page of the invite, with the link to copy and its QR code."""
        return HttpResponseRedirect(reverse("admin:chat_invite_change", args=[obj.pk]))

    def remove(self, invite):
        """Delete the invite, which ends it, and forget who came by it."""
        invites.revoke(invite=invite)
        invite.delete()
