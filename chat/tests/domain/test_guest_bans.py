"""Bans of guests: by their public id, by address and by ranges of addresses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import bans, guests, networks, rooms
from chat.domain.errors import Banned, Invalid
from chat.models import GuestBan, Room

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def gina(address: str = "192.0.2.77") -> guests.Guest:
    return guests.with_address(guests.Guest(key="9" * 32, name="Gina"), address)


def sees_rooms(guest) -> bool:
    """Whether a guest sees the public room, by the two ways in which bans are checked."""
    try:
        bans.check(guest)
    except Banned:
        assert not Room.objects.visible_to(guest).exists()
        return False
    assert Room.objects.visible_to(guest).exists()
    return True


@pytest.fixture
def garden_room(set_up_site):
    """A room that guests see."""
    return rooms.create(slug="garden", name="Garden", guests="write")


@pytest.mark.parametrize(
    ("banned", "stored", "inside", "outside"),
    [
        ("192.0.2.77", "192.0.2.77", "192.0.2.77", "192.0.2.78"),
        ("192.0.2.77/32", "192.0.2.77", "192.0.2.77", "192.0.2.78"),
        (" 192.0.2.5/24 ", "192.0.2.0/24", "192.0.2.255", "192.0.3.0"),
        ("10.20.0.0/16", "10.20.0.0/16", "10.20.255.255", "10.19.255.255"),
        ("2001:db8::7", "2001:db8::", "2001:db8::ffff", "2001:db8:0:1::"),
        ("2001:db8:0:fe::/56", "2001:db8::/56", "2001:db8:0:ff::1", "2001:db8:0:100::1"),
        ("2001:db8::5/128", "2001:db8::", "2001:db8::6", "2001:db8:0:1::"),
    ],
)
def test_a_range_is_banned_with_its_ends_and_nothing_beside_it(garden_room, banned, stored, inside, outside):
    bans.ban_network(address=banned, until=timezone.now() + DAY)
    assert GuestBan.objects.get().network == stored
    assert not sees_rooms(gina(inside))
    assert sees_rooms(gina(outside))
    assert sees_rooms(gina("no address"))
    GuestBan.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert sees_rooms(gina(inside))


@pytest.mark.parametrize("text", ["", "nowhere", "192.0.2.0/33", "10.0.0.0/15", "0.0.0.0/0", "2001:db8::/31", "/24"])
def test_a_text_that_is_no_range_or_a_range_that_is_too_wide_is_refused(garden_room, text):
    with pytest.raises(Invalid) as caught:
        bans.ban_network(address=text, until=timezone.now() + DAY)
    assert caught.value.field == "network"
    assert not GuestBan.objects.exists()


def test_the_ban_of_a_guest_has_a_reason_and_an_end(garden_room, dora):
    bans.ban_guest(guest_id=gina().id, name="Gina", reason="Spam", until=timezone.now() + DAY, by=dora)
    ban = GuestBan.objects.get()
    assert (ban.reason, ban.guest_name, ban.made_by) == ("Spam", "Gina", dora)
    assert not sees_rooms(gina())
    GuestBan.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert sees_rooms(gina())
    with pytest.raises(Invalid):
        bans.ban_guest(guest_id=gina().id, until=timezone.now() - DAY)


def test_a_banned_guest_takes_their_address_along(garden_room):
    bans.ban_guest(guest_id=gina().id, also_network=True)
    assert not sees_rooms(gina("2001:db8::1"))
    neighbour = guests.with_address(guests.Guest(key="8" * 32, name="Gus"), "2001:db8::2")
    assert not sees_rooms(neighbour)


def test_places_are_ordered_like_addresses():
    addresses = ["0.0.0.0", "9.255.255.255", "10.0.0.0", "192.0.2.1", "255.255.255.255", "2001:db8::", "ff02::1"]
    places = [networks.place_of(address) for address in addresses]
    assert places == sorted(places)
    assert {len(place) for place in places} == {32}
    assert networks.place_of(networks.UNKNOWN) == ""
