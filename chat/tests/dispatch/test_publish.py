"""Events are dispatched after the commit, or never."""

import json
import logging

import pytest
from channels.layers import InMemoryChannelLayer
from django.db import transaction

from chat.dispatch import dispatcher, layer, publish
from chat.dispatch.envelope import Envelope
from chat.dispatch.seal import check_seal
from chat.models import Room
from chat.protocol import events
from chat.protocol.schema import Schema

BYE = events.Bye(reason="test", retry_after=1)


@pytest.fixture
def dispatched():
    """The envelopes that are dispatched to the hub, in a list."""
    envelopes = []
    dispatcher.connect(dispatcher.HUB, envelopes.append)
    yield envelopes
    dispatcher.disconnect(dispatcher.HUB)


@pytest.fixture
def sent(monkeypatch):
    """What is sent to the channel layer: (group, message)."""
    sent_messages = []

    class RecordingLayer(InMemoryChannelLayer):
        async def group_send(self, group, message):
            sent_messages.append((group, message))

    monkeypatch.setattr(layer, "get_channel_layer", RecordingLayer)
    return sent_messages


@pytest.mark.django_db(transaction=True)
def test_an_event_is_sent_after_the_commit(dispatched):
    with transaction.atomic():
        publish.publish(BYE)
        with transaction.atomic():
            publish.publish(BYE)
        assert dispatched == []
    assert [envelope.kind for envelope in dispatched] == ["bye", "bye"]


@pytest.mark.django_db(transaction=True)
def test_an_event_is_not_sent_if_its_transaction_is_rolled_back(dispatched):
    class Trouble(Exception):
        pass

    def fail():
        publish.publish(BYE)
        raise Trouble

    with transaction.atomic():
        with pytest.raises(Trouble), transaction.atomic():
            fail()
        publish.publish(events.Bye(reason="kept", retry_after=1))
    assert [json.loads(envelope.text)["reason"] for envelope in dispatched] == ["kept"]


@pytest.mark.django_db(transaction=True)
def test_a_function_that_creates_the_event_is_called_after_the_commit(dispatched):
    made = []

    def make():
        made.append(transaction.get_connection().in_atomic_block)
        return BYE

    with transaction.atomic():
        publish.publish(make)
        assert made == []
    assert made == [False]
    assert dispatched[0].text == BYE.encode()


@pytest.mark.django_db(transaction=True)
def test_an_envelope_has_the_event_and_whom_it_is_for(dispatched):
    room = Room.objects.create(slug="harbour", name="Harbour")
    publish.publish(BYE, room=room, version=7)
    publish.publish(BYE, users=[3, 4])
    assert dispatched == [
        Envelope("bye", BYE.encode(), "harbour", room.pk, 7, (), BYE),
        Envelope("bye", BYE.encode(), "", 0, 0, (3, 4), BYE),
    ]


@pytest.mark.django_db(transaction=True)
def test_an_event_is_encoded_once_for_all_receivers(dispatched, monkeypatch):
    encoded, others = [], []
    encode = Schema.encode
    monkeypatch.setattr(Schema, "encode", lambda event: encoded.append(event) or encode(event))
    dispatcher.connect("jobs", others.append)
    try:
        publish.publish(BYE)
    finally:
        dispatcher.disconnect("jobs")
    assert (encoded, dispatched) == ([BYE], others)
    assert others[0].event is BYE


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_fails_is_logged_and_does_not_stop_the_others(caplog):
    received = []

    def fail(_envelope):
        raise RuntimeError("out of order")

    dispatcher.connect(dispatcher.HUB, fail)
    dispatcher.connect("jobs", fail)
    dispatcher.connect("last", received.append)
    try:
        publish.publish(BYE)
    finally:
        for name in (dispatcher.HUB, "jobs", "last"):
            dispatcher.disconnect(name)
    assert [envelope.event for envelope in received] == [BYE]
    assert [record.args[0] for record in caplog.records] == ["hub", "jobs"]
    assert "out of order" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_is_disconnected_gets_nothing_more(dispatched):
    received = []
    dispatcher.connect("jobs", received.append)
    publish.publish(BYE)
    dispatcher.disconnect("jobs")
    publish.publish(BYE)
    assert (len(received), len(dispatched)) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_the_hub_comes_first_also_when_it_is_connected_last():
    """So that nothing delays what goes to the sockets of this process."""
    order = []
    dispatcher.connect("jobs", lambda _envelope: order.append("jobs"))
    dispatcher.connect(dispatcher.HUB, lambda _envelope: order.append("hub"))
    try:
        publish.publish(BYE)
    finally:
        dispatcher.disconnect("jobs")
        dispatcher.disconnect(dispatcher.HUB)
    assert order == ["hub", "jobs"]


@pytest.mark.django_db(transaction=True)
def test_a_hub_that_fails_does_not_undo_the_transaction(caplog):
    def fail(_envelope):
        raise RuntimeError("out of order")

    dispatcher.connect(dispatcher.HUB, fail)
    try:
        with transaction.atomic():
            Room.objects.create(slug="harbour", name="Harbour")
            publish.publish(BYE)
    finally:
        dispatcher.disconnect(dispatcher.HUB)
    assert Room.objects.filter(slug="harbour").exists()
    assert "out of order" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_process_without_a_hub_sends_to_the_channel_layer(sent):
    publish.publish(BYE, users=[3])
    ((group, message),) = sent
    assert group == "site"
    check_seal(message)
    assert message == {
        "type": "hub.message",
        "seal": message["seal"],
        "from": "",
        "events": [
            {"kind": "bye", "text": BYE.encode(), "room": "", "room_id": 0, "version": 0, "users": (3,), "guests": ()}
        ],
    }


@pytest.mark.django_db(transaction=True)
def test_a_layer_that_is_down_does_not_undo_the_transaction(monkeypatch, caplog):
    class Down(InMemoryChannelLayer):
        async def group_send(self, group, message):
            raise ConnectionError("nobody there")

    monkeypatch.setattr(layer, "get_channel_layer", Down)
    monkeypatch.setattr(layer, "_is_down", False)
    with caplog.at_level(logging.WARNING), transaction.atomic():
        Room.objects.create(slug="harbour", name="Harbour")
        publish.publish(BYE)
    assert Room.objects.filter(slug="harbour").exists()
    assert "nobody there" in caplog.text
