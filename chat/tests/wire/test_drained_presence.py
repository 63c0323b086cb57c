"""Who was on a worker that ends is gone at once, not after the 30 seconds that a silent worker is waited for."""

import time

from chat.live.presence import SILENT_S
from chat.management.wire import Wire
from chat.tests.client import Client

from .asking import close_code


async def test_the_people_of_a_drained_worker_are_gone_at_once(make_site):
    site = make_site(workers=2, postgres=True, redis=True, DRAIN_S=5)
    first, second = site.workers
    async with Client(second.ws_url, site.sign_in("bob"), ["tea"]) as bob:
        # Not a client that comes back: someone who closes their laptop in the same moment.
        alice = await Wire.connect(first.ws_url, site.sign_in("alice"), lambda frame: None)
        await alice.ask("open", room="tea")
        await bob.hears("presence", "tea", online=2)
        began = time.monotonic()
        first.terminate()
        assert await close_code(alice) == 1012
        left = await bob.until(lambda: [f["left"] for f in bob.frames if f["type"] == "presence" and f["left"]])
        assert [you["user"]["name"] for you in left[0]] == ["alice"]
        assert time.monotonic() - began < SILENT_S / 3
