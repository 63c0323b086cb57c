"""The list of rooms, joining and leaving, and plain HTTP at the address of the socket."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from chat.domain import guest_names, rooms
from chat.models import Session
from chat.tests.cast import PASSWORD, person
from chat.tests.views.pages import data_of

pytestmark = pytest.mark.django_db

# --- The list of rooms


def test_before_the_set_up_the_home_page_says_where_the_link_is(client, db):
    response = client.get("/")
    assert response.status_code == 200
    assert "log" in response.content.decode()
    assert not Session.objects.exists()


def test_a_person_sees_their_rooms_and_the_rooms_that_they_may_join(visit, harbour, garden, lobby, bob, charlie):
    response = visit(bob).get("/rooms/")
    assert [room["slug"] for room in data_of(response)["welcome"]["rooms"]] == ["garden", "harbour"]
    assert b"/rooms/lobby/join/" in response.content
    response = visit(charlie).get("/rooms/")
    assert data_of(response)["welcome"]["rooms"] == []
    assert b"/rooms/garden/join/" in response.content
    assert b"/rooms/harbour/" not in response.content


def test_a_visitor_is_redirected_to_the_sign_in_page_if_no_room_is_open_to_guests(visit, harbour, lobby):
    assert visit().get("/")["Location"] == "/rooms/"
    response = visit().get("/rooms/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert not Session.objects.exists()


def test_a_visitor_sees_the_rooms_that_are_open_to_guests(visit, garden, harbour):
    visitor = visit()
    data = data_of(visitor.get("/rooms/"))
    assert [room["slug"] for room in data["welcome"]["rooms"]] == ["garden"]
    name = data["welcome"]["you"]["guest"]["name"]
    assert guest_names.looks_like_guest(name)
    # The same guest on the next page; a different guest in another browser.
    assert data_of(visitor.get("/rooms/"))["welcome"]["you"]["guest"]["name"] == name
    assert data_of(visit().get("/rooms/garden/"))["welcome"]["you"]["guest"]["name"] != name


def test_new_guests_of_one_address_are_limited(visit, garden, settings):
    settings.GUEST_RATE = 2
    known = visit()
    assert [known.get("/rooms/").status_code for _ in range(5)] == [200] * 5
    assert [visit().get("/rooms/").status_code for _ in range(2)] == [200, 429]
    response = visit().get("/rooms/garden/")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


# --- The last room


def test_the_address_of_the_site_leads_to_the_room_of_the_last_visit(visit, harbour, garden, lobby, alice):
    hers = visit(alice)
    assert hers.get("/")["Location"] == "/rooms/"
    hers.cookies["parley_room"] = f"u{alice.pk}.garden"
    assert hers.get("/")["Location"] == "/rooms/garden/"
    phone = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36"}
    assert hers.get("/", headers=phone)["Location"] == "/rooms/"
    assert hers.get("/", headers={"Sec-CH-UA-Mobile": "?1"})["Location"] == "/rooms/"
    assert hers.get("/", headers=phone | {"Sec-CH-UA-Mobile": "?0"})["Location"] == "/rooms/garden/"


@pytest.mark.parametrize(
    "cookie", ["u{other}.garden", "u{own}.harbour", "u{own}.no-such", "u{own}.", "x", ".", "u{own}"]
)
def test_a_room_of_another_person_or_that_one_may_not_see_is_no_last_room(
    visit, harbour, garden, charlie, alice, cookie
):
    his = visit(charlie)
    his.cookies["parley_room"] = cookie.format(other=alice.pk, own=charlie.pk)
    assert his.get("/")["Location"] == "/rooms/"


def test_a_person_with_one_room_goes_there(visit, garden, harbour, charlie):
    his = visit(charlie)
    rooms.join(room=garden, user=charlie)
    assert his.get("/")["Location"] == "/rooms/garden/"
    rooms.archive(room=garden)
    assert his.get("/")["Location"] == "/rooms/"


def test_who_signs_in_goes_to_the_last_room(client, garden, harbour, set_up_site):
    person("erin", password=PASSWORD)
    rooms.join(room=garden, user=get_user_model().objects.get(handle="erin"))
    answer = client.post("/accounts/login/", {"username": "erin", "password": PASSWORD}, follow=True)
    assert [address for address, _status in answer.redirect_chain] == ["/", "/rooms/garden/"]


# --- Joining and leaving


def test_charlie_joins_and_leaves_a_public_room(visit, garden, charlie):
    his = visit(charlie)
    assert his.post("/rooms/garden/join/")["Location"] == "/rooms/garden/"
    assert garden.memberships.filter(user=charlie).exists()
    assert his.post("/rooms/garden/leave/")["Location"] == "/rooms/"
    assert not garden.memberships.filter(user=charlie).exists()


def test_charlie_can_neither_join_nor_leave_a_room_that_he_may_not_see(visit, harbour, charlie):
    for verb in ("join", "leave"):
        assert visit(charlie).post(f"/rooms/harbour/{verb}/").status_code == 404
    assert harbour.memberships.count() == 2


def test_a_visitor_must_sign_in_to_join(visit, garden):
    response = visit().post("/rooms/garden/join/")
    assert response["Location"] == "/accounts/login/?next=/rooms/garden/join/"


def test_joining_needs_a_csrf_token(garden, charlie):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(charlie)
    assert strict.post("/rooms/garden/join/").status_code == 403
    assert strict.get("/rooms/garden/join/").status_code == 200
    assert not garden.memberships.filter(user=charlie).exists()
    assert not garden.memberships.filter(user=charlie).exists()


def test_a_post_to_a_page_that_only_shows_something_is_refused(visit, garden, bob):
    for path in ("/", "/rooms/", "/rooms/garden/"):
        assert visit(bob).post(path).status_code == 405


# --- The address of the socket


def test_plain_http_at_the_address_of_the_socket_gets_426(client):
    response = client.get("/chat")
    assert response.status_code == 426
    assert (response["Upgrade"], response["Connection"]) == ("websocket", "Upgrade")
    assert "WebSocket" in response.content.decode()
    assert response["Content-Type"].startswith("text/plain")
    assert not Session.objects.exists()
    assert settings.SESSION_COOKIE_NAME not in response.cookies
