"""The pages over all rooms: unread messages and mentions, with links into the rooms and buttons that mark as read."""

import pytest

from chat.domain import rooms, timeline
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db


def states(user):
    return {state.slug: (state.unread, state.mentions) for state in timeline.rooms_of(user)}


def test_the_page_of_unread_messages_links_to_each(visit, harbour, garden, alice, bob):
    first = post_message(harbour, alice, "Ahoy <b>there</b>")
    post_message(garden, alice, "Tea")
    text = visit(bob).get("/unread/").content.decode()
    assert f'href="/rooms/harbour/{first.pk}/"' in text
    assert "Ahoy &lt;b&gt;there&lt;/b&gt;" in text
    assert 'value="harbour:1"' in text
    assert 'value="garden:1"' in text
    assert "Mark all as read" in text


def test_bob_marks_rooms_as_read(visit, harbour, garden, alice, bob):
    post_message(harbour, alice)
    post_message(garden, alice)
    post_message(harbour, alice)
    his = visit(bob)
    response = his.post("/read/", {"room": ["harbour:1"], "next": "unread"})
    assert (response.status_code, response["Location"]) == (302, "/unread/")
    assert states(bob) == {"garden": (1, 0), "harbour": (1, 0)}
    his.post("/read/", {"room": ["harbour:3", "garden:1"]})
    assert states(bob) == {"garden": (0, 0), "harbour": (0, 0)}
    assert "All read" in his.get("/unread/").content.decode()


def test_the_page_of_mentions_marks_a_room_as_read_up_to_a_mention(visit, harbour, alice, bob):
    post_message(harbour, alice, "one @bob")
    second = post_message(harbour, alice, "two @bob")
    post_message(harbour, alice, "three @bob")
    his = visit(bob)
    text = his.get("/mentions/").content.decode()
    assert text.count("is-unread") == 3
    assert f'href="/rooms/harbour/{second.pk}/"' in text
    response = his.post("/read/", {"room": "harbour:2", "next": "mentions"})
    assert response["Location"] == "/mentions/"
    assert his.get("/mentions/").content.decode().count("is-unread") == 1
    assert states(bob) == {"harbour": (1, 1)}


def test_earlier_mentions_are_on_pages_of_their_own(visit, harbour, alice, bob):
    first, second = post_message(harbour, alice, "one @bob"), post_message(harbour, alice, "two @bob")
    text = visit(bob).get(f"/mentions/?before={second.pk}").content.decode()
    assert f"/rooms/harbour/{first.pk}/" in text
    assert f"/rooms/harbour/{second.pk}/" not in text
    for wrong in ("x", "-1", "٣", "9" * 40):
        assert visit(bob).get("/mentions/", {"before": wrong}).status_code == 200


def test_charlie_cannot_mark_a_private_room_as_read(visit, harbour, alice, charlie):
    post_message(harbour, alice)
    assert visit(charlie).post("/read/", {"room": "harbour:1"}).status_code == 404


@pytest.mark.parametrize("room", ["harbour", "harbour:", "harbour:x", "harbour:-1", ":1", "harbour:" + "9" * 30, "٣:٣"])
def test_bad_places_are_refused(visit, harbour, bob, room):
    assert visit(bob).post("/read/", {"room": room}).status_code in {400, 404}


def test_the_page_to_return_to_is_one_of_ours(visit, harbour, bob):
    assert visit(bob).post("/read/", {"next": "https://example.org/"})["Location"] == "/unread/"


@pytest.mark.parametrize("path", ["/unread/", "/mentions/"])
def test_visitors_are_redirected_to_the_sign_in_page(visit, garden, path):
    rooms.change(room=garden, guests="write")
    assert visit().get(path)["Location"] == f"/accounts/login/?next={path}"
    response = visit().post("/read/", {"room": "garden:1"})
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/read/")


def test_a_get_marks_nothing_as_read_and_leads_to_the_unread_messages(visit, harbour, alice, bob):
    post_message(harbour, alice)
    response = visit(bob).get("/read/?room=harbour:1")
    assert (response.status_code, response["Location"]) == (302, "/unread/")
    assert states(bob) == {"harbour": (1, 0)}
