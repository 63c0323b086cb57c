"""Every page of the admin refuses people whose account was closed, and staff whose rights were taken away.

The pages are enumerated: one that is added needs no row.
"""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern

from chat.domain import account_bans, accounts
from chat.tests.cast import person

pytestmark = pytest.mark.django_db
FOR_ALL_STAFF = {"", "login/", "logout/", "password_change/", "password_change/done/", "jsi18n/"}
FOR_EVERYONE = {"login/", "logout/", "jsi18n/"}
VALUES = {"<path:object_id>": "1", "<id>": "1", "<int:content_type_id>": "1", "<path:object_id>/": "1/"}


def addresses(patterns=None, prefix: str = "") -> list[str]:
    """The address of every page, with 1 for each of its arguments; without the last one, which answers 404."""
    found = []
    for pattern in admin.site.get_urls() if patterns is None else patterns:
        route = prefix + _filled(str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            found.append(route)
        else:
            found += addresses(pattern.url_patterns, route)
    return [route for route in found if "(" not in route and "^" not in route]


def _filled(route: str) -> str:
    parts = route.split("/")
    return "/".join("1" if part.startswith("<") else part for part in parts)


@pytest.fixture
def erin(set_up_site):
    """A superuser."""
    return person("erin", is_staff=True, is_superuser=True)


@pytest.fixture
def erins(client, erin):
    """Her browser."""
    client.force_login(erin)
    return client


def test_the_pages_are_found(erins):
    found = addresses()
    assert {"chat/room/", "chat/message/1/change/", "chat/recordedaction/export/", "autocomplete/"} <= set(found)
    assert erins.get("/admin/chat/room/").status_code == 200


@pytest.mark.parametrize(
    "loss", ["banned", "no staff any more", pytest.param("deactivated", marks=pytest.mark.extended)]
)
def test_whoever_is_no_active_staff_is_refused(erins, erin, dora, loss):
    if loss == "deactivated":
        accounts.deactivate(user=erin, by=dora)
    elif loss == "banned":
        account_bans.ban(user=erin, by=dora)
    else:
        type(erin).objects.filter(pk=erin.pk).update(is_staff=False)
    again = Client()
    again.force_login(erin)
    for browser in (erins, again):
        for address in addresses():
            if address not in FOR_EVERYONE:
                for response in (browser.get(f"/admin/{address}"), browser.post(f"/admin/{address}", {"post": "yes"})):
                    _check_refused(response, address)


def test_staff_without_any_permission_see_no_page_but_their_own(erins, erin, dora):
    type(erin).objects.filter(pk=erin.pk).update(is_superuser=False)
    followed = {}
    for address in addresses():
        if address not in FOR_ALL_STAFF:
            for response in (erins.get(f"/admin/{address}"), erins.post(f"/admin/{address}", {"post": "yes"})):
                # Some pages, of one object or of another page, redirect: most of them to the same one.
                if response.status_code == 302:
                    target = response["Location"]
                    response = followed[target] = followed.get(target) or erins.get(target, follow=True)
                    if response.request["PATH_INFO"] == "/admin/":
                        continue
                # 405: of a page that takes no POST, whoever asks.
                assert response.status_code in (403, 404, 405), (address, response.status_code)


def _check_refused(response, address: str) -> None:
    if response.status_code == 302:
        assert response["Location"].startswith(("/accounts/login/", "/admin/login/")), (address, response["Location"])
    else:
        assert response.status_code in (403, 404), (address, response.status_code)
