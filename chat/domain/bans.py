"""Bans of guests, by their public id or by their address. For bans of accounts see `account_bans`.

A ban takes effect at once: every command of a guest checks it (see `access`), and the hubs close open sockets.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish_bans
from chat.models import GuestBan

from . import account_rules
from .errors import Banned, Invalid
from .guests import Guest
from .networks import UNKNOWN, place_of, range_of
from .record import record
from .types import AnyPerson

NETWORK_BANNED_FOR = timedelta(days=1)
MAX_NETWORK_BAN = timedelta(days=90)


@transaction.atomic
def ban_guest(
    *,
    guest_id: str,
    name: str = "",
    also_network: bool = False,
    until: datetime | None = None,
    reason: str = "",
    by: AnyPerson = None,
) -> GuestBan:
    """Ban a guest until a time; None for no end. `also_network`: also ban all guests of the networks in which they
    appear, for a day. A guest who is banned already gets this end and this reason.

    Raises Invalid with `field` for a guest without an id and for an end that is over, TooLong for the reason.
    """
    if not guest_id:
        raise Invalid(_("The guest who wrote this message is unknown."), field="guest_id")
    values = {
        "guest_name": name,
        "also_network": also_network,
        "until": account_rules.check_end(until),
        "reason": account_rules.check_reason(reason),
        "made_by": by,
    }
    ban, _made = GuestBan.objects.update_or_create(guest_id=guest_id, defaults=values)
    after = {"until": ban.until, "also_network": also_network}
    record(by, "guest.ban", ("guest", guest_id, name), after=after, reason=ban.reason)
    publish_bans()
    return ban


@transaction.atomic
def ban_network(*, address: str, until: datetime | None, reason: str = "", by: AnyPerson = None) -> GuestBan:
    """Ban all guests of an address (for IPv6, of its /64) or of a range like `192.0.2.0/24`, until a time.

    Raises Invalid with `field` for a text that is no address, for a range that is too wide (`networks.LARGEST_RANGE`),
    and for a time in the past or more than 90 days away; TooLong for the reason.
    """
    try:
        banned = range_of(address.strip())
    except ValueError:
        raise Invalid(_("This range is too wide: it begins at /16, for IPv6 at /32."), field="network") from None
    if banned is None:
        raise Invalid(_("This is not an IP address, and not a range like 192.0.2.0/24."), field="network")
    if until is None or not timezone.now() < until <= timezone.now() + MAX_NETWORK_BAN:
        raise Invalid(_("Choose a time within the next 90 days. Others may get this address later."), field="until")
    values = {
        "first": banned.first,
        "last": banned.last,
        "until": until,
        "reason": account_rules.check_reason(reason),
        "made_by": by,
    }
    ban, _made = GuestBan.objects.update_or_create(network=banned.name, defaults=values)
    record(by, "network.ban", ("network", banned.name, banned.name), after={"until": until}, reason=ban.reason)
    publish_bans()
    return ban


@transaction.atomic
def lift(*, ban: GuestBan, by: AnyPerson = None) -> None:
    """End a ban. `by`: for the record; None: who acts now by `acting`."""
    kind, key = ("guest", ban.guest_id) if ban.guest_id else ("network", ban.network)
    record(by, "ban.lift", (kind, key, ban.guest_name or key), before={"until": ban.until, "reason": ban.reason})
    ban.delete()


def check(guest: Guest) -> None:
    """Raise Banned if this guest is banned. One query."""
    if banned_among([(guest.id, guest.network)]):
        raise Banned


def banned_among(guests: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these guests, each an (id, network), who are banned. One query, and more if a network becomes banned."""
    columns = ("guest_id", "first", "last", "also_network", "made_by")
    bans = list(GuestBan.objects.in_force().values_list(*columns))
    if not bans:
        return set()
    ids = {guest_id: (also, by) for guest_id, _first, _last, also, by in bans if guest_id}
    ranges = [(first, last) for _id, first, last, _also, _by in bans if first]
    guests = set(guests)
    for guest_id, network in guests:
        also, by = ids.get(guest_id, (False, None))
        if also and network not in ("", UNKNOWN) and not _is_within(network, ranges):
            ban = _ban_network_of(network, by)
            ranges.append((ban.first, ban.last))
    return {(guest_id, network) for guest_id, network in guests if guest_id in ids or _is_within(network, ranges)}


def _is_within(network: str, ranges: list[tuple[str, str]]) -> bool:
    place = place_of(network)
    return bool(place) and any(first <= place <= last for first, last in ranges)


@transaction.atomic
def _ban_network_of(network: str, by: int | None) -> GuestBan:
    banned = range_of(network)
    assert banned is not None, network
    until = timezone.now() + NETWORK_BANNED_FOR
    values = {"first": banned.first, "last": banned.last, "until": until, "made_by_id": by}
    ban, _made = GuestBan.objects.update_or_create(network=network, defaults=values)
    publish_bans()
    return ban
