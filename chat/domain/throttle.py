"""Rate limits by address or account: sign-in, set-up, invites, new passwords, new guests, direct rooms.

The counts are in Django's cache, which all workers share when it is Redis. Each limit is a sliding window, computed
from two fixed windows: the weight of the last one decreases while the present one fills. That needs two numbers per
address; a list of times would grow with an attack. Refused attempts are not counted, so that `retry_after` is correct.
"""

import ipaddress
import logging
import math
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .errors import SlowDown
from .networks import UNKNOWN, networks_of

logger = logging.getLogger(__name__)

MINUTE_S = 60
HOUR_S = 60 * MINUTE_S

# The machine's clock, which its workers share. Tests replace it.
clock = time.time

# Used while the shared cache does not answer, for this process alone: a broken Redis must neither allow unlimited
# guesses nor lock everyone out.
_fallback = LocMemCache("throttle", {"OPTIONS": {"MAX_ENTRIES": 10_000}})

_warned_at: dict[str, float] = {}
"""When each warning was logged last."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in any `per_s` seconds."""

    times: int
    per_s: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A name under which attempts are counted, and its limits. All of them apply."""

    name: str
    limits: tuple[Limit, ...]
    advice: object = ""
    """A sentence that is added to the error text."""


# Only failures stay counted (see `give_back`), because all people of an office may sign in from one address.
SIGN_IN = Rule("sign-in", (Limit(10, MINUTE_S), Limit(60, HOUR_S)))
SET_UP = Rule("set-up", (Limit(10, MINUTE_S), Limit(60, HOUR_S)))
INVITE = Rule("invite", (Limit(20, MINUTE_S), Limit(120, HOUR_S)))
PASSWORD_RESET = Rule("password-reset", (Limit(5, MINUTE_S), Limit(20, HOUR_S)))
NEW_PASSWORD = Rule("new-password", (Limit(10, MINUTE_S), Limit(60, HOUR_S)))
# By account. All unknown browsers share one count. Its limit is larger than that of one address, so that one address
# cannot reach it. A browser in which the account has signed in before has its own count, which nobody else can fill:
# the attempts of others do not lock it out.
SIGN_IN_BY_STRANGERS = Rule(
    "sign-in-by-strangers",
    (Limit(30, MINUTE_S), Limit(200, HOUR_S)),
    _(
        "Somebody may be guessing this password. Use a browser in which you have signed in before, or reset your "
        "password."
    ),
)
SIGN_IN_ON_DEVICE = Rule("sign-in-on-device", (Limit(10, MINUTE_S), Limit(60, HOUR_S)))
# By account: rooms and links stay, so a script must not make thousands.
NEW_ROOM = Rule("new-room", (Limit(20, MINUTE_S), Limit(100, HOUR_S)))
NEW_LINK = Rule("new-link", (Limit(20, MINUTE_S), Limit(100, HOUR_S)))
# By account. The same people always have the same room, so nobody needs many new ones.
DIRECT = Rule("direct", (Limit(20, MINUTE_S), Limit(200, HOUR_S)))
PASSWORD_CHANGE = Rule("password-change", (Limit(10, MINUTE_S), Limit(40, HOUR_S)))
# Checks of the site's own address, which the server makes for a page. One run at a time: `give_back` ends it.
SITE_CHECKS = Rule("site-checks", (Limit(3, MINUTE_S), Limit(20, HOUR_S)))
SITE_CHECKS_OF_ALL = Rule("site-checks-of-all", (Limit(10, MINUTE_S), Limit(100, HOUR_S)))
SITE_CHECKS_RUNNING = Rule(
    "site-checks-running", (Limit(1, MINUTE_S),), _("The server checks its address for somebody else now.")
)
ACCEPT_KEYS = Rule("accept-keys", (Limit(60, MINUTE_S),))
GUEST_NAME = Rule("guest-name", (Limit(10, MINUTE_S), Limit(60, HOUR_S)))
# By account. Each change is sent to everyone who is online.
PROFILE = Rule("profile", (Limit(20, MINUTE_S), Limit(120, HOUR_S)))
# By account; for guests by address.
UPLOAD = Rule("upload", (Limit(120, MINUTE_S), Limit(1000, HOUR_S)))

# By account: a page searches while its person types. For guests and visitors by address.
SEARCH = Rule("search", (Limit(150, MINUTE_S), Limit(2000, HOUR_S)))
SEARCH_OF_GUEST = Rule("search-of-guest", (Limit(60, MINUTE_S), Limit(600, HOUR_S)))


@dataclass(frozen=True, slots=True)
class Reservation:
    """An attempt that was allowed. `give_back` removes it from the counts, if it turns out to be harmless."""

    store: object
    keys: tuple[str, ...]

    def give_back(self) -> None:
        """Remove the attempt from the counts. Never raises, because the operation has already succeeded."""
        try:
            for key in self.keys:
                _add(self.store, key, -1, 0)
        except Exception:
            _warn("A counted attempt could not be removed.")


def take_guest(address: str) -> None:
    """Count one new guest from `address`: at most GUEST_RATE per minute, ten times that per hour; 0 is no limit.

    Raises SlowDown.
    """
    rate = settings.GUEST_RATE
    if rate:
        take(Rule("guest", (Limit(rate, MINUTE_S), Limit(10 * rate, HOUR_S))), address)


def take(rule: Rule, address: str) -> Reservation:
    """Count one attempt from `address`. Raises SlowDown with `retry_after` in whole seconds if a limit is reached.

    The attempt is counted before the check, so that a hundred attempts at the same moment cannot all pass. For IPv6 the
    larger networks that contain the address are counted too: a /48 contains 65,536 networks of /64.
    """
    return _count(rule, networks_of(address))


def take_for(rule: Rule, who: str) -> Reservation:
    """Like `take`, for something other than an address, such as an account. `who` is a short ASCII name."""
    return _count(rule, [(who, 1)])


def _count(rule: Rule, whom: list[tuple[str, int]]) -> Reservation:
    try:
        return _take(cache, rule, whom)
    except SlowDown:
        raise
    except Exception:
        _warn("The cache cannot count attempts; this process counts for itself.")
        return _take(_fallback, rule, whom)


def _warn(text: str) -> None:
    """Log the current exception. Each text at most once a minute, because strangers could fill the log."""
    now = time.monotonic()
    if now - _warned_at.get(text, -math.inf) >= MINUTE_S:
        _warned_at[text] = now
        logger.warning(text, exc_info=True)


def slow_mode_wait(room: int, network: str, slow_mode_s: int) -> float:
    """Seconds until guests of `network` (see `network_of`) may post in a room with slow mode. 0.0: they may post now,
    and the time of the post is stored.

    Call it under the lock of the room's head: of two calls at the same moment only one may return 0.0.
    """
    if network in ("", UNKNOWN):
        return 0.0
    if ":" in network:
        # One household may have a /56, which contains 256 networks of /64.
        network = str(ipaddress.ip_network((network, 56), strict=False))
    key = f"slow-mode:{room}:{network}"
    try:
        return _slow_mode_wait(cache, key, slow_mode_s)
    except Exception:
        _warn("The cache cannot store the times of slow mode; this process stores its own.")
        return _slow_mode_wait(_fallback, key, slow_mode_s)


def _slow_mode_wait(store: Any, key: str, slow_mode_s: int) -> float:
    now_ms = int(clock() * 1000)
    wait_s = slow_mode_s - (now_ms - store.get(key, 0)) / 1000
    if wait_s <= 0:
        # Milliseconds, because the cache stores integers only.
        store.set(key, now_ms, slow_mode_s)
    return float(max(0.0, min(wait_s, slow_mode_s)))


def _take(store: Any, rule: Rule, whom: list[tuple[str, int]]) -> Reservation:
    now = clock()
    keys, waits = [], []
    for who, times in whom:
        for limit in rule.limits:
            window, into_s = divmod(now, limit.per_s)
            stem = f"throttle:{rule.name}:{who}:{limit.per_s}"
            key = f"{stem}:{int(window)}"
            # Twice the window: the next window still reads this count.
            count = _add(store, key, 1, 2 * limit.per_s)
            last = store.get(f"{stem}:{int(window) - 1}", 0)
            keys.append(key)
            waits.append(_wait_s(Limit(times * limit.times, limit.per_s), last, count - 1, into_s))
    reservation = Reservation(store, tuple(keys))
    if wait := max(waits):
        reservation.give_back()
        raise _slow_down(math.ceil(wait), rule.advice)
    return reservation


def _wait_s(limit: Limit, last: int, count: int, into_s: float) -> float:
    """Seconds until one more attempt is allowed. `last` and `count`: attempts in the last and in this window.

    The weight of `last` decreases linearly: `into_s` seconds into this window it is `1 - into_s / per_s`.
    """
    left = limit.times - 1 - count
    if left >= 0:
        fits_at = limit.per_s * (1 - left / last) if last > left else 0
    else:
        # This window alone reaches the limit: it must first become the last window, whose weight then decreases.
        fits_at = limit.per_s * (2 - (limit.times - 1) / count)
    return max(0.0, fits_at - into_s)


def _add(store: Any, key: str, number: int, keep_s: int) -> int:
    """Add to a counter atomically; it is created at first use. Returns the new count."""
    if number > 0 and store.add(key, number, keep_s):
        return number
    try:
        return int(store.incr(key, number))
    except ValueError:
        # A full cache has evicted the counter: start again, or there is nothing to subtract from.
        if number > 0:
            store.set(key, number, keep_s)
        return max(number, 0)


def _slow_down(seconds: int, advice: Any = "") -> SlowDown:
    if seconds < 2 * MINUTE_S:
        detail = ngettext(
            "Too many attempts. Try again in %(seconds)d second.",
            "Too many attempts. Try again in %(seconds)d seconds.",
            seconds,
        ) % {"seconds": seconds}
    else:
        minutes = math.ceil(seconds / MINUTE_S)
        detail = ngettext(
            "Too many attempts. Try again in %(minutes)d minute.",
            "Too many attempts. Try again in %(minutes)d minutes.",
            minutes,
        ) % {"minutes": minutes}
    return SlowDown(f"{detail} {advice}".strip(), retry_after=seconds)
