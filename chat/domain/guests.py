"""Guests: people without an account. They have a key that lasts as long as their session, and a name: from
the server, or one that they chose.

The key is a secret: who has it can act as the guest. Others see an id that is computed from it.
"""

import secrets
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from chat.models import Site

from . import display_names, guest_names, handles, networks
from .errors import Forbidden, Invalid

SESSION_KEY = "parley_guest"
_RESUME_SALT = "chat.guest.resume"
_BLOCK = 100
"""Numbers that a process reserves at once, so that not every guest needs a transaction."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A person without an account. Used like a user: `visible_to(guest)` returns the rooms that are open to guests."""

    key: str
    name: str
    network: str = field(default="", compare=False)  # Where they are now, see `networks.network_of`.
    is_authenticated = False
    pk = None

    @property
    def id(self) -> str:
        """The public id of this guest: 16 hexadecimal digits. The secret key cannot be computed from it."""
        return public_id(self.key)

    @property
    def place(self) -> str:
        """The place of their network, by which bans of ranges are found: see `networks.place_of`."""
        return networks.place_of(self.network)


def public_id(key: str) -> str:
    """The public id of the guest with this key."""
    return salted_hmac("chat.guest", key, algorithm="sha256").hexdigest()[:16]


def new_guest() -> Guest:
    """A new guest, with a new key and a name that no other guest ever had and no user has."""
    while True:
        name = guest_names.name_of(_numbers.take())
        if not handles.is_taken(name):
            return Guest(key=secrets.token_hex(16), name=name)


class _Numbers:
    """Numbers of new guests, counted in the database: unique over all workers."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._next = self._end = 0

    def take(self) -> int:
        """A number that was not used before."""
        if connection.in_atomic_block:
            # After a rollback others may get the same number, but then everything done with it was rolled back too.
            return Site.reserve_guest_numbers(1)
        with self._lock:
            if self._next == self._end:
                self._next = Site.reserve_guest_numbers(_BLOCK)
                self._end = self._next + _BLOCK
            self._next += 1
            return self._next - 1


_numbers = _Numbers()


def get_or_create_guest(session: Any) -> Guest:
    """The guest of a Django session. At first use it is created and stored in the session."""
    guest = get_guest(session)
    if guest is None:
        guest = new_guest()
        session[SESSION_KEY] = {"key": guest.key, "name": guest.name}
    return guest


def get_guest(session: Any) -> Guest | None:
    """The guest that is stored in a session, or None."""
    guest = session.get(SESSION_KEY)
    return Guest(key=guest["key"], name=guest["name"]) if guest else None


def rename(*, session: Any, name: str) -> Guest:
    """Give the guest of a session the name that they chose. Their messages keep the name that they were sent with.

    Raises Forbidden without a guest, Invalid(field="name") for a name that looks like that of a user, or is refused for
    another reason: see `display_names.clean`.
    """
    guest = get_guest(session)
    if guest is None:
        raise Forbidden
    name = display_names.clean(name, field="name")
    if not name:
        raise Invalid(_("Choose a name."), field="name")
    session[SESSION_KEY] = {"key": guest.key, "name": name}
    return replace(guest, name=name)


def resume_token(guest: Guest) -> str:
    """A token with which a program without cookies returns as the same guest, for as long as a session lasts. It is
    signed with SECRET_KEY, and it is a secret: who has it can act as the guest."""
    return signing.dumps([guest.key, guest.name], salt=_RESUME_SALT)


def guest_of_token(token: str) -> Guest | None:
    """The guest of a token. None if the token is invalid or too old."""
    try:
        key, name = signing.loads(token, salt=_RESUME_SALT, max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return None
    return Guest(key=key, name=name)


def with_address(guest: Guest, address: str) -> Guest:
    """The same guest with the network of this address."""
    return replace(guest, network=networks.network_of(address))
