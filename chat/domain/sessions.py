"""Who is behind a session: for sockets, which have a cookie and no request."""

from dataclasses import dataclass
from importlib import import_module
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user, get_user_model
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_save
from django.utils.crypto import constant_time_compare

from chat.events import shapes
from chat.events.publish import publish_account_change
from chat.models import Session
from chat.models.session_store import SessionStore

from . import bars, guests, lists, throttle, timeline


@dataclass(slots=True)
class Arrival:
    """A person who came: `token` is what of the account a sign-out elsewhere changes."""

    person: object
    session_key: str | None
    token: str
    welcome: shapes.Welcome


def arrive(session_key: str | None, address: str = "", resume: str | None = None) -> Arrival:
    """Find out who has this session, and what they are welcomed with. One query for a user who has a room, at most 7
    for anybody.

    Without a session, or with one that holds nobody, the person is a guest for as long as the socket lives, or as they
    come back with the `resume` token of their welcome.
    Raises SlowDown for one new guest too many of this address, Barred for a guest who may not come in.
    """
    person, token, kept, ahead = None, "", None, None
    if session_key:
        session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
        ahead = look_ahead(session)
        user = user_of(session)
        if user.is_authenticated:
            person, token, kept = user, user.password, session_key
        elif (guest := guests.kept_guest(session)) is not None:
            person, kept = guest, session_key
    if person is None and resume:
        person = guests.resumed(resume)
    if person is None:
        throttle.take_guest(address)
        person = guests.new_guest()
    if not person.is_authenticated:
        person = guests.at(person, address)
        bars.check(person)
    welcome = timeline.welcome(person, ahead)
    if kept is None:
        welcome.resume = guests.resume_token(person)
    return Arrival(person, kept, token, welcome)


def listen() -> None:
    """Tell the hubs of sign-outs, new passwords and deactivated accounts, also those that Django's own pages make."""
    user_logged_out.connect(_signed_out, dispatch_uid="chat.signed_out")
    post_save.connect(_account_saved, sender=get_user_model(), dispatch_uid="chat.account_saved")


def _signed_out(user, **kwargs) -> None:
    if user is not None:
        publish_account_change(user.pk)


def _account_saved(instance, created, update_fields, **kwargs) -> None:
    # A sign-in saves `last_login` alone: that concerns no socket.
    if not created and (update_fields is None or {"password", "is_active"} & set(update_fields)):
        if not instance.is_active:
            end_all(instance)
        publish_account_change(instance.pk)


def end_all(user) -> None:
    """Delete a user's sessions: their cookies are worth nothing any more, also when the account is opened again."""
    Session.objects.filter(user=user).delete()


def look_ahead(session) -> list | None:
    """Read a session that nobody has read yet together with its user and the rooms of their list: in one query, for
    what begins with all three. Returns rows as `lists.rooms_of` does, or None when nobody has it, or no room.

    The session may be no longer good for it: who they are is still asked of `user_of`.
    """
    if not isinstance(session, SessionStore) or not session.is_sound:
        return None
    rows = lists.rooms_of_session(session_key=session.session_key)
    if not rows:
        return None
    session.take(rows[0].session_data, lists.owner_of(rows[0]))
    return rows


def user_of(session):
    """The user of a Django session, or an AnonymousUser. What is not plainly right is left to Django's own `get_user`:
    old keys, other backends."""
    backend = session.get(BACKEND_SESSION_KEY)
    if backend == "django.contrib.auth.backends.ModelBackend" and backend in settings.AUTHENTICATION_BACKENDS:
        user, kept = getattr(session, "owner", None), session.get(HASH_SESSION_KEY, "")
        if (
            user is not None
            and user.is_active
            and user._meta.pk.value_to_string(user) == session[SESSION_KEY]
            and constant_time_compare(kept, user.get_session_auth_hash())
        ):
            return user
    return get_user(SimpleNamespace(session=session))
