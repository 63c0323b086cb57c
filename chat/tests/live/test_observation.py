"""An observation keeps and sends a bounded amount, however many frames pass."""

import asyncio
import json
from types import SimpleNamespace

import pytest

from chat.live import observation
from chat.live.observation import MAX_FRAMES, MAX_PINGS, MAX_UNSENT, Observation

SCOPE = {"path": "/chat", "headers": [], "subprotocols": ["chat"]}
TEXT, PING, PONG = 0x81, 0x89, 0x8A


class Socket:
    """Stands for the server's socket: collects the reports."""

    def __init__(self):
        self.pending = 0
        self.reports: list[dict] = []

    def observe(self, observer, forwarded_for):
        """Tell nothing about the request."""

    def write_unobserved(self, data: bytes) -> None:
        """Keep a report; its head has 2 or 4 bytes."""
        self.reports.append(json.loads(data[data.index(b"{") :]))


@pytest.fixture(autouse=True)
def short_wait(monkeypatch):
    monkeypatch.setattr(observation, "REPORT_EVERY_S", 0.01)


def passing(first: int, *, sent: bool = True, at: float = 0.0, payload: bytes = b""):
    """A frame without a mask, as project.server tells of it."""
    is_control = (first & 0x0F) >= 8
    return SimpleNamespace(
        sent=sent, at=at, head=bytes((first, 5)), length=5, payload=payload, opcode=first & 0x0F, is_control=is_control
    )


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def test_before_the_client_asks_few_frames_are_kept_and_none_is_sent():
    socket = Socket()
    seen = Observation(SCOPE, socket, "chat")
    for _ in range(1000):
        seen.frame(passing(TEXT))
    await asyncio.sleep(0.05)
    assert socket.reports == []
    seen.reply()
    await until(lambda: socket.reports)
    (report,) = socket.reports
    assert (len(report["frames"]), report["skipped"]) == (MAX_FRAMES, 1000 - MAX_FRAMES)
    assert report["sent"] == {"frames": 1000, "bytes": 7000}


async def test_frames_of_a_client_that_reads_slowly_are_counted_only():
    socket = Socket()
    seen = Observation(SCOPE, socket, "chat")
    seen.reply()
    seen.frame(passing(TEXT))
    socket.pending = MAX_UNSENT + 1
    seen.frame(passing(TEXT))
    await asyncio.sleep(0.05)
    assert socket.reports == []
    socket.pending = 0
    await until(lambda: socket.reports)
    (report,) = socket.reports
    assert (report["frames"], report["skipped"], report["sent"]["frames"]) == ([], 2, 2)


async def test_a_pong_without_its_ping_has_no_round_trip_and_pings_without_pongs_are_forgotten():
    socket = Socket()
    seen = Observation(SCOPE, socket, "chat")
    seen.reply()
    for number in range(MAX_PINGS + 1):
        seen.frame(passing(PING, payload=b"%d" % number))
    for number in (0, MAX_PINGS):
        seen.frame(passing(PONG, sent=False, at=0.25, payload=b"%d" % number))
    await until(lambda: socket.reports)
    assert [each["round_trip_ms"] for each in socket.reports[0]["frames"][-2:]] == [None, 250.0]


async def test_nothing_is_sent_after_the_connection_has_ended():
    socket = Socket()
    seen = Observation(SCOPE, socket, "chat")
    seen.reply()
    seen.frame(passing(TEXT))
    seen.stop()
    await asyncio.sleep(0.05)
    assert socket.reports == []
