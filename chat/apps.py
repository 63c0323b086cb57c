"""The app's name and its start."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    """Group chat: see DESIGN in docs/."""

    name = "chat"
    verbose_name = _("Chat")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Keep to the rules of names, and listen for accounts that change, whoever changes them."""
        from chat.domain import handles, sessions

        handles.install()
        sessions.listen()
