"""Who may watch the live page of the admin, and what it shows from the database."""

from importlib import import_module

from django.conf import settings

from chat.models import Room

from . import sessions

PERMISSION = "chat.watch_live"


def may_watch(session_key: str | None) -> bool:
    """Whether the session is that of a staff user who may watch. A few queries."""
    if not session_key:
        return False
    user = sessions.user_of(import_module(settings.SESSION_ENGINE).SessionStore(session_key))
    return bool(user.is_authenticated and user.is_active and user.is_staff and user.has_perm(PERMISSION))


def names_of(slugs: list[str]) -> dict[str, str]:
    """The names of these rooms by slug, without direct rooms: nobody reads there who talks with whom."""
    rooms = Room.objects.filter(slug__in=slugs).exclude(kind=Room.Kind.DIRECT)
    return dict(rooms.values_list("slug", "name"))
