"""Events that Redis loses show in the metrics."""

import re

import pytest

from chat.tests.client import Client
from chat.tests.services import Redis, Visitor, wait_until

pytestmark = pytest.mark.extended


def gaps_closed(worker) -> float:
    """The number of gaps that this worker has closed."""
    return float(re.search(r"^parley_gaps_closed_total (\S+)", Visitor(worker.url).get("/metrics").text, re.M)[1])


@pytest.mark.log_may_show("channel layer|Redis|redis")
async def test_bobs_worker_counts_a_gap_when_redis_was_down_while_alice_posted(make_site, tmp_path):
    with Redis(tmp_path / "redis") as redis:
        site = make_site(workers=2, postgres=True, redis=redis, CHAT_POST_RATE=0)
        alices, bobs = site.workers
        async with (
            Client(alices.ws_url, site.sign_in("alice"), rooms=["lobby"]) as alice,
            Client(bobs.ws_url, site.sign_in("bob"), rooms=["lobby"]) as bob,
        ):
            assert (gaps_closed(alices), gaps_closed(bobs)) == (0, 0)
            redis.stop()
            message = await alice.post_message("lobby", "Is anyone there?")
            await bob.until(lambda: message["id"] in bob.copies["lobby"].messages, "the message that Redis lost")
            wait_until(lambda: gaps_closed(bobs))
