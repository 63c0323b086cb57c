"""Guests who may not come in: barred by the id that everyone knows them by, or by their address.

A bar holds at once: every command of a guest asks for it (see `access`), and the hubs close the sockets that are open.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.events.publish import publish_bars
from chat.models import GuestBar

from . import throttle
from .errors import Barred, Invalid
from .guests import Guest

NETWORK_BARRED_FOR = timedelta(days=1)
LONGEST_OF_NETWORK = timedelta(days=90)


@transaction.atomic
def bar_guest(*, guest_id: str, name: str = "", also_network: bool = False, by=None) -> GuestBar:
    """Shut a guest out for good. `also_network`: also all guests of the addresses that they are seen at, for a day."""
    if not guest_id:
        raise Invalid(_("It is not known which guest said this."), field="guest_id")
    bar, _made = GuestBar.objects.update_or_create(
        guest_id=guest_id, defaults={"guest_name": name, "also_network": also_network, "made_by": by}
    )
    publish_bars()
    return bar


@transaction.atomic
def bar_network(*, address: str, until: datetime | None, by=None) -> GuestBar:
    """Shut out all guests of an address (of an IPv6 /64) for a time.

    Raises Invalid with `field` for what is no address, and for a time that is past or more than 90 days away.
    """
    network = throttle.network_of(address)
    if network == throttle.UNKNOWN:
        raise Invalid(_("This is not an IP address."), field="network")
    if until is None or not timezone.now() < until <= timezone.now() + LONGEST_OF_NETWORK:
        raise Invalid(_("Choose a time to come, at most 90 days away: others may get this address."), field="until")
    bar, _made = GuestBar.objects.update_or_create(network=network, defaults={"until": until, "made_by": by})
    publish_bars()
    return bar


def lift(*, bar: GuestBar) -> None:
    """Let them come in again."""
    bar.delete()


def check(guest: Guest) -> None:
    """Raise Barred when this guest may not come in. One query."""
    if barred_among([(guest.id, guest.network)]):
        raise Barred


def barred_among(guests: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these guests, each an (id, network), may not come in. One query, unless a network gets barred."""
    bars = list(GuestBar.objects.standing().values_list("guest_id", "network", "also_network", "made_by"))
    if not bars:
        return set()
    ids = {guest_id: (also, by) for guest_id, _network, also, by in bars if guest_id}
    networks = {network for _id, network, _also, _by in bars if network}
    guests = set(guests)
    for guest_id, network in guests:
        also, by = ids.get(guest_id, (False, None))
        if also and network not in networks | {"", throttle.UNKNOWN}:
            _bar_network_of(network, by)
            networks.add(network)
    return {(guest_id, network) for guest_id, network in guests if guest_id in ids or network in networks}


@transaction.atomic
def _bar_network_of(network: str, by: int | None) -> None:
    until = timezone.now() + NETWORK_BARRED_FOR
    GuestBar.objects.update_or_create(network=network, defaults={"until": until, "made_by_id": by})
    publish_bars()
