"""Wherever a sign-in leads, there is a page."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user
from django.urls import URLResolver, get_resolver, reverse

from chat.domain import rooms
from chat.tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
EXAMPLES = {"slug": "garden", "token": "no-such-token", "uidb64": "MQ", "path": "x"}


def addresses(resolver=None, before="") -> list[str]:
    """Every address of the site but the admin's, with an example for each of its parts."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != admin.site.name:
                found += addresses(pattern, before + str(pattern.pattern))
        else:
            route = before + str(pattern.pattern)
            for name in pattern.pattern.converters:
                converter = route[: route.index(f"{name}>")].rpartition("<")[2]
                route = route.replace(f"<{converter}{name}>", EXAMPLES[name])
            found.append("/" + route)
    return found


def test_each_address_answers_get_with_a_page(erins, garden):
    asked = addresses()
    assert "/rooms/garden/leave/" in asked
    for address in asked:
        answer = erins.get(address)
        assert answer.status_code in {200, 302, 404, 426}, address
        assert answer.status_code == 302 or answer.content, address


@pytest.mark.parametrize("verb", ["join", "leave"])
def test_who_was_signed_out_amid_a_form_comes_to_its_button(client, erin, garden, verb):
    if verb == "leave":
        rooms.join(room=garden, user=erin)
    address = reverse(f"chat:{verb}", args=["garden"])
    sign_in = client.post(address)["Location"]
    answer = client.post(sign_in, {"username": "erin", "password": PASSWORD, "next": address}, follow=True)
    assert (answer.status_code, answer.request["PATH_INFO"]) == (200, address)
    assert '<form method="post"' in answer.text
    assert garden.memberships.filter(user=erin).exists() == (verb == "leave"), "GET changes nothing"
    client.post(address)
    assert garden.memberships.filter(user=erin).exists() == (verb == "join")


def test_a_link_to_join_shows_a_member_the_room_and_to_leave_a_stranger_home(erins, erin, garden):
    assert erins.get("/rooms/garden/leave/")["Location"] == reverse("chat:home")
    rooms.join(room=garden, user=erin)
    assert erins.get("/rooms/garden/join/")["Location"] == "/rooms/garden/"


@pytest.mark.parametrize("verb", ["join", "leave"])
def test_a_room_that_one_may_not_see_is_not_told_of(erins, harbour, verb):
    assert erins.get(f"/rooms/harbour/{verb}/").status_code == 404
    assert get_user(erins).is_authenticated
