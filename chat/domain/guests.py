"""People without an account: a key that lasts as long as their session, and a name that the server gives.

The key is a secret: with it one is the guest. Everyone else knows the guest by an id that is made from it.
"""

import re
import secrets
from dataclasses import dataclass, field, replace
from threading import Lock

from django.conf import settings
from django.core import signing
from django.db import connection
from django.utils.crypto import salted_hmac

from chat.models import NameKey, Site

from . import names, throttle

SESSION_KEY = "parley_guest"
_RESUME_SALT = "chat.guest.resume"
_FIRST = (
    "Amber Brisk Calm Clever Dusty Early Gentle Golden Hazel Jolly "
    "Keen Lively Lucky Merry Mossy Nimble Quiet Silver Sunny Swift"
).split()
_SECOND = (
    "Badger Beaver Crane Dolphin Falcon Finch Fox Hare Heron Ibis "
    "Lark Lynx Marten Otter Owl Puffin Robin Seal Stork Wren"
).split()
_PAIRS = len(_FIRST) * len(_SECOND)
_STEP = 222_487
"""Numbers that follow each other give names that do not: it has no divisor in common with how many there are."""
_BLOCK = 100
"""Numbers that a process takes at once: a guest is not worth a transaction."""


def _alternatives(words) -> str:
    return "|".join(re.escape(names.look(word)) for word in words)


# Digits as they are in a look: 1 is like l, 0 like o.
_DIGIT = "[" + "".join({names.look(digit) for digit in "0123456789"}) + "]"
_GUESTLIKE = re.compile(
    rf"{names.look('guest')}s?{_DIGIT}*|({_alternatives(_FIRST)})({_alternatives(_SECOND)}){_DIGIT}{{2,}}"
)


@dataclass(frozen=True, slots=True)
class Guest:
    """A visitor. Asks like a user does: `visible_to(guest)` gives what the rooms' admins opened to guests."""

    key: str
    name: str
    network: str = field(default="", compare=False)  # Where they are now, see `throttle.network_of`.
    is_authenticated = False
    pk = None

    @property
    def id(self) -> str:
        """Who this guest is, for everyone: 16 hexadecimal digits, from which nobody finds the key."""
        return public_id(self.key)


def public_id(key: str) -> str:
    """The id of the guest with this key."""
    return salted_hmac("chat.guest", key, algorithm="sha256").hexdigest()[:16]


def new_guest() -> Guest:
    """A guest with a fresh key and a name that no other guest was ever given, and that no member has."""
    while True:
        name = name_of(_numbers.take())
        if not NameKey.objects.filter(key__in=names.keys(name)).exists():
            return Guest(key=secrets.token_hex(16), name=name)


def name_of(number: int) -> str:
    """The name of the guest with this number, counted from 0 over the life of the site: each number has its own."""
    digits = 3
    while number >= (many := _PAIRS * 9 * 10 ** (digits - 1)):
        number -= many
        digits += 1
    after, pair = divmod(number * _STEP % many, _PAIRS)
    first, second = divmod(pair, len(_SECOND))
    return f"{_FIRST[first]} {_SECOND[second]} {10 ** (digits - 1) + after}"


class _Numbers:
    """Numbers of new guests, counted in the database: no two workers give the same."""

    def __init__(self):
        self._lock = Lock()
        self._next = self._end = 0

    def take(self) -> int:
        """A number that was never given before."""
        if connection.in_atomic_block:
            # If that is rolled back, others may take the same number; then what was done with it is gone as well.
            return Site.count_guests(1)
        with self._lock:
            if self._next == self._end:
                self._next = Site.count_guests(_BLOCK)
                self._end = self._next + _BLOCK
            self._next += 1
            return self._next - 1


_numbers = _Numbers()


def guest_of(session) -> Guest:
    """The guest of a Django session, made and kept there on first use."""
    kept = kept_guest(session)
    if kept is None:
        kept = new_guest()
        session[SESSION_KEY] = {"key": kept.key, "name": kept.name}
    return kept


def kept_guest(session) -> Guest | None:
    """The guest that a session holds, if it holds one."""
    kept = session.get(SESSION_KEY)
    return Guest(key=kept["key"], name=kept["name"]) if kept else None


def resume_token(guest: Guest) -> str:
    """With this a program that keeps no cookies comes back as the same guest, for as long as a session lasts. Only who
    has the site's SECRET_KEY can make one; whoever has one is the guest."""
    return signing.dumps([guest.key, guest.name], salt=_RESUME_SALT)


def resumed(token: str) -> Guest | None:
    """The guest of a token; None when it is none, or too old."""
    try:
        key, name = signing.loads(token, salt=_RESUME_SALT, max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return None
    return Guest(key=key, name=name)


def at(guest: Guest, address: str) -> Guest:
    """The same guest, seen at this address."""
    return replace(guest, network=throttle.network_of(address))


def looks_like_guest(name: str) -> bool:
    """Whether people could take `name` for a guest's, its case and punctuation left aside: no member may have it."""
    return _GUESTLIKE.fullmatch(re.sub(r"[\W_]", "", names.look(name))) is not None
