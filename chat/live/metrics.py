"""Metrics of this process's hubs, for Prometheus.

Counted once for each event or flush, never once for each watcher. Plain numbers need no lock: only the event loop
writes them, and only a scrape reads them.
"""

from bisect import bisect_left
from itertools import accumulate
from time import perf_counter

from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from . import database

BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
FAN_OUT = (
    "Seconds from the arrival of an event in this worker (committed here, or received from the channel layer) until it "
    "is written to all its watchers on this worker. Counted once for each event of a room."
)


class Tally:
    """The counters of this process."""

    def __init__(self):
        self.messages = 0
        self.deliveries = 0
        self.gaps = 0
        self.delays = [0] * (len(BUCKETS_S) + 1)
        self.delay_s = 0.0

    def count_flush(self, frames, sockets: int) -> None:
        """Count frames that were written to this number of sockets."""
        self.deliveries += len(frames) * sockets
        now = perf_counter()
        for frame in frames:
            if frame.since:
                delay_s = now - frame.since
                self.delays[bisect_left(BUCKETS_S, delay_s)] += 1
                self.delay_s += delay_s


tally = Tally()


class HubCollector:
    """Reads the state of the hubs at each scrape."""

    def __init__(self, hubs):
        self._hubs = hubs

    def collect(self):
        """Yield the metrics."""
        yield CounterMetricFamily(
            "parley_messages", "Messages posted, edited, deleted or reacted to through this worker.", tally.messages
        )
        yield CounterMetricFamily(
            "parley_deliveries", "Frames of rooms that were written to sockets.", tally.deliveries
        )
        yield CounterMetricFamily(
            "parley_gaps_closed",
            "Gaps in the changes of a watched room that were closed from the database.",
            tally.gaps,
        )
        bounds = [*map(str, BUCKETS_S), "+Inf"]
        counts = list(zip(bounds, accumulate(tally.delays), strict=True))
        yield HistogramMetricFamily("parley_fan_out_seconds", FAN_OUT, counts, tally.delay_s)
        hubs = list(self._hubs())
        yield _gauge("parley_sockets_welcomed", "Connections that got their welcome.", hubs, _sockets)
        yield _gauge(
            "parley_people", "Users with a connection to this worker.", hubs, lambda hub: len(hub.roster.people)
        )
        yield _gauge(
            "parley_rooms_watched",
            "Rooms that someone connected to this worker has open.",
            hubs,
            lambda hub: len(hub.watches),
        )
        yield _gauge(
            "parley_layer_waiting",
            "Events that wait to be sent to the channel layer.",
            hubs,
            lambda hub: hub.relay.waiting,
        )
        yield _gauge("parley_unread_waiting", "Rooms whose unread messages wait to be counted.", hubs, _uncounted)
        waiting = GaugeMetricFamily(
            "parley_database_work_waiting", "Database calls of connections that wait for a thread."
        )
        waiting.add_metric([], database.waiting())
        yield waiting

    def describe(self):
        """Nothing, so that registering does not collect."""
        return ()


def register(hubs) -> None:
    """Export the metrics of the hubs that the function `hubs` returns. Call it once for each process."""
    REGISTRY.register(HubCollector(hubs))


def _sockets(hub) -> int:
    return len(hub.roster.connections)


def _uncounted(hub) -> int:
    return hub.unread.waiting


def _gauge(name: str, text: str, hubs: list, value) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text)
    family.add_metric([], sum(map(value, hubs)))
    return family
