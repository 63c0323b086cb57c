"""What the hub counts, and whose name is on what it logs."""

from contextvars import ContextVar
from time import perf_counter

import pytest

from chat.events import publish
from chat.live.metrics import tally
from chat.tests.live.wires import open_room, post, texts, until

pytestmark = pytest.mark.django_db(transaction=True)

LONG_S = 100
"""Beyond the last bucket of the histogram."""


async def test_one_message_to_two_watchers_is_two_deliveries_and_one_delay(hub, arrive, harbour, alice, bob):
    hers, his = await arrive(alice), await arrive(bob)
    for connection in (hers, his):
        await open_room(hub, connection, "harbour")
    said, delivered, delays = tally.messages, tally.deliveries, sum(tally.delays)
    await post(harbour, alice, "Ahoy")
    await until(lambda: texts(hers.wire) == texts(his.wire) == ["Ahoy"])
    assert (tally.messages - said, tally.deliveries - delivered, sum(tally.delays) - delays) == (1, 2, 1)


async def test_an_event_that_waits_behind_a_hole_is_timed_from_its_arrival(hub, arrive, harbour, alice):
    hers = await arrive(alice)
    await open_room(hub, hers, "harbour")
    envelopes = []
    publish.attach(envelopes.append)
    for body in ("one", "two"):
        await post(harbour, alice, body)
    longest = tally.delays[-1]
    hub.deliver(envelopes[1], perf_counter() - LONG_S)
    hub.deliver(envelopes[0])
    await until(lambda: texts(hers.wire) == ["one", "two"])
    assert tally.delays[-1] - longest == 1


async def test_the_hubs_own_work_is_in_no_sockets_name(hub):
    name = ContextVar("name", default="nobody's")
    name.set("alice's")

    async def work():
        return name.get()

    assert await hub.spawn(work()) == "nobody's"
