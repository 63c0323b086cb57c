"""The page of saved messages."""

import pytest

from chat.domain import messages, rooms, saved
from chat.models import SavedMessage
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db


def test_the_page_lists_what_bob_saved_with_links(visit, harbour, alice, bob):
    message = post_message(harbour, alice, "High <b>tide</b>")
    saved.save(message=message.pk, user=bob, on=True)
    text = visit(bob).get("/saved/").content.decode()
    assert f'href="/rooms/harbour/{message.pk}/"' in text
    assert "High &lt;b&gt;tide&lt;/b&gt;" in text
    assert "High" not in visit(alice).get("/saved/").content.decode()


def test_a_deleted_message_shows_no_text_and_can_be_removed(visit, harbour, alice, bob):
    message = post_message(harbour, alice, "High tide")
    saved.save(message=message.pk, user=bob, on=True)
    messages.delete(message=message.pk, by=alice)
    his = visit(bob)
    text = his.get("/saved/").content.decode()
    assert "High tide" not in text
    assert "This message was deleted." in text
    response = his.post("/saved/", {"remove": message.pk})
    assert (response.status_code, response["Location"]) == (302, "/saved/")
    assert not SavedMessage.objects.exists()


def test_messages_of_a_room_that_bob_was_removed_from_are_not_listed(visit, harbour, alice, bob):
    saved.save(message=post_message(harbour, alice, "High tide").pk, user=bob, on=True)
    rooms.remove(room=harbour, user=bob)
    assert "High tide" not in visit(bob).get("/saved/").content.decode()


@pytest.mark.parametrize("remove", ["", "x", "-1", "9" * 30])
def test_a_wrong_id_is_refused(visit, harbour, bob, remove):
    assert visit(bob).post("/saved/", {"remove": remove}).status_code == 400


def test_the_number_of_queries_does_not_grow(visit, harbour, alice, bob, django_assert_max_num_queries):
    his = visit(bob)
    for number in range(6):
        saved.save(message=post_message(harbour, alice).pk, user=bob, on=True)
        if number in (0, 5):
            with django_assert_max_num_queries(9):
                his.get("/saved/")
