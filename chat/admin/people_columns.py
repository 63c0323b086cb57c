"""The columns of the list of people. What each costs does not depend on how many messages there are."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from chat.domain import connections

from .columns import ListWithExtras, ago, number
from .people_filters import FILTERS


class PeopleColumns:
    """A base of the ModelAdmin of users, for any user model."""

    list_display = ("name", get_user_model().USERNAME_FIELD, "last_seen", "sockets", "message_count", "roles")
    list_filter = FILTERS
    list_select_related = ("chat_profile", "chat_activity")
    list_per_page = 50

    def get_queryset(self, request):
        """With the groups, which are among the roles."""
        return super().get_queryset(request).prefetch_related("groups")

    def get_changelist(self, request, **kwargs):
        """A list that asks for the sockets of a whole page at once."""
        return ListWithExtras

    def read_extras(self, users) -> None:
        """Ask all workers how many connections each of these people has."""
        sockets = connections.sockets_of([user.pk for user in users])
        for user in users:
            user.sockets = sockets.get(user.pk, 0)

    @admin.display(description=_("name"), ordering="chat_profile__display_name")
    def name(self, user):
        """The display name; the handle of those who have none."""
        return getattr(getattr(user, "chat_profile", None), "display_name", "") or user.get_username()

    @admin.display(description=_("last seen"), ordering=Coalesce("chat_activity__seen_at", "last_login"))
    def last_seen(self, user):
        """“now” while a page or program of theirs is connected."""
        if user.sockets:
            return format_html('<span class="word online">{}</span>', _("now"))
        return ago(getattr(getattr(user, "chat_activity", None), "seen_at", None) or user.last_login)

    @admin.display(description=_("sockets"))
    def sockets(self, user):
        """How many connections they have, to all workers."""
        return number(user.sockets)

    @admin.display(description=_("messages"), ordering=Coalesce("chat_activity__messages", Value(0)))
    def message_count(self, user):
        """How many they ever posted."""
        return number(getattr(getattr(user, "chat_activity", None), "messages", 0))

    @admin.display(description=_("roles"))
    def roles(self, user):
        """Their rights on the site, and their groups."""
        words = [(word, text) for word, text, has in _flags(user) if has]
        words += [("group", group.name) for group in user.groups.all()]
        return format_html_join(" ", '<span class="word {}">{}</span>', words) or "–"


def _flags(user):
    return [
        ("danger", _("Deactivated"), not user.is_active),
        ("admin", _("Admin"), user.is_superuser),
        ("staff", _("Staff"), user.is_staff and not user.is_superuser),
        ("bot", _("Bot"), getattr(user, "is_bot", False)),
    ]
