"""Identifies the person of a session. For sockets, which have a cookie and no Django request."""

from dataclasses import dataclass
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user, get_user_model
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_save
from django.utils.crypto import constant_time_compare

from chat.dispatch.publish import publish_account_change
from chat.models import Session
from chat.models.session_store import SessionStore
from chat.protocol import events

from . import bans, guests, profiles, room_lists, throttle, timeline
from .types import User


@dataclass(slots=True)
class SocketIdentity:
    """The person of a new socket. `token`: the password hash of the account; a change ends the socket."""

    person: object
    session_key: str | None
    token: str
    welcome: events.Welcome


def identify_socket(session_key: str | None, address: str = "", resume: str | None = None) -> SocketIdentity:
    """Identify the person of a session, and read their welcome. One query for a user who has a room, at most 8 for
    others.

    Without a session, or with one that has no person, the person is a new guest until the socket closes, or the guest
    of the `resume` token of an earlier welcome.
    Raises SlowDown for too many new guests of this address, Banned for a banned guest.
    """
    person, token, stored_key, rooms = None, "", None, None
    if session_key:
        session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
        rooms = read_with_rooms(session)
        user = user_of(session)
        if user.is_authenticated:
            person, token, stored_key = user, user.password, session_key
        elif (guest := guests.get_guest(session)) is not None:
            person, stored_key = guest, session_key
    if person is None and resume:
        person = guests.guest_of_token(resume)
    if person is None:
        throttle.take_guest(address)
        person = guests.new_guest()
    if not person.is_authenticated:
        person = guests.with_address(person, address)
        bans.check(person)
    welcome = timeline.welcome(person, rooms)
    if stored_key is None:
        welcome.resume = guests.resume_token(person)
    return SocketIdentity(person, stored_key, token, welcome)


def connect_signals() -> None:
    """Connect signal handlers that notify the hubs of sign-outs, new passwords and deactivated accounts. Signals,
    because Django's own pages make such changes too."""
    user_logged_out.connect(_signed_out, dispatch_uid="chat.signed_out")
    post_save.connect(_account_saved, sender=get_user_model(), dispatch_uid="chat.account_saved")


def _signed_out(user: User, **kwargs: Any) -> None:
    if user is not None:
        publish_account_change(user.pk)


def _account_saved(instance: User, created: bool, update_fields: Any, **kwargs: Any) -> None:
    if not created and (update_fields is None or {get_user_model().USERNAME_FIELD, "is_bot"} & set(update_fields)):
        profiles.account_changed(instance)
    # A sign-in saves only `last_login`, which concerns no socket.
    if not created and (update_fields is None or {"password", "is_active"} & set(update_fields)):
        if not instance.is_active:
            end_all(instance)
        publish_account_change(instance.pk)


def end_all(user: User) -> None:
    """Delete a user's sessions, so that their cookies stay invalid when the account is reactivated."""
    Session.objects.filter(user=user).delete()


def read_with_rooms(session: Any) -> list[Any] | None:
    """Read a session, its user and the rooms of their list by one query. The page of a room and a socket need all
    three; two queries cost a busy server a sixth more time for each page.

    Returns rows for `room_lists.rooms_of`; None for a session without a user, or a user without a room. The session may
    be invalid for its user: only `user_of` checks that.
    """
    if not isinstance(session, SessionStore) or not session.is_valid_key:
        return None
    rooms = room_lists.rooms_of_session(session_key=session.session_key)
    if rooms:
        session.use_row(rooms[0].session_data, room_lists.user_of_row(rooms[0]))
    return rooms or None


def user_of(session: Any) -> Any:
    """The user of a Django session, or an AnonymousUser. Rare cases are left to Django's `get_user`: old secret keys,
    other backends."""
    backend = session.get(BACKEND_SESSION_KEY)
    if backend == "django.contrib.auth.backends.ModelBackend" and backend in settings.AUTHENTICATION_BACKENDS:
        user, session_hash = getattr(session, "owner", None), session.get(HASH_SESSION_KEY, "")
        if (
            user is not None
            and user.is_active
            and user._meta.pk.value_to_string(user) == session[SESSION_KEY]
            and constant_time_compare(session_hash, user.get_session_auth_hash())
        ):
            return user
    request: Any = SimpleNamespace(session=session)
    return get_user(request)
