"""The admin bans guests from the list of messages, or by address."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chat.domain import bans, guests, rooms
from chat.domain.errors import Banned
from chat.models import GuestBan, Message
from chat.tests.cast import person
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import post_message

LIST, ADD = "/admin/chat/guestban/", "/admin/chat/guestban/add/"
GINA, GUS = (guests.Guest(key=digit * 32, name=name, network="192.0.2.1") for digit, name in ("9G", "8H"))


@pytest.fixture
def talk(set_up_site, alice):
    """Messages of Alice, Gina (two) and Gus."""
    room = rooms.create(slug="garden", name="Garden", guests="write", by=alice)
    for author in (alice, GINA, GINA, GUS):
        post_message(room, author)


def is_banned(guest) -> bool:
    try:
        bans.check(guest)
    except Banned:
        return True
    return False


def run_action(browser, action: str):
    chosen = list(Message.objects.exclude(guest_id=GUS.id).values_list("pk", flat=True))
    return browser.post("/admin/chat/message/", {"_selected_action": chosen, "action": action}, follow=True)


def test_the_authors_of_selected_messages_are_banned_if_they_are_guests(doras, dora, talk):
    assert "1 guest was banned." in run_action(doras, "ban_guests").content.decode()
    ban = GuestBan.objects.get()
    assert (ban.guest_id, ban.guest_name, ban.also_network, ban.made_by) == (GINA.id, GINA.name, False, dora)
    assert (is_banned(GINA), is_banned(GUS)) == (True, False)
    assert GINA.name in doras.get(LIST).content.decode()
    doras.post(reverse("admin:chat_guestban_delete", args=[ban.pk]), {"post": "yes"})
    assert not is_banned(GINA)


def test_the_second_action_bans_all_guests_of_the_address_for_a_day(doras, talk):
    run_action(doras, "ban_guests_and_addresses")
    assert not is_banned(GUS)
    assert is_banned(GINA)  # The check of a banned guest bans the address.
    assert is_banned(GUS)
    assert GuestBan.objects.get(network="192.0.2.1").until - timezone.now() <= timedelta(days=1)


def test_staff_without_permission_cannot_ban_guests(client, talk):
    staff = person("erin", is_staff=True)
    client.force_login(staff)
    run_action(client, "ban_guests")
    assert not GuestBan.objects.exists()


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
    ],
)
def test_an_address_is_banned_until_a_time(doras, set_up_site, given, stored):
    until = timezone.now() + timedelta(hours=1)
    doras.post(ADD, {"network": given, "until": f"{until:%Y-%m-%dT%H:%M}", "reason": "Spam"})
    assert GuestBan.objects.get().network == stored
    assert is_banned(guests.with_address(GUS, given))
    assert not is_banned(guests.with_address(GUS, "198.51.100.1"))
    GuestBan.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert not is_banned(guests.with_address(GUS, given))


@pytest.mark.parametrize(
    ("network", "days"), [("", 1), ("nowhere", 1), ("192.0.2.1", None), ("192.0.2.1", -1), ("192.0.2.1", 91)]
)
def test_a_wrong_address_or_end_is_refused(doras, set_up_site, network, days):
    until = timezone.now() + timedelta(days=days or 0)
    fields = {"until": f"{until:%Y-%m-%dT%H:%M}"} if days else {"length": ""}
    doras.post(ADD, {"network": network, **fields})
    assert not GuestBan.objects.exists()


def test_a_guest_is_banned_from_a_link_with_a_reason_an_end_and_their_words(doras, dora, talk):
    address = f"{ADD}?guest={GINA.id}&named={GINA.name}"
    page = doras.get(address)
    assert GINA.name in page.text
    given = {"guest": GINA.id, "length": "3600", "reason": "Spam", "hours": "1"}
    assert "A job works on it" in doras.post(address, given, follow=True).text
    ban = GuestBan.objects.get()
    assert (ban.guest_id, ban.guest_name, ban.reason, ban.made_by) == (GINA.id, GINA.name, "Spam", dora)
    assert timedelta(minutes=59) < ban.until - timezone.now() <= timedelta(hours=1)
    run_jobs()
    assert list(Message.objects.exclude(text="").values_list("guest_id", flat=True)) == ["", GUS.id]


def test_a_range_of_addresses_is_banned(doras, set_up_site):
    doras.post(ADD, {"network": "192.0.2.0/24", "length": "86400"})
    assert GuestBan.objects.get().network == "192.0.2.0/24"
    assert is_banned(GINA)
    page = doras.post(ADD, {"network": "10.0.0.0/8", "length": "86400"}, follow=True)
    assert "too wide" in page.text
