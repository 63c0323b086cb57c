"""The page of the connection, `/wire/`."""

import pytest

from chat.models import Session
from chat.tests.views.pages import data_of

pytestmark = pytest.mark.django_db


def test_a_member_gets_the_page_of_the_connection(visit, harbour, bob):
    response = visit(bob).get("/wire/")
    assert response.status_code == 200
    assert data_of(response)["welcome"]["you"]["user"]["name"] == "bob"
    assert "no-store" in response["Cache-Control"]


def test_a_guest_gets_the_page_of_the_connection(visit, garden):
    response = visit().get("/wire/")
    assert response.status_code == 200
    assert data_of(response)["welcome"]["you"]["guest"]["name"]


def test_a_visitor_who_may_see_no_room_is_redirected_to_the_sign_in_page(visit, harbour):
    response = visit().get("/wire/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/wire/")
    assert not Session.objects.exists()


def test_only_the_page_of_the_connection_loads_its_script_and_style_sheets(visit, harbour, bob):
    files = ("chat/bundles/wire/app.js", "chat/bundles/wire.css")
    for path, is_loaded in (("/wire/", True), ("/", False), ("/rooms/harbour/", False)):
        html = visit(bob).get(path).content.decode()
        assert [file in html for file in files] == [is_loaded] * 2, path
