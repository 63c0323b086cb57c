"""The app's name and its start."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    """Group chat: see docs/architecture.md."""

    name = "chat"
    verbose_name = _("Chat")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Connect the signal handlers for changed accounts, and the queue of jobs."""
        from chat.domain import group_rooms, sessions
        from chat.jobs import port

        sessions.connect_signals()
        group_rooms.connect_signals()
        port.connect()
