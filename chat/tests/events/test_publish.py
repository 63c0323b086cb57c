"""Events go out after the commit, or never."""

import json
import logging

import pytest
from channels.layers import InMemoryChannelLayer
from django.db import transaction

from chat.events import publish, shapes
from chat.events.seal import check_seal
from chat.models import Room

BYE = shapes.Bye(reason="test", retry_after=1)


@pytest.fixture
def attached():
    """The envelopes that this process's hub would get."""
    envelopes = []
    publish.attach(envelopes.append)
    yield envelopes
    publish.attach(None)


@pytest.fixture
def layer(monkeypatch):
    """A channel layer whose groups are only noted down: (group, message)."""
    sent = []

    class Noting(InMemoryChannelLayer):
        async def group_send(self, group, message):
            sent.append((group, message))

    monkeypatch.setattr(publish, "get_channel_layer", Noting)
    return sent


@pytest.mark.django_db(transaction=True)
def test_an_event_waits_for_the_commit(attached):
    with transaction.atomic():
        publish.publish(BYE)
        with transaction.atomic():
            publish.publish(BYE)
        assert attached == []
    assert [envelope.kind for envelope in attached] == ["bye", "bye"]


@pytest.mark.django_db(transaction=True)
def test_an_event_is_gone_with_its_transaction(attached):
    class Trouble(Exception):
        pass

    def fail():
        publish.publish(BYE)
        raise Trouble

    with transaction.atomic():
        with pytest.raises(Trouble), transaction.atomic():
            fail()
        publish.publish(shapes.Bye(reason="kept", retry_after=1))
    assert [json.loads(envelope.text)["reason"] for envelope in attached] == ["kept"]


@pytest.mark.django_db(transaction=True)
def test_an_event_may_be_made_after_the_commit(attached):
    made = []

    def make():
        made.append(transaction.get_connection().in_atomic_block)
        return BYE

    with transaction.atomic():
        publish.publish(make)
        assert made == []
    assert made == [False]
    assert attached[0].text == BYE.encode()


@pytest.mark.django_db(transaction=True)
def test_what_an_envelope_says(attached):
    room = Room.objects.create(slug="harbour", name="Harbour")
    publish.publish(BYE, room=room, version=7)
    publish.publish(BYE, users=[3, 4])
    assert attached == [
        publish.Envelope("bye", BYE.encode(), "harbour", room.pk, 7, ()),
        publish.Envelope("bye", BYE.encode(), "", 0, 0, (3, 4)),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_hub_that_fails_undoes_nothing(caplog):
    def fail(_envelope):
        raise RuntimeError("out of order")

    publish.attach(fail)
    try:
        with transaction.atomic():
            Room.objects.create(slug="harbour", name="Harbour")
            publish.publish(BYE)
    finally:
        publish.attach(None)
    assert Room.objects.filter(slug="harbour").exists()
    assert "out of order" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_process_without_sockets_tells_the_hubs_of_the_others(layer):
    publish.publish(BYE, users=[3])
    ((group, message),) = layer
    assert group == "site"
    check_seal(message)
    assert message == {
        "type": "hub.message",
        "seal": message["seal"],
        "from": "",
        "events": [{"kind": "bye", "text": BYE.encode(), "room": "", "room_id": 0, "version": 0, "users": (3,)}],
    }


@pytest.mark.django_db(transaction=True)
def test_a_layer_that_is_down_undoes_nothing(monkeypatch, caplog):
    class Down(InMemoryChannelLayer):
        async def group_send(self, group, message):
            raise ConnectionError("nobody there")

    monkeypatch.setattr(publish, "get_channel_layer", Down)
    monkeypatch.setattr(publish, "_layer_is_down", False)
    with caplog.at_level(logging.WARNING), transaction.atomic():
        Room.objects.create(slug="harbour", name="Harbour")
        publish.publish(BYE)
    assert Room.objects.filter(slug="harbour").exists()
    assert "nobody there" in caplog.text
