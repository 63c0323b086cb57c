"""Guests are barred from the list of messages, or by their address."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chat.domain import bars, guests, rooms
from chat.domain.errors import Barred
from chat.models import GuestBar, Message
from chat.tests.cast import person
from chat.tests.talk import say

LIST, ADD = "/admin/chat/guestbar/", "/admin/chat/guestbar/add/"
GINA, GUS = (guests.Guest(key=digit * 32, name=name, network="192.0.2.1") for digit, name in ("9G", "8H"))


@pytest.fixture
def talk(set_up_site, alice):
    """What Alice, Gina twice and Gus said."""
    room = rooms.create(slug="garden", name="Garden", guests="write", by=alice)
    for author in (alice, GINA, GINA, GUS):
        say(room, author)


def is_barred(guest) -> bool:
    try:
        bars.check(guest)
    except Barred:
        return True
    return False


def act(browser, action: str):
    chosen = list(Message.objects.exclude(guest_id=GUS.id).values_list("pk", flat=True))
    return browser.post("/admin/chat/message/", {"_selected_action": chosen, "action": action}, follow=True)


def test_the_guests_who_said_the_chosen_messages_are_barred(doras, dora, talk):
    assert "1 guest was barred." in act(doras, "bar_guests").content.decode()
    bar = GuestBar.objects.get()
    assert (bar.guest_id, bar.guest_name, bar.also_network, bar.made_by) == (GINA.id, GINA.name, False, dora)
    assert (is_barred(GINA), is_barred(GUS)) == (True, False)
    assert GINA.name in doras.get(LIST).content.decode()
    doras.post(reverse("admin:chat_guestbar_delete", args=[bar.pk]), {"post": "yes"})
    assert not is_barred(GINA)


def test_with_their_addresses_it_is_their_neighbours_too_for_a_day(doras, talk):
    act(doras, "bar_guests_and_addresses")
    assert not is_barred(GUS)
    assert is_barred(GINA)  # Seen there: now the address is known.
    assert is_barred(GUS)
    assert GuestBar.objects.get(network="192.0.2.1").until - timezone.now() <= timedelta(days=1)


def test_who_may_not_bar_has_no_such_action(client, talk):
    staff = person("erin", is_staff=True)
    client.force_login(staff)
    act(client, "bar_guests")
    assert not GuestBar.objects.exists()


@pytest.mark.parametrize(
    ("given", "stored"), [("192.0.2.7", "192.0.2.7"), ("2001:db8::1", "2001:db8::"), ("::ffff:192.0.2.7", "192.0.2.7")]
)
def test_an_address_is_barred_for_a_time(doras, set_up_site, given, stored):
    until = timezone.now() + timedelta(hours=1)
    doras.post(ADD, {"network": given, "until_0": f"{until:%Y-%m-%d}", "until_1": f"{until:%H:%M:%S}"})
    assert GuestBar.objects.get().network == stored
    assert is_barred(guests.at(GUS, given))
    assert not is_barred(guests.at(GUS, "198.51.100.1"))
    GuestBar.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert not is_barred(guests.at(GUS, given))


@pytest.mark.parametrize(
    ("network", "days"), [("", 1), ("nowhere", 1), ("192.0.2.1", None), ("192.0.2.1", -1), ("192.0.2.1", 91)]
)
def test_what_is_wrong_is_refused(doras, set_up_site, network, days):
    until = timezone.now() + timedelta(days=days or 0)
    fields = {"until_0": f"{until:%Y-%m-%d}", "until_1": f"{until:%H:%M:%S}"} if days else {}
    doras.post(ADD, {"network": network, **fields})
    assert not GuestBar.objects.exists()
