"""Messages that filters hold until a moderator decides."""

from django.contrib import admin, messages
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from chat.domain import held, moderation
from chat.domain.errors import DomainError
from chat.models import HeldMessage

from .columns import account_name
from .moderation_base import EXCERPT_CHARS, ModerationAdmin, OpenFilter


class WaitingFilter(OpenFilter):
    """By default, the list shows only waiting messages. “Decided” includes those that expired without a decision."""

    def lookups(self, request, model_admin):
        """The choices beside the default, which is “Waiting”."""
        return [("decided", _("Decided")), ("all", _("All"))]

    def choices(self, changelist):
        """Call the default “Waiting”. Django calls it “All”."""
        found = list(super().choices(changelist))
        found[0]["display"] = _("Waiting")
        return found

    def queryset(self, request, queryset):
        """The messages in the chosen state."""
        if self.value() == "all":
            return queryset
        waiting = {"state": HeldMessage.State.WAITING}
        return queryset.exclude(**waiting) if self.value() == "decided" else queryset.filter(**waiting)


@admin.register(HeldMessage)
class HeldMessageAdmin(ModerationAdmin):
    """The messages that filters hold."""

    change_form_template = "admin/chat/held_form.html"
    list_display = ("excerpt", "who", "room", "by_filter", "found", "made_at", "state")
    list_filter = (WaitingFilter, "made_at")
    list_select_related = ("author__chat_profile", "room", "by_filter")
    show_full_result_count = False
    list_per_page = 50
    ordering = ("pk",)
    fields = ()
    actions = ("post_all", "refuse_all")

    def has_moderate_permission(self, request):
        """Whether the user may decide. Django calls it for the actions below, which have `permissions=["moderate"]`."""
        return moderation.moderates_site(request.user)

    @admin.display(description=_("message"))
    def excerpt(self, row):
        """The beginning of the text. A message without text has only files."""
        return Truncator(row.body.replace("\n", " ")).chars(EXCERPT_CHARS) or _("(files)")

    @admin.display(description=_("by"))
    def who(self, row):
        """The author."""
        return account_name(row.author) if row.author else _("%(name)s (guest)") % {"name": row.guest_name}

    def get_queryset(self, request):
        """Leave out the messages that their authors took back."""
        return super().get_queryset(request).exclude(state=HeldMessage.State.WITHDRAWN)

    def context_of(self, request, row):
        """Read the row again with all that the template shows of it, in one query."""
        rows = HeldMessage.objects.select_related("author__chat_profile", "room", "by_filter", "decided_by")
        row = rows.get(pk=row.pk)
        return {"row": row, "author": self.who(row)}

    @admin.action(description=_("Post the selected messages"), permissions=["moderate"])
    def post_all(self, request, queryset):
        """Post them; say which could not be posted."""
        self._decide_all(request, queryset, held.approve)

    @admin.action(description=_("Refuse the selected messages"), permissions=["moderate"])
    def refuse_all(self, request, queryset):
        """Refuse them; say which could not be refused."""
        self._decide_all(request, queryset, held.refuse)

    def _decide_all(self, request, queryset, verb):
        done = 0
        for row in queryset.order_by("pk"):
            try:
                verb(held=row.pk, by=request.user, site=True)
            except DomainError as error:
                self.message_user(request, f"{row}: {error.detail}", messages.ERROR)
            else:
                done += 1
        self.message_user(request, _("Decided: %(number)d") % {"number": done}, messages.SUCCESS)

    # In these two, `row` is the primary key of the held message (`ModerationAdmin.change_view`).
    def _post(self, request, row):
        held.approve(held=row, by=request.user, site=True)
        return _("The message was posted.")

    def _refuse(self, request, row):
        held.refuse(held=row, by=request.user, site=True)
        return _("The message was refused.")

    acts = {"post": _post, "refuse": _refuse}
