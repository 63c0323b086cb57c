"""What Redis loses shows in the numbers."""

import re

import pytest

from chat.tests.client import Client
from chat.tests.services import Redis, Visitor, wait_until


def holes(worker) -> float:
    """How many holes this worker says it has filled."""
    return float(re.search(r"^parley_holes_filled_total (\S+)", Visitor(worker.url).get("/metrics").text, re.M)[1])


@pytest.mark.log_may_show("channel layer|Redis|redis")
async def test_bobs_worker_counts_a_hole_when_redis_was_away_while_alice_spoke(make_site, tmp_path):
    with Redis(tmp_path / "redis") as redis:
        site = make_site(workers=2, postgres=True, redis=redis, CHAT_POST_RATE=0)
        alices, bobs = site.workers
        async with (
            Client(alices.ws_url, site.sign_in("alice"), rooms=["lobby"]) as alice,
            Client(bobs.ws_url, site.sign_in("bob"), rooms=["lobby"]) as bob,
        ):
            assert (holes(alices), holes(bobs)) == (0, 0)
            redis.stop()
            said = await alice.say("lobby", "Is anyone there?")
            await bob.until(lambda: said["id"] in bob.copies["lobby"].messages, "what Redis did not carry")
            wait_until(lambda: holes(bobs))
