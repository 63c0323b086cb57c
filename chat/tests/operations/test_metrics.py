"""`/metrics`: the metrics of a worker, for the internal network."""

import json
import re

import pytest

from chat.tests.client import Client
from chat.tests.server.octets import frame, handshake
from chat.tests.server.raw import Raw
from chat.tests.services import Visitor, wait_until
from chat.tests.services.environment import ROOT

pytestmark = pytest.mark.core


def metrics(worker) -> dict[str, float]:
    """The metrics of a worker by name; with labels, the last one."""
    lines = Visitor(worker.url).get("/metrics").text.splitlines()
    return {re.split(r"[{ ]", line)[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


async def test_two_workers_count_what_alice_and_bob_do(make_site):
    site = make_site(workers=2, postgres=True, redis=True, CHAT_POST_RATE=0)
    first, second = site.workers
    people = (
        Client(first.ws_url, site.sign_in("alice"), rooms=["lobby"]),
        Client(second.ws_url, site.sign_in("bob"), rooms=["lobby"]),
    )
    async with people[0] as alice, people[1] as bob:
        for number in range(5):
            message = await alice.post_message("lobby", f"message {number}")
        await bob.until(lambda: message["id"] in bob.copies["lobby"].messages, "the last message")
        at_first, at_second = metrics(first), metrics(second)
    assert (at_first["parley_messages_total"], at_second["parley_messages_total"]) == (5, 0)
    for counted in (at_first, at_second):
        assert counted["parley_sockets"] == counted["parley_people"] == counted["parley_rooms_watched"] == 1
        assert counted["parley_deliveries_total"] >= 5
        assert 1 <= counted["parley_fan_out_seconds_count"] <= counted["parley_deliveries_total"]
        assert counted["parley_database_pool_connections"] >= 1
        assert counted["parley_slow_readers_total"] == counted["parley_draining"] == 0
    wait_until(lambda: metrics(first)["parley_sockets"] == 0)


async def test_a_slow_reader_is_counted(make_site):
    site = make_site(CHAT_POST_RATE=0, MAX_UNSENT=100_000)
    worker = site.workers[0]
    with Raw(worker.port, receive_buffer=4096) as bob:
        bob.send(handshake("/chat", f"Cookie: {site.cookie('bob')}")).head()
        bob.send(frame(1, json.dumps({"type": "open", "room": "lobby"}).encode()))
        async with Client(worker.ws_url, site.sign_in("alice"), rooms=["lobby"]) as alice:
            for _ in range(200):
                await alice.post_message("lobby", "x" * 8000)
                if metrics(worker)["parley_slow_readers_total"]:
                    break
        assert metrics(worker)["parley_slow_readers_total"] == 1


def test_a_request_through_a_proxy_gets_no_metrics(site):
    assert site.visitor().get("/metrics").status == 200
    for header in ("X_Forwarded_For", "X_Forwarded_Proto", "X_Forwarded_Host", "Forwarded"):
        assert site.visitor().get("/metrics", **{header: "x"}).status == 404


def test_the_dashboard_shows_existing_metrics(site):
    dashboard = json.loads((ROOT / "docs" / "grafana.json").read_text())
    shown = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"\b(?:parley|process)_\w+", target["expr"])
    }
    there = metrics(site.workers[0])
    assert len(shown) > 15
    assert shown <= there.keys()
    unseen = {name for name in there if name.startswith("parley_")} - shown
    assert all(re.search("_(created|sum|count|welcomed)$", name) for name in unseen), unseen
