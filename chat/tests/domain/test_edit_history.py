"""The former texts of a message."""

import pytest

from chat.domain import edit_history, messages, sites
from chat.domain.errors import Forbidden, NotFound
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def his(harbour, bob):
    """Bob's message, edited twice."""
    message = post_message(harbour, bob, "one").pk
    messages.edit(message=message, by=bob, body="two")
    messages.edit(message=message, by=bob, body="three")
    return message


def texts(viewer, message) -> list[str]:
    return [form.text for form in edit_history.of_message(viewer, message)]


def test_author_and_moderators_see_the_former_texts(alice, bob, his):
    assert texts(bob, his) == texts(alice, his) == ["one", "two"]


def test_others_see_them_only_if_the_site_allows_it(harbour, alice, bob):
    hers = post_message(harbour, alice, "one").pk
    messages.edit(message=hers, by=alice, body="two")
    with pytest.raises(Forbidden):
        texts(bob, hers)
    sites.open_edit_history(on=True)
    assert texts(bob, hers) == ["one"]


def test_charlie_sees_none_of_a_private_room(charlie, his):
    sites.open_edit_history(on=True)
    with pytest.raises(NotFound):
        texts(charlie, his)


def test_a_deleted_message_has_no_former_texts(alice, bob, his):
    messages.delete(message=his, by=bob)
    for person in (alice, bob):
        with pytest.raises(NotFound):
            texts(person, his)


def test_the_last_twenty_edits_are_shown(harbour, bob):
    message = post_message(harbour, bob, "form 0").pk
    for number in range(1, 24):
        messages.edit(message=message, by=bob, body=f"form {number}")
    assert texts(bob, message) == [f"form {number}" for number in range(3, 23)]
