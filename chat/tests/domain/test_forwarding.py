"""Forwarding a message to another room."""

import uuid

import pytest
from django.conf import settings

from chat.domain import forwarding, messages, rooms
from chat.domain.errors import Forbidden, NotFound, TooLong
from chat.models import Mention, Message
from chat.tests.attached import attach
from chat.tests.talk import post_message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]


@pytest.fixture
def hers(harbour, alice):
    """Alice's message in the harbour."""
    return post_message(harbour, alice, "High **tide**\nat nine, @bob")


def forward(message, room, by, **fields) -> Message:
    fields = {"client_id": uuid.uuid4()} | fields
    return forwarding.forward(message=message.pk, room=room.slug, by=by, **fields)


def test_bob_forwards_alices_message_with_a_comment(garden, hers, bob):
    made = forward(hers, garden, bob, comment="Look:")
    assert (made.room_id, made.author) == (garden.pk, bob)
    assert made.text.startswith(
        f"Look:\n\n↪ [alice]({settings.SITE_URL}/rooms/harbour/{hers.pk}/)\n> High **tide**\n> at"
    )
    assert f'href="{settings.SITE_URL}/rooms/harbour/{hers.pk}/"' in made.html
    assert "<blockquote>\n<p>High <strong>tide</strong>" in made.html


def test_a_forwarded_text_mentions_nobody(garden, hers, bob, alice):
    Mention.objects.all().delete()
    made = forward(hers, garden, alice)
    assert made.mentions is None
    assert not Mention.objects.exists()


def test_the_same_client_id_forwards_once(garden, hers, bob):
    client_id = uuid.uuid4()
    first = forward(hers, garden, bob, client_id=client_id)
    assert forward(hers, garden, bob, client_id=client_id).pk == first.pk
    assert Message.objects.filter(room=garden).count() == 1


def test_a_repeated_command_finds_what_it_forwarded_after_the_original_was_deleted(garden, hers, bob, alice):
    client_id = uuid.uuid4()
    first = forward(hers, garden, bob, client_id=client_id)
    messages.delete(message=hers.pk, by=alice)
    assert forward(hers, garden, bob, client_id=client_id).pk == first.pk
    with pytest.raises(NotFound):
        forward(hers, garden, bob)


def test_what_bob_cannot_see_he_cannot_forward(garden, harbour, hers, bob, charlie):
    with pytest.raises(NotFound):
        forward(hers, garden, charlie)
    rooms.remove(room=harbour, user=bob)
    with pytest.raises(NotFound):
        forward(hers, garden, bob)
    assert not Message.objects.filter(room=garden).exists()


def test_a_room_that_bob_cannot_write_in_gets_nothing(garden, hers, bob):
    rooms.set_role(room=garden, user=bob, role="reader")
    with pytest.raises(Forbidden):
        forward(hers, garden, bob)


def test_a_deleted_message_is_not_forwarded(garden, hers, alice):
    messages.delete(message=hers.pk, by=alice)
    with pytest.raises(NotFound):
        forward(hers, garden, alice)


def test_a_long_text_is_cut_and_the_comment_is_complete(harbour, garden, alice):
    long = post_message(harbour, alice, "x" * settings.CHAT_MAX_BODY)
    made = forward(long, garden, alice, comment="See " + "y" * 100)
    assert len(made.text) <= settings.CHAT_MAX_BODY
    assert made.text.startswith("See " + "y" * 100)
    assert made.text.endswith("x…")
    with pytest.raises(TooLong):
        forward(long, garden, alice, comment="y" * (settings.CHAT_MAX_BODY + 1))


def test_files_are_named(harbour, garden, alice):
    message = post_message(harbour, alice, "a chart")
    attach(message, b"a,b\n1,2\n", "sea_chart.csv")
    assert "> 📎 sea\\_chart.csv" in forward(message, garden, alice).text


def test_the_name_of_a_file_is_no_markdown(garden, harbour, alice):
    message = post_message(harbour, alice, "a chart")
    attach(message, b"a,b\n1,2\n", "[x](https:evil.example) *B*.csv")
    made = forward(message, garden, alice)
    assert "*B*.csv" in made.html
    assert "<em>" not in made.html
