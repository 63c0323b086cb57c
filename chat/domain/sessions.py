"""Who is behind a session: for sockets, which have a cookie and no request."""

from dataclasses import dataclass
from importlib import import_module
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import get_user

from chat.events import shapes
from chat.models import Site

from . import guests, people, timeline


@dataclass(slots=True)
class Arrival:
    """A person who came: `token` is what of the account a sign-out elsewhere changes."""

    person: object
    session_key: str | None
    token: str
    welcome: shapes.Welcome


def arrive(session_key: str | None) -> Arrival:
    """Find out who has this session, and what they are welcomed with. At most 4 queries for a user.

    Without a session, or with one that holds nobody, the person is a guest for as long as the socket lives.
    """
    person, token, kept = None, "", None
    if session_key:
        session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
        user = get_user(SimpleNamespace(session=session))
        if user.is_authenticated:
            person, token, kept = user, user.password, session_key
        elif (guest := guests.kept_guest(session)) is not None:
            person, kept = guest, session_key
    if person is None:
        person = guests.new_guest()
    welcome = shapes.Welcome(
        epoch=Site.current().epoch,
        you=people.as_you(person),
        rooms=timeline.rooms_of(person),
        limits=shapes.Limits(body=settings.CHAT_MAX_BODY, rate=settings.CHAT_POST_RATE, burst=settings.CHAT_POST_BURST),
    )
    return Arrival(person, kept, token, welcome)
