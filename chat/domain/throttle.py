"""How often one address, or one account, may try: sign-in, set-up, invites, new passwords, new guests.

Counted on Django's cache, so across workers when that is Redis. Each limit is a sliding window made of two fixed
ones: what was counted in the last full window fades out while the present one fills. That costs two numbers an
address, where a list of times would grow with the attack. A refused try is not counted: `retry_after` is honest.
"""

import ipaddress
import logging
import math
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .errors import SlowDown

logger = logging.getLogger(__name__)

UNKNOWN = "unknown"
"""The network of what is no address."""
MINUTE_S = 60
HOUR_S = 60 * MINUTE_S

# The machine's own clock: workers on one machine share it, and a test puts its own here.
clock = time.time

# Counts for this process alone, while the shared cache does not answer: a broken Redis must neither let a
# guesser try as often as they like nor lock everyone out.
_fallback = LocMemCache("throttle", {"OPTIONS": {"MAX_ENTRIES": 10_000}})


_warned_at: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in any `per_s` seconds."""

    times: int
    per_s: int


@dataclass(frozen=True, slots=True)
class Rule:
    """What is counted under one name, and its limits: all of them hold."""

    name: str
    limits: tuple[Limit, ...]
    advice: object = ""
    """A sentence for who is refused, beside how long to wait."""


# Only what fails is counted here (see `give_back`): an office behind one address signs in each morning.
SIGN_IN = Rule("sign-in", (Limit(10, MINUTE_S), Limit(60, HOUR_S)))
SET_UP = Rule("set-up", (Limit(10, MINUTE_S), Limit(60, HOUR_S)))
INVITE = Rule("invite", (Limit(20, MINUTE_S), Limit(120, HOUR_S)))
PASSWORD_RESET = Rule("password-reset", (Limit(5, MINUTE_S), Limit(20, HOUR_S)))
NEW_PASSWORD = Rule("new-password", (Limit(10, MINUTE_S), Limit(60, HOUR_S)))
# By account. Strangers share one count, however many addresses they have; it is larger than that of one address, which
# alone cannot fill it. A browser that the account has signed in on has a count of its own, which no one else can fill:
# so nobody is locked out by others' tries.
SIGN_IN_BY_STRANGERS = Rule(
    "sign-in-by-strangers",
    (Limit(30, MINUTE_S), Limit(200, HOUR_S)),
    _(
        "Others may be guessing this password. A browser in which you have signed in before lets you in; so does a new "
        "password."
    ),
)
SIGN_IN_ON_DEVICE = Rule("sign-in-on-device", (Limit(10, MINUTE_S), Limit(60, HOUR_S)))
PASSWORD_CHANGE = Rule("password-change", (Limit(10, MINUTE_S), Limit(40, HOUR_S)))


@dataclass(frozen=True, slots=True)
class Turn:
    """A try that was let through. `give_back` makes it as if it had not been: for those that turn out harmless."""

    store: object
    keys: tuple[str, ...]

    def give_back(self) -> None:
        """Take the try off the count. Never raises: what follows it has already succeeded."""
        try:
            for key in self.keys:
                _add(self.store, key, -1, 0)
        except Exception:
            _warn("A try could not be given back.")


def take_guest(address: str) -> None:
    """Count one new guest of `address`: GUEST_RATE a minute, ten times that an hour; 0 lifts the limit.

    Raises SlowDown.
    """
    rate = settings.GUEST_RATE
    if rate:
        take(Rule("guest", (Limit(rate, MINUTE_S), Limit(10 * rate, HOUR_S))), address)


def take(rule: Rule, address: str) -> Turn:
    """Count one try of `address` under `rule`. Raises SlowDown with `retry_after`, in whole seconds, for one too many.

    Counted before it is judged, so that a hundred tries at the same moment do not all find room. With IPv6 the larger
    networks around it are counted as well: whoever has a /48 has 65,536 of /64.
    """
    return _count(rule, _networks(address))


def take_for(rule: Rule, who: str) -> Turn:
    """The same for what is not an address, such as an account: `who` names it, in a few characters of ASCII."""
    return _count(rule, [(who, 1)])


def _count(rule: Rule, whom: list[tuple[str, int]]) -> Turn:
    try:
        return _take(cache, rule, whom)
    except SlowDown:
        raise
    except Exception:
        _warn("The cache does not count tries; this process counts for itself.")
        return _take(_fallback, rule, whom)


def _warn(text: str) -> None:
    """Log the exception under way, each text once a minute: strangers set the pace."""
    now = time.monotonic()
    if now - _warned_at.get(text, -math.inf) >= MINUTE_S:
        _warned_at[text] = now
        logger.warning(text, exc_info=True)


def slow_mode_wait(room: int, network: str, slow_mode_s: int) -> float:
    """Seconds until guests of `network` (see `network_of`) may say something in a room with slow mode; 0.0 for now,
    and then it counts as said.

    Call it under the lock of the room's head: two calls at the same moment must not both be let through.
    """
    if network in ("", UNKNOWN):
        return 0.0
    if ":" in network:
        # A home has up to a /56: 256 of /64.
        network = str(ipaddress.ip_network((network, 56), strict=False))
    key = f"slow-mode:{room}:{network}"
    try:
        return _slow_mode_wait(cache, key, slow_mode_s)
    except Exception:
        _warn("The cache keeps no times of slow mode; this process keeps its own.")
        return _slow_mode_wait(_fallback, key, slow_mode_s)


def _slow_mode_wait(store, key: str, slow_mode_s: int) -> float:
    now_ms = int(clock() * 1000)
    wait_s = slow_mode_s - (now_ms - store.get(key, 0)) / 1000
    if wait_s <= 0:
        # An integer: the cache is shared, and holds nothing else.
        store.set(key, now_ms, slow_mode_s)
    return max(0.0, min(wait_s, slow_mode_s))


def _take(store, rule: Rule, whom: list[tuple[str, int]]) -> Turn:
    now = clock()
    keys, waits = [], []
    for who, times in whom:
        for limit in rule.limits:
            window, into_s = divmod(now, limit.per_s)
            stem = f"throttle:{rule.name}:{who}:{limit.per_s}"
            key = f"{stem}:{int(window)}"
            # The count is read as the last window's until the end of the next one.
            count = _add(store, key, 1, 2 * limit.per_s)
            last = store.get(f"{stem}:{int(window) - 1}", 0)
            keys.append(key)
            waits.append(_wait_s(Limit(times * limit.times, limit.per_s), last, count - 1, into_s))
    turn = Turn(store, tuple(keys))
    if wait := max(waits):
        turn.give_back()
        raise _slow_down(math.ceil(wait), rule.advice)
    return turn


def _wait_s(limit: Limit, last: int, count: int, into_s: float) -> float:
    """Seconds until one more fits: 0 is now. `last` and `count`: tries in the last and in the present window.

    `last` fades in a straight line: `into_s` seconds into the window, `1 - into_s / per_s` of it still counts.
    """
    room = limit.times - 1 - count
    if room >= 0:
        fits_at = limit.per_s * (1 - room / last) if last > room else 0
    else:
        # Full with this window's own: they first have to be the last one's, and then to fade.
        fits_at = limit.per_s * (2 - (limit.times - 1) / count)
    return max(0.0, fits_at - into_s)


def _add(store, key: str, number: int, keep_s: int) -> int:
    """Add to a counter, made on first use, in one step that no other worker can split. Gives the new count."""
    if number > 0 and store.add(key, number, keep_s):
        return number
    try:
        return store.incr(key, number)
    except ValueError:
        # Thrown out of a full cache since: start again, or there is nothing left to take back.
        if number > 0:
            store.set(key, number, keep_s)
        return max(number, 0)


WIDER = ((56, 2), (48, 4))
"""Prefixes that one customer may have (RFC 6177), and how many times as often such a network may try as a /64."""


def _networks(address: str) -> list[tuple[str, int]]:
    """Whom tries are counted for, and how many times the limit each has."""
    own = network_of(address)
    if ":" not in own:
        return [(own, 1)]
    wider = [(str(ipaddress.ip_network((own, bits), strict=False)), times) for bits, times in WIDER]
    return [(own, 1), *wider]


def network_of(address: str) -> str:
    """Whom an address stands for: itself or, with IPv6, its /64, the least that one customer is given (RFC 6177)."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)


def _slow_down(seconds: int, advice="") -> SlowDown:
    if seconds < 2 * MINUTE_S:
        detail = ngettext(
            "Too many tries. Wait %(seconds)d second, then try again.",
            "Too many tries. Wait %(seconds)d seconds, then try again.",
            seconds,
        ) % {"seconds": seconds}
    else:
        minutes = math.ceil(seconds / MINUTE_S)
        detail = ngettext(
            "Too many tries. Wait %(minutes)d minute, then try again.",
            "Too many tries. Wait %(minutes)d minutes, then try again.",
            minutes,
        ) % {"minutes": minutes}
    return SlowDown(f"{detail} {advice}".strip(), retry_after=seconds)
