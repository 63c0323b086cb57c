"""What was said: read here, never written. Moderators act in the room, where everyone sees it."""

from django.contrib import admin, messages
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chat.domain import bars
from chat.models import Message, Revision

from .domain import ReadOnlyAdmin

EXCERPT = 100  # characters


class StandingFilter(admin.SimpleListFilter):
    """Messages as they were said, edited ones, deleted ones."""

    title = _("state")
    parameter_name = "state"
    states = {
        "deleted": (_("Deleted"), Q(deleted_at__isnull=False)),
        "edited": (_("Edited"), Q(deleted_at=None, edited_at__isnull=False)),
        "unchanged": (_("Unchanged"), Q(deleted_at=None, edited_at=None)),
    }

    def lookups(self, request, model_admin):
        """The three states."""
        return [(name, title) for name, (title, _condition) in self.states.items()]

    def queryset(self, request, queryset):
        """The messages of the chosen one."""
        _title, condition = self.states.get(self.value(), ("", Q()))
        return queryset.filter(condition)


class RevisionInline(admin.TabularInline):
    """A message's former texts."""

    model = Revision
    fields = readonly_fields = ("text", "replaced_by", "replaced_at")
    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request, obj=None):
        """Nobody: edits make them."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody."""
        return False

    def get_queryset(self, request):
        """With who replaced each."""
        return super().get_queryset(request).select_related("replaced_by")


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Every message of every room; its page has the former texts too."""

    list_display = ("excerpt", "sender", "room", "created_at", "state")
    list_filter = (StandingFilter, "room", "created_at")
    list_select_related = ("author", "room")
    search_fields = ("text", "author__username", "guest_name")
    # Counting all messages for "12 of 3,000,000" reads them all.
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-pk",)
    fields = ("room", "seq", "sender", "text", "reply_to", "created_at", "edited_at", "deleted_at")
    inlines = (RevisionInline,)
    actions = ("bar_guests", "bar_guests_and_addresses")

    def has_bar_permission(self, request):
        """Whoever may bar guests."""
        return request.user.has_perm("chat.add_guestbar")

    @admin.action(description=_("Bar the guests who said these"), permissions=["bar"])
    def bar_guests(self, request, queryset):
        """Shut out the guests among the authors, at once and for good."""
        self._bar(request, queryset, also_network=False)

    @admin.action(description=_("Bar these guests, and their addresses for a day"), permissions=["bar"])
    def bar_guests_and_addresses(self, request, queryset):
        """The same, and all guests of the addresses where they are."""
        self._bar(request, queryset, also_network=True)

    def _bar(self, request, queryset, *, also_network: bool):
        said = queryset.filter(author=None).exclude(guest_id="").order_by().values_list("guest_id", "guest_name")
        chosen = dict(said)
        for guest_id, name in chosen.items():
            bars.bar_guest(guest_id=guest_id, name=name, also_network=also_network, by=request.user)
        number = len(chosen)
        told = ngettext("%(number)d guest was barred.", "%(number)d guests were barred.", number) % {"number": number}
        self.message_user(request, told, messages.SUCCESS if chosen else messages.WARNING)

    @admin.display(description=_("message"))
    def excerpt(self, message):
        """The beginning of the text. Plain text: the template escapes it."""
        return Truncator(message.text.replace("\n", " ")).chars(EXCERPT) or _("(deleted)")

    @admin.display(description=_("by"))
    def sender(self, message):
        """The author's name, or the guest's."""
        return message.author or _("%(name)s (guest)") % {"name": message.guest_name}

    @admin.display(description=_("state"))
    def state(self, message):
        """Whether it was edited or deleted."""
        return _("deleted") if message.deleted_at else _("edited") if message.edited_at else ""


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    """All former texts, the latest first."""

    list_display = ("excerpt", "author", "room", "replaced_by", "replaced_at")
    list_filter = ("message__room", "replaced_at")
    list_select_related = ("message__author", "message__room", "replaced_by")
    search_fields = ("text", "message__author__username", "message__guest_name")
    show_full_result_count = False
    ordering = ("-pk",)
    fields = ("message", "author", "text", "replaced_by", "replaced_at")

    @admin.display(description=_("former text"))
    def excerpt(self, revision):
        """The beginning of the text."""
        return Truncator(revision.text.replace("\n", " ")).chars(EXCERPT)

    @admin.display(description=_("by"))
    def author(self, revision):
        """Who had said it."""
        return revision.message.author or revision.message.guest_name

    @admin.display(description=_("room"))
    def room(self, revision):
        """Where."""
        return revision.message.room
