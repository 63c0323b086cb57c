"""The page of a room: who may see it, and its data block."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat.domain import message_log, messages, rooms
from chat.models import Session, Site
from chat.protocol import events, replies
from chat.templatetags import pages as page_tags
from chat.tests.cast import person
from chat.tests.talk import fill, post_message
from chat.tests.views.pages import data_of
from chat.views.page_data import PageData

pytestmark = pytest.mark.django_db


def test_the_data_block_has_what_a_socket_would_send_to_bob(visit, harbour, alice, bob):
    message = post_message(harbour, alice, "Ahoy @bob </script><script>alert(1)</script>")
    messages.react(message=message.pk, by=bob, emoji="👋", on=True)
    response = visit(bob).get("/rooms/harbour/")
    data = data_of(response)
    page = PageData.model_validate_json(json.dumps(data))
    assert data == json.loads(page.encode())
    assert type(page.welcome) is events.Welcome
    assert type(page.open) is replies.OpenReply
    assert page.welcome.you.user.name == "bob"
    assert page.welcome.epoch == page.open.epoch == Site.current().epoch
    assert (page.open.room, page.open.after, page.open.upto, page.open.limited) == ("harbour", 0, 2, True)
    assert [(m.id, m.version, m.text) for m in page.open.messages] == [(message.pk, 2, message.text)]
    assert page.open.messages[0].reactions[0].people[0].name == "bob"
    assert (page.open.state.unread, page.open.state.mentions, page.open.state.role) == (1, 1, "member")
    assert (page.open.can_post, page.urls.socket, page.urls.room) == (True, "/chat", "/rooms/__slug__/")
    assert b"<script>alert(1)" not in response.content
    assert response["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_the_page_is_ascii_whatever_the_names_and_messages_are(visit, harbour, alice, bob):
    rooms.change(room=harbour, name="港 Zoë")
    post_message(harbour, alice, "Grüße \N{GRINNING FACE}")
    response = visit(bob).get("/rooms/harbour/")
    assert response.content.isascii()
    assert b"<title>&#28207; Zo&#235; &middot; " in response.content
    assert data_of(response)["open"]["messages"][-1]["text"] == "Grüße \N{GRINNING FACE}"


def test_a_page_has_the_last_50_messages(visit, harbour, alice):
    fill(harbour, alice, 60)
    opened = data_of(visit(alice).get("/rooms/harbour/"))["open"]
    assert [message["seq"] for message in opened["messages"]] == list(range(11, 61))
    assert len(opened["messages"]) == message_log.PAGE
    assert opened["more_before"]


def test_a_hidden_room_and_a_missing_room_give_the_same_page(visit, harbour, charlie, bob):
    pages = [visit(charlie).get(f"/rooms/{slug}/") for slug in ("harbour", "nowhere")]
    assert [page.status_code for page in pages] == [404, 404]
    first, second = (
        page.content.decode().replace(slug, "…") for page, slug in zip(pages, ("harbour", "nowhere"), strict=True)
    )
    assert first == second
    assert visit(bob).get("/rooms/harbour/").status_code == 200


def test_a_visitor_is_redirected_to_the_sign_in_page_for_any_room(visit, harbour, lobby):
    for slug in ("harbour", "lobby", "nowhere"):
        response = visit().get(f"/rooms/{slug}/")
        assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next=/rooms/{slug}/")
    assert not Session.objects.exists()


@pytest.mark.parametrize(("opened", "can_post"), [("write", True), ("read", False)])
def test_a_visitor_can_read_or_write_as_the_room_allows_guests(visit, garden, alice, opened, can_post):
    rooms.change(room=garden, guests=opened)
    post_message(garden, alice, "Ahoy")
    response = visit().get("/rooms/garden/")
    data = data_of(response)
    assert [message["text"] for message in data["open"]["messages"]] == ["Ahoy"]
    assert data["open"]["can_post"] == can_post
    assert data["open"]["state"]["role"] is None
    assert (b'<form class="compose" hidden>' in response.content) != can_post


def test_charlie_can_read_and_write_in_a_public_room_without_joining(visit, garden, charlie):
    data = data_of(visit(charlie).get("/rooms/garden/"))
    assert (data["open"]["can_post"], data["open"]["state"]["role"]) == (True, None)
    assert not garden.memberships.filter(user=charlie).exists()


@pytest.mark.parametrize("closing", ["archive", "reader"])
def test_there_is_no_composer_where_bob_cannot_write(visit, harbour, bob, closing):
    if closing == "archive":
        rooms.archive(room=harbour)
    else:
        rooms.set_role(room=harbour, user=bob, role="reader")
    response = visit(bob).get("/rooms/harbour/")
    assert not data_of(response)["open"]["can_post"]
    assert b'<form class="compose" hidden>' in response.content


def test_texts_of_other_people_are_escaped(visit, garden, alice, bob):
    evil = "</script><img src=x onerror=alert(1)>"
    rooms.change(room=garden, name=evil, topic=evil)
    post_message(garden, alice, evil)
    page = visit(bob).get("/rooms/garden/").content.decode()
    assert "<img src=x" not in page
    assert data_of(visit(bob).get("/rooms/garden/"))["open"]["state"]["name"] == evil


def test_the_page_sets_the_csrf_cookie_once_and_contains_no_token(garden, bob):
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob)
    first = client.get("/rooms/garden/")
    token = first.cookies["csrftoken"].value
    second = client.get("/rooms/garden/")
    assert not second.cookies
    assert b"csrfmiddlewaretoken" not in second.content
    assert client.post("/rooms/garden/leave/", {"csrfmiddlewaretoken": token}).status_code == 302
    assert not garden.memberships.filter(user=bob).exists()
    assert client.post("/rooms/garden/join/").status_code == 403
    assert {"Cookie", "Accept-Language", "Accept-Encoding"} == set(second["Vary"].split(", "))


def test_cached_parts_never_mix_people_or_languages(visit, garden, alice, bob, charlie, settings, monkeypatch):
    """Parts of the page are cached. With and without the cache, each person gets the same page."""
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    alice.is_staff = True
    alice.save()
    rooms.set_role(room=garden, user=bob, role="reader")
    people = [(user, language) for user in (alice, bob, charlie, None) for language in ("en", "de")]

    def pages():
        return [browsers[person].get("/rooms/garden/", headers={"Accept-Language": person[1]}) for person in people]

    browsers = {person: visit(person[0]) for person in people}
    for browser in browsers.values():
        browser.get("/rooms/garden/")
    cached = [response.content.decode() for response in pages()]
    monkeypatch.setattr(page_tags, "_render_once", page_tags._render)
    assert cached == [response.content.decode() for response in pages()]
    assert len(set(cached)) == len(people)
    for (user, language), html in zip(people, cached, strict=True):
        assert f'<html lang="{language}"' in html
        assert ("/admin/" in html) == (user == alice)
        assert ('formaction="/accounts/logout/"' in html) == (user is not None)
        assert ('<form class="compose" hidden>' in html) == (user == bob)


def test_the_number_of_queries_does_not_depend_on_rooms_members_and_messages(visit, harbour, alice, bob):
    his = visit(bob)
    post_message(harbour, alice)

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
    # The session with the rooms, this room (Bob is no member), its messages, their reactions.
    assert few == 4
