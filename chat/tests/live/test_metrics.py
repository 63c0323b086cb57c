"""What the hub counts, and the context of its tasks."""

from contextvars import ContextVar
from time import perf_counter

import pytest

from chat.dispatch import dispatcher
from chat.live.metrics import tally
from chat.tests.live.fake_sockets import open_room, post, texts, until

pytestmark = pytest.mark.django_db(transaction=True)

LONG_S = 100
"""Longer than the last bucket of the histogram."""


async def test_one_message_to_two_watchers_is_two_deliveries_and_one_delay(hub, connect_as, harbour, alice, bob):
    hers, his = await connect_as(alice), await connect_as(bob)
    for connection in (hers, his):
        await open_room(hub, connection, "harbour")
    posted, delivered, delays = tally.messages, tally.deliveries, sum(tally.delays)
    await post(harbour, alice, "Ahoy")
    await until(lambda: texts(hers.socket) == texts(his.socket) == ["Ahoy"])
    assert (tally.messages - posted, tally.deliveries - delivered, sum(tally.delays) - delays) == (1, 2, 1)


async def test_the_delay_of_an_event_behind_a_gap_counts_from_its_arrival(hub, connect_as, harbour, alice):
    hers = await connect_as(alice)
    await open_room(hub, hers, "harbour")
    envelopes = []
    dispatcher.connect(dispatcher.HUB, envelopes.append)
    for body in ("one", "two"):
        await post(harbour, alice, body)
    longest = tally.delays[-1]
    hub.delivery.deliver(envelopes[1], perf_counter() - LONG_S)
    hub.delivery.deliver(envelopes[0])
    await until(lambda: texts(hers.socket) == ["one", "two"])
    assert tally.delays[-1] - longest == 1


async def test_tasks_of_the_hub_do_not_inherit_the_context_of_a_connection(hub):
    name = ContextVar("name", default="nobody's")
    name.set("alice's")

    async def work():
        return name.get()

    assert await hub.spawn(work()) == "nobody's"
