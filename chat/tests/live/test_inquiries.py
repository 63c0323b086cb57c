"""Questions of one worker to all, the workers that each knows, and the board of the live page."""

import asyncio
import json
import logging

import pytest
from channels.layers import InMemoryChannelLayer

from chat.dispatch import layer as layer_module
from chat.domain import connections
from chat.live import figures, last_errors, received, relay
from chat.live.board import Board
from chat.live.hub import Hub
from chat.live.presence import SILENT_S
from chat.live.source import HubSource
from chat.live.workers import LOST_KEPT_S, Workers
from chat.tests.live.fake_sockets import connect, settle, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def two_hubs(monkeypatch):
    """Two hubs that are connected by a layer in memory."""
    layer = InMemoryChannelLayer()
    for module in (relay, layer_module):
        monkeypatch.setattr(module, "get_channel_layer", lambda: layer)
    hubs = [Hub(), Hub()]
    for hub in hubs:
        for work in hub.relay.tasks():
            hub.spawn(work)
    await until(lambda: all(hub.workers.others_alive() for hub in hubs), "they know each other")
    yield hubs
    for hub in hubs:
        for task in list(hub._tasks):
            task.cancel()
    await settle()


async def test_all_workers_answer_how_many_connections_somebody_has(two_hubs, alice, bob):
    first, second = two_hubs
    for hub in (first, second, second):
        connect(hub, alice)
    answers = await first.inquiries.ask("sockets", [alice.pk, bob.pk])
    assert answers[first.token]["sockets"] == {str(alice.pk): 1}
    assert answers[second.token]["sockets"] == {str(alice.pk): 2}
    answers = await first.inquiries.ask("connections")
    assert answers[second.token]["connections"] == 2
    assert first.inquiries.round_trip_s is not None


async def test_a_worker_that_does_not_answer_is_left_out(two_hubs):
    first, second = two_hubs
    for task in list(second._tasks):
        task.cancel()
    await settle()
    assert list(await first.inquiries.ask("connections", patience_s=0.05)) == [first.token]


async def test_the_figures_of_a_worker_are_valid_gossip(hub):
    answer = {"id": "1" * 16, "figures": json.loads(json.dumps(figures.sample(hub)))}
    received._GOSSIP.validate_python({"rooms": {}, "answer": answer})
    assert answer["figures"]["numbers"]["sockets"] == 0
    assert len(answer["figures"]["delays"]) == 13


@pytest.mark.parametrize(
    "gossip",
    [
        {"question": {"id": "1", "kind": "passwords", "users": []}},
        {"question": {"id": "1", "kind": "sockets", "users": list(range(201))}},
        {"answer": {"id": "1", "sockets": {"x": 1}}},
        {"answer": {"id": "1", "connections": -1}},
        {"worker": "w" * 121},
    ],
)
def test_wrong_questions_and_answers_are_no_gossip(gossip):
    with pytest.raises(ValueError, match="validation error"):
        received._GOSSIP.validate_python({"rooms": {}} | gossip)


def test_a_worker_is_lost_until_another_one_takes_its_place():
    workers = Workers("me")
    workers.note("one", {"hello": True, "worker": "north:7"}, 0.0)
    workers.check(SILENT_S)
    assert workers.lost() == []
    workers.check(SILENT_S + 1)
    assert [worker.name for worker in workers.lost()] == ["north:7"]
    assert workers.others_alive() == set()
    workers.note("two", {"hello": True, "worker": "north:8"}, SILENT_S + 2)
    assert workers.lost() == []
    assert workers.others_alive() == {"two"}


def test_a_worker_that_says_goodbye_is_not_lost():
    workers = Workers("me")
    workers.note("one", {"worker": "north:7"}, 0.0)
    workers.note("one", {"gone": True}, 1.0)
    workers.check(SILENT_S + 2)
    assert workers.lost() == []
    workers.check(2 * SILENT_S + 2)
    assert list(workers.others()) == []


def test_what_is_known_of_lost_workers_is_bounded():
    workers = Workers("me")
    for number in range(30):
        workers.note(f"token-{number}", {}, float(number))
    workers.check(200.0)
    assert len(workers.lost()) == 20
    workers.check(LOST_KEPT_S + 200.0)
    assert workers.lost() == []


async def test_the_board_shows_each_worker_and_stops_without_watchers(two_hubs, alice, harbour, monkeypatch):
    first, second = two_hubs
    monkeypatch.setattr("chat.live.board.EVERY_S", 0.05)
    hers = connect(second, alice)
    second.watches.begin(hers, "harbour")
    second.watches.start(hers, "harbour", harbour.pk, 0)
    board, texts = Board(first), []
    keep = texts.append
    board.watch(keep)
    await until(lambda: texts and json.loads(texts[-1])["rooms"], "the room is shown")
    shown = json.loads(texts[-1])
    assert {worker["id"]: worker["state"] for worker in shown["workers"]} == {
        first.token: "alive",
        second.token: "alive",
    }
    assert shown["rooms"] == [{"slug": "harbour", "name": "Harbour", "watchers": 1, "people": 0}]
    assert shown["jobs"]["failed"] == 0
    second.begin_drain()
    await until(lambda: json.loads(texts[-1])["workers"][1]["state"] == "ended", "it has ended")
    board.leave(keep)
    await until(lambda: board._task.done(), "nothing is asked without watchers")


async def test_a_page_gets_no_answer_from_a_loop_that_has_ended(hub, monkeypatch):
    ended = asyncio.new_event_loop()
    ended.close()
    monkeypatch.setattr(hub, "loop", ended)
    assert HubSource(hub).sockets_of([1]) == {}


def test_without_a_hub_nothing_is_known():
    connections.connect(None)
    assert connections.people_in(["harbour"]) == {}
    assert connections.sockets() is None
    assert connections.lost_workers() == []


def test_the_last_errors_are_kept_in_one_line_each():
    handler = last_errors.LastErrors()
    logger = logging.Logger("chat.pier")
    logger.addHandler(handler)
    try:
        raise ValueError("fog")
    except ValueError:
        logger.exception("The pier is closed.")
    newest = last_errors.newest(1)[0]
    assert (newest["logger"], newest["text"]) == ("chat.pier", "The pier is closed. · ValueError: fog")
