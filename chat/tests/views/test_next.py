"""Every URL that a sign-in can lead to answers GET with a page."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user
from django.urls import URLResolver, get_resolver, reverse

from chat.domain import rooms
from chat.tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
WITHOUT_A_PAGE = {
    "/wire/accept/": 400,
    "/wire/checks/": 405,
    "/rooms/garden/files/": 405,
    "/rooms/garden/files/1/": 405,
}
"""URLs that answer scripts, in JSON, and never with a redirect to the sign-in page; and their answer to a bare GET."""
EXAMPLES = {
    "slug": "garden",
    "draft": "1",
    "message": "1",
    "user_id": "1",
    "attachment": "1",
    "upload": "1",
    "name": "x",
    "token": "no-such-token",
    "uidb64": "MQ",
    "path": "x",
}


def addresses(resolver=None, before="") -> list[str]:
    """All URLs of the site except those of the admin, with an example value for each parameter."""
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


def test_every_url_answers_get_with_a_page(erins, garden):
    asked = addresses()
    assert "/rooms/garden/leave/" in asked
    for address in asked:
        if address in WITHOUT_A_PAGE:
            continue
        answer = erins.get(address)
        assert answer.status_code in {200, 302, 404, 426}, address
        assert answer.status_code == 302 or answer.content, address


def test_only_urls_for_scripts_have_no_page_and_none_of_them_asks_for_a_sign_in(erins):
    assert WITHOUT_A_PAGE.keys() <= set(addresses())
    for address, status in WITHOUT_A_PAGE.items():
        assert erins.get(address).status_code == status
    erins.logout()
    for address in WITHOUT_A_PAGE:
        for answer in (erins.get(address), erins.post(address)):
            assert answer.status_code in {401, 403, 405, 412}, address


@pytest.mark.parametrize(("form", "page"), [("read", "unread"), ("change_picture", "profile")])
def test_a_form_without_a_page_of_its_own_leads_to_its_page_after_the_sign_in(client, erin, form, page):
    sign_in = client.post(reverse(f"chat:{form}"))["Location"]
    asked = {"username": "erin", "password": PASSWORD, "next": reverse(f"chat:{form}")}
    answer = client.post(sign_in, asked, follow=True)
    assert (answer.status_code, answer.request["PATH_INFO"]) == (200, reverse(f"chat:{page}"))


@pytest.mark.parametrize("verb", ["join", "leave"])
def test_a_form_sent_while_signed_out_leads_to_its_button_after_the_sign_in(client, erin, garden, verb):
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


def test_the_join_page_redirects_members_to_the_room_and_the_leave_page_redirects_strangers_home(erins, erin, garden):
    assert erins.get("/rooms/garden/leave/")["Location"] == reverse("chat:home")
    rooms.join(room=garden, user=erin)
    assert erins.get("/rooms/garden/join/")["Location"] == "/rooms/garden/"


@pytest.mark.parametrize("verb", ["join", "leave"])
def test_the_join_and_leave_pages_of_a_hidden_room_are_not_found(erins, harbour, verb):
    assert erins.get(f"/rooms/harbour/{verb}/").status_code == 404
    assert get_user(erins).is_authenticated
