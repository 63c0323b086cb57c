"""A room's page: who sees it, and what its modules start with."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat.domain import log, messages, rooms
from chat.events import shapes
from chat.models import Session, Site
from chat.tests.cast import person
from chat.tests.domain.test_timeline import fill
from chat.tests.talk import say
from chat.tests.views.pages import data_of
from chat.views.rooms import PageData

pytestmark = pytest.mark.django_db


def test_bobs_page_brings_what_a_socket_would(visit, harbour, alice, bob):
    message = say(harbour, alice, "Ahoy @bob </script><script>alert(1)</script>")
    messages.react(message=message.pk, by=bob, emoji="👋", on=True)
    response = visit(bob).get("/rooms/harbour/")
    data = data_of(response)
    page = PageData.model_validate_json(json.dumps(data))
    assert data == json.loads(page.encode())
    assert type(page.welcome) is shapes.Welcome
    assert type(page.open) is shapes.OpenReply
    assert page.welcome.you.user.name == "bob"
    assert page.welcome.epoch == page.open.epoch == Site.current().epoch
    assert (page.open.room, page.open.after, page.open.upto, page.open.limited) == ("harbour", 0, 2, True)
    assert [(m.id, m.version, m.text) for m in page.open.messages] == [(message.pk, 2, message.text)]
    assert page.open.messages[0].reactions[0].people[0].name == "bob"
    assert (page.open.state.unread, page.open.state.mentions, page.open.state.role) == (1, 1, "member")
    assert (page.can_post, page.urls["socket"], page.urls["room"]) == (True, "/chat", "/rooms/__slug__/")
    assert b"<script>alert(1)" not in response.content
    assert response["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_a_page_has_the_last_50_messages(visit, harbour, alice):
    fill(harbour, alice, 60)
    opened = data_of(visit(alice).get("/rooms/harbour/"))["open"]
    assert [message["seq"] for message in opened["messages"]] == list(range(11, 61))
    assert len(opened["messages"]) == log.PAGE
    assert opened["more"]


def test_a_private_room_and_none_at_all_are_told_alike(visit, harbour, charlie, bob):
    pages = [visit(charlie).get(f"/rooms/{slug}/") for slug in ("harbour", "nowhere")]
    assert [page.status_code for page in pages] == [404, 404]
    first, second = (
        page.content.decode().replace(slug, "…") for page, slug in zip(pages, ("harbour", "nowhere"), strict=True)
    )
    assert first == second
    assert visit(bob).get("/rooms/harbour/").status_code == 200


def test_a_visitor_is_sent_to_sign_in_whatever_the_room(visit, harbour, lobby):
    for slug in ("harbour", "lobby", "nowhere"):
        response = visit().get(f"/rooms/{slug}/")
        assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next=/rooms/{slug}/")
    assert not Session.objects.exists()


@pytest.mark.parametrize(("opened", "can_post"), [("write", True), ("read", False)])
def test_a_visitor_reads_and_writes_where_guests_may(visit, garden, alice, opened, can_post):
    rooms.change(room=garden, guests=opened)
    say(garden, alice, "Ahoy")
    response = visit().get("/rooms/garden/")
    data = data_of(response)
    assert [message["text"] for message in data["open"]["messages"]] == ["Ahoy"]
    assert data["can_post"] == can_post
    assert data["open"]["state"]["role"] is None
    assert (b'<form id="compose" hidden>' in response.content) != can_post


def test_charlie_may_look_at_a_public_room_and_speak_there(visit, garden, charlie):
    data = data_of(visit(charlie).get("/rooms/garden/"))
    assert (data["can_post"], data["open"]["state"]["role"]) == (True, None)
    assert not garden.memberships.filter(user=charlie).exists()


@pytest.mark.parametrize("closing", ["archive", "reader"])
def test_where_bob_cannot_write_there_is_no_composer(visit, harbour, bob, closing):
    if closing == "archive":
        rooms.archive(room=harbour)
    else:
        rooms.set_role(room=harbour, user=bob, role="reader")
    response = visit(bob).get("/rooms/harbour/")
    assert not data_of(response)["can_post"]
    assert b'<form id="compose" hidden>' in response.content


def test_what_others_wrote_is_data_and_not_markup(visit, garden, alice, bob):
    evil = "</script><img src=x onerror=alert(1)>"
    rooms.change(room=garden, name=evil, topic=evil)
    say(garden, alice, evil)
    page = visit(bob).get("/rooms/garden/").content.decode()
    assert "<img src=x" not in page
    assert data_of(visit(bob).get("/rooms/garden/"))["open"]["state"]["name"] == evil


def test_the_token_of_its_forms_works_and_its_cookie_is_sent_once(garden, bob):
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob)
    first = client.get("/rooms/garden/")
    assert first.cookies["csrftoken"].value
    second = client.get("/rooms/garden/")
    assert not second.cookies
    token = re.search('name="csrfmiddlewaretoken" value="(.+?)"', second.content.decode())[1]
    assert client.post("/rooms/garden/leave/", {"csrfmiddlewaretoken": token}).status_code == 302
    assert not garden.memberships.filter(user=bob).exists()
    assert client.post("/rooms/garden/join/").status_code == 403
    assert {"Cookie", "Accept-Language", "Accept-Encoding"} == set(second["Vary"].split(", "))


def test_a_page_asks_the_database_a_fixed_number_of_times(visit, harbour, alice, bob):
    his = visit(bob)
    say(harbour, alice)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert his.get("/rooms/harbour/").status_code == 200
        return len(captured)

    queries()
    few = queries()
    fill(harbour, alice, 60)
    for number in range(20):
        member = person(f"sailor-{number}")
        rooms.join(room=harbour, user=member)
        rooms.create(slug=f"room-{number}", name=f"Room {number}", by=bob)
    for message in harbour.messages.order_by("-seq")[:10]:
        for member in harbour.members.all()[:10]:
            messages.react(message=message.pk, by=member, emoji="👋", on=True)
    assert queries() == few
