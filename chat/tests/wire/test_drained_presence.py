"""The people of a worker that ends leave presence at once, not after the 30 seconds for a silent worker."""

import time

from chat.live.presence import SILENT_S
from chat.management.protocol_connection import ProtocolConnection
from chat.tests.client import Client

from .asking import close_code


async def test_the_people_of_a_drained_worker_are_gone_at_once(make_site):
    site = make_site(workers=2, postgres=True, redis=True, DRAIN_S=5)
    first, second = site.workers
    async with Client(second.ws_url, site.sign_in("bob"), ["tea"]) as bob:
        # Not a client that reconnects: this one disconnects at the same moment.
        alice = await ProtocolConnection.connect(first.ws_url, site.sign_in("alice"), lambda frame: None)
        await alice.ask("open", room="tea")
        await bob.wait_for_frame("presence", "tea", online=2)
        began = time.monotonic()
        first.terminate()
        assert await close_code(alice) == 1012
        left = await bob.until(lambda: [f["left"] for f in bob.frames if f["type"] == "presence" and f["left"]])
        assert [you["user"]["name"] for you in left[0]] == ["alice"]
        assert time.monotonic() - began < SILENT_S / 3
