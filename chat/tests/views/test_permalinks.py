"""The permalink of a message: the room's page with the messages around it, for those who may see the room."""

import pytest

from chat.domain import message_log, messages, reading, rooms
from chat.models import Message, Session
from chat.tests.talk import fill, post_message
from chat.tests.views.pages import data_of

pytestmark = pytest.mark.django_db


def test_a_permalink_opens_the_room_around_its_message(visit, harbour, alice, bob):
    fill(harbour, alice, 300)
    reading.read(room="harbour", user=bob, upto=300)
    message = Message.objects.get(room=harbour, seq=150)
    data = data_of(visit(bob).get(f"/rooms/harbour/{message.pk}/"))
    assert data["at"] == message.pk
    seqs = [each["seq"] for each in data["open"]["messages"]]
    assert (seqs[0], seqs[-1], len(seqs)) == (125, 174, message_log.PAGE)
    assert (data["open"]["more_before"], data["open"]["more_after"], data["open"]["at"]) == (True, True, 150)


def test_a_room_opens_around_its_first_unread_message(visit, harbour, alice, bob):
    fill(harbour, alice, 300)
    reading.read(room="harbour", user=bob, upto=100)
    data = data_of(visit(bob).get("/rooms/harbour/"))
    assert data["at"] is None
    assert [each["seq"] for each in data["open"]["messages"]] == list(range(76, 126))


def test_a_link_to_a_hidden_message_and_to_a_missing_one_give_the_same_page(visit, harbour, garden, alice, charlie):
    private, public = post_message(harbour, alice), post_message(garden, alice)
    gone = public.pk + 1
    his = visit(charlie)
    assert his.get(f"/rooms/garden/{public.pk}/").status_code == 200
    addresses = [
        f"/rooms/harbour/{private.pk}/",
        f"/rooms/harbour/{gone}/",
        f"/rooms/nowhere/{private.pk}/",
        f"/rooms/garden/{gone}/",
        # The room is public, the message is in a private one.
        f"/rooms/garden/{private.pk}/",
        "/rooms/garden/0/",
        f"/rooms/garden/{10**30}/",
    ]
    pages = [his.get(address) for address in addresses]
    assert {page.status_code for page in pages} == {404}
    assert (
        len({page.content.decode().replace(address, "…") for page, address in zip(pages, addresses, strict=True)}) == 1
    )


def test_the_link_to_a_deleted_message_opens_the_room(visit, harbour, alice, bob):
    message = post_message(harbour, alice)
    messages.delete(message=message.pk, by=alice)
    data = data_of(visit(bob).get(f"/rooms/harbour/{message.pk}/"))
    assert (data["at"], data["open"]["messages"][0]["deleted"]) == (message.pk, True)


def test_a_former_member_cannot_follow_a_link_any_more(visit, harbour, alice, bob):
    message = post_message(harbour, alice)
    rooms.remove(room=harbour, user=bob)
    assert visit(bob).get(f"/rooms/harbour/{message.pk}/").status_code == 404


def test_a_visitor_is_redirected_to_the_sign_in_page_for_any_link(visit, harbour, alice):
    message = post_message(harbour, alice)
    for path in (f"/rooms/harbour/{message.pk}/", f"/rooms/harbour/{message.pk + 1}/", "/rooms/nowhere/1/"):
        response = visit().get(path)
        assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={path}")
    assert not Session.objects.exists()


def test_a_visitor_can_follow_a_link_into_a_room_that_is_open_to_guests(visit, garden, alice):
    message = post_message(garden, alice)
    assert data_of(visit().get(f"/rooms/garden/{message.pk}/"))["at"] == message.pk
    assert visit().get(f"/rooms/garden/{message.pk + 1}/").status_code == 404
