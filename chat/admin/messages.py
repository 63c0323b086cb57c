"""Messages and their former texts, read-only. Moderators edit and delete in the room itself."""

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chat.domain import bans, moderation, removing
from chat.domain.errors import DomainError
from chat.models import Message, Revision

from .base import ReadOnlyAdmin, WithoutClosedRooms
from .list_filters import OpenRoomFilter, WordFilter
from .paging import NewestFirst

EXCERPT_CHARS = 100


class StateFilter(WordFilter):
    """Filter by state: unchanged, edited or deleted."""

    title = _("state")
    parameter_name = "state"
    words = {
        "deleted": (_("Deleted"), Q(deleted_at__isnull=False)),
        "removed": (_("Removed by a moderator"), Q(removed=True)),
        "edited": (_("Edited"), Q(deleted_at=None, edited_at__isnull=False)),
        "unchanged": (_("Unchanged"), Q(deleted_at=None, edited_at=None)),
    }


class RevisionInline(admin.TabularInline):
    """The former texts of a message."""

    model = Revision
    fields = readonly_fields = ("text", "replaced_by", "replaced_at")
    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request, obj=None):
        """Never: revisions are made by editing a message."""
        return False

    def has_change_permission(self, request, obj=None):
        """Never."""
        return False

    def get_queryset(self, request):
        """With the person who replaced each text, in the same query."""
        return super().get_queryset(request).select_related("replaced_by")


@admin.register(Message)
class MessageAdmin(NewestFirst, WithoutClosedRooms, ReadOnlyAdmin):
    """The messages of public rooms, and of those that the user has opened, with their former texts."""

    list_display = ("excerpt", "sender", "room", "created_at", "state")
    list_filter = (StateFilter, ("room", OpenRoomFilter), "created_at")
    list_select_related = ("author", "room")
    search_fields = ("text", f"author__{get_user_model().USERNAME_FIELD}", "guest_name")
    list_per_page = 50
    fields = ("room", "seq", "sender", "text", "reply_to", "created_at", "edited_at", "deleted_at")
    inlines = (RevisionInline,)
    actions = ("remove", "restore", "ban_guests", "ban_guests_and_addresses")

    def has_moderate_permission(self, request):
        """Whether the user moderates the site: the permission `moderate` of the actions below."""
        return moderation.moderates_site(request.user)

    @admin.action(description=_("Remove the selected messages"), permissions=["moderate"])
    def remove(self, request, queryset):
        """Remove messages as a moderator: they can be restored."""
        self._for_each(request, queryset.filter(deleted_at=None), removing.remove)

    @admin.action(description=_("Restore the selected messages that a moderator removed"), permissions=["moderate"])
    def restore(self, request, queryset):
        """Restore removed messages."""
        self._for_each(request, queryset.filter(removed=True), removing.restore)

    def _for_each(self, request, queryset, verb):
        done, refused = 0, set()
        for pk in queryset.order_by("pk").values_list("pk", flat=True):
            try:
                verb(message=pk, by=request.user, site=True)
            except DomainError as error:
                refused.add(str(error.detail))
            else:
                done += 1
        for text in sorted(refused):
            self.message_user(request, text, messages.ERROR)
        text = ngettext("%(number)d message was changed.", "%(number)d messages were changed.", done)
        self.message_user(request, text % {"number": done}, messages.SUCCESS if done else messages.WARNING)

    def has_ban_permission(self, request):
        """Whether the user may ban guests: the permission `ban` of the actions below."""
        return request.user.has_perm("chat.add_guestban")

    @admin.action(description=_("Ban the guests who wrote the selected messages"), permissions=["ban"])
    def ban_guests(self, request, queryset):
        """Ban the guests among the authors, without a time limit."""
        self._ban(request, queryset, also_network=False)

    @admin.action(description=_("Ban these guests, and all guests of their addresses for a day"), permissions=["ban"])
    def ban_guests_and_addresses(self, request, queryset):
        """Like `ban_guests`, and ban all guests of the addresses that they come from."""
        self._ban(request, queryset, also_network=True)

    def _ban(self, request, queryset, *, also_network: bool):
        of_guests = queryset.filter(author=None).exclude(guest_id="").order_by()
        guests = dict(of_guests.values_list("guest_id", "guest_name"))
        for guest_id, name in guests.items():
            bans.ban_guest(guest_id=guest_id, name=name, also_network=also_network, by=request.user)
        number = len(guests)
        text = ngettext("%(number)d guest was banned.", "%(number)d guests were banned.", number) % {"number": number}
        self.message_user(request, text, messages.SUCCESS if guests else messages.WARNING)

    @admin.display(description=_("message"))
    def excerpt(self, message):
        """The beginning of the text, as plain text: the template escapes it."""
        return Truncator(message.text.replace("\n", " ")).chars(EXCERPT_CHARS) or _("(deleted)")

    @admin.display(description=_("by"))
    def sender(self, message):
        """The name of the author: a user or a guest."""
        return message.author or _("%(name)s (guest)") % {"name": message.guest_name}

    @admin.display(description=_("state"))
    def state(self, message):
        """“edited”, “deleted” or empty."""
        return _("deleted") if message.deleted_at else _("edited") if message.edited_at else ""


@admin.register(Revision)
class RevisionAdmin(NewestFirst, WithoutClosedRooms, ReadOnlyAdmin):
    """The former texts of the same messages, the newest first."""

    path_to_room = "message__room"

    list_display = ("excerpt", "author", "room", "replaced_by", "replaced_at")
    list_filter = (("message__room", OpenRoomFilter), "replaced_at")
    list_select_related = ("message__author", "message__room", "replaced_by")
    search_fields = ("text", f"message__author__{get_user_model().USERNAME_FIELD}", "message__guest_name")
    fields = ("message", "author", "text", "replaced_by", "replaced_at")

    @admin.display(description=_("former text"))
    def excerpt(self, revision):
        """The beginning of the text."""
        return Truncator(revision.text.replace("\n", " ")).chars(EXCERPT_CHARS)

    @admin.display(description=_("by"))
    def author(self, revision):
        """The author of the message."""
        return revision.message.author or revision.message.guest_name

    @admin.display(description=_("room"))
    def room(self, revision):
        """The room of the message."""
        return revision.message.room
