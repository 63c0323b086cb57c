"""The list of rooms, joining and leaving, and what the socket's address says to plain HTTP."""

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

from chat.domain import guests
from chat.models import Session
from chat.tests.views.pages import data_of

pytestmark = pytest.mark.django_db

# --- The list of rooms


def test_before_the_set_up_home_says_where_the_link_is(client, db):
    response = client.get("/")
    assert response.status_code == 200
    assert "log" in response.content.decode()
    assert not Session.objects.exists()


def test_each_sees_their_rooms_and_those_they_may_join(visit, harbour, garden, lobby, bob, charlie):
    response = visit(bob).get("/")
    assert [room["slug"] for room in data_of(response)["welcome"]["rooms"]] == ["garden", "harbour"]
    assert b"/rooms/lobby/join/" in response.content
    response = visit(charlie).get("/")
    assert data_of(response)["welcome"]["rooms"] == []
    assert b"/rooms/garden/join/" in response.content
    assert b"/rooms/harbour/" not in response.content


def test_a_visitor_is_sent_to_sign_in_when_there_is_nothing_to_see(visit, harbour, lobby):
    response = visit().get("/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert not Session.objects.exists()


def test_a_visitor_sees_what_is_open_to_guests(visit, garden, harbour):
    visitor = visit()
    data = data_of(visitor.get("/"))
    assert [room["slug"] for room in data["welcome"]["rooms"]] == ["garden"]
    name = data["welcome"]["you"]["guest"]["name"]
    assert guests.looks_like_guest(name)
    # The same guest on the next page, and another one in another browser.
    assert data_of(visitor.get("/"))["welcome"]["you"]["guest"]["name"] == name
    assert data_of(visit().get("/rooms/garden/"))["welcome"]["you"]["guest"]["name"] != name


def test_one_address_makes_only_so_many_guests(visit, garden, settings):
    settings.GUEST_RATE = 2
    known = visit()
    assert [known.get("/").status_code for _ in range(5)] == [200] * 5
    assert [visit().get("/").status_code for _ in range(2)] == [200, 429]
    response = visit().get("/rooms/garden/")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("unread", "mentions", "number", "label"),
    [
        (60, 0, "60", "Unread: 60"),
        (60, 1, "1", "Unread: 60, mentions of you: 1"),
        (1000, 0, "99+", "Unread: 1000"),
        (1000, 100, "99+", "Unread: 1000, mentions of you: 100"),
    ],
)
def test_a_badge_counts_mentions_when_there_are_some(unread, mentions, number, label):
    room = {"slug": "tea", "name": "Tea", "kind": "public", "unread": unread, "mentions": mentions}
    link = render_to_string("chat/_room_link.html", {"room": room})
    assert f">{number}</span></a>" in link
    assert f'aria-label="{label}"' in link
    assert ("unread mentioned" in link) is (mentions > 0)


# --- Joining and leaving


def test_charlie_joins_and_leaves_a_public_room(visit, garden, charlie):
    his = visit(charlie)
    assert his.post("/rooms/garden/join/")["Location"] == "/rooms/garden/"
    assert garden.memberships.filter(user=charlie).exists()
    assert his.post("/rooms/garden/leave/")["Location"] == "/"
    assert not garden.memberships.filter(user=charlie).exists()


def test_charlie_does_not_join_or_leave_what_he_does_not_see(visit, harbour, charlie):
    for verb in ("join", "leave"):
        assert visit(charlie).post(f"/rooms/harbour/{verb}/").status_code == 404
    assert harbour.memberships.count() == 2


def test_a_visitor_signs_in_before_joining(visit, garden):
    response = visit().post("/rooms/garden/join/")
    assert response["Location"] == "/accounts/login/?next=/rooms/garden/join/"


def test_joining_takes_a_form_of_ours(garden, charlie):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(charlie)
    assert strict.post("/rooms/garden/join/").status_code == 403
    assert strict.get("/rooms/garden/join/").status_code == 200
    assert not garden.memberships.filter(user=charlie).exists()
    assert not garden.memberships.filter(user=charlie).exists()


def test_pages_are_looked_at_and_not_posted_to(visit, garden, bob):
    for path in ("/", "/rooms/garden/"):
        assert visit(bob).post(path).status_code == 405


# --- The socket's address


def test_plain_http_is_told_to_upgrade(client):
    response = client.get("/chat")
    assert response.status_code == 426
    assert (response["Upgrade"], response["Connection"]) == ("websocket", "Upgrade")
    assert "WebSocket" in response.content.decode()
    assert response["Content-Type"].startswith("text/plain")
    assert not Session.objects.exists()
    assert settings.SESSION_COOKIE_NAME not in response.cookies
