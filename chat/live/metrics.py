"""What this process's hubs do, in numbers for Prometheus.

Counted once an event or a flush, never once a watcher, and as plain numbers: only the loop counts, only a scrape reads.
"""

from bisect import bisect_left
from itertools import accumulate
from time import perf_counter

from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from . import database

BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
FAN_OUT = (
    "From the moment an event enters this worker (its own: committed; another's: taken from the channel layer) to that "
    "when it is written to all who watch its room here. One for each event of a room, however many watch."
)


class Tally:
    """What has happened in this process."""

    def __init__(self):
        self.messages = 0
        self.deliveries = 0
        self.holes = 0
        self.delays = [0] * (len(BUCKETS_S) + 1)
        self.delay_s = 0.0

    def flushed(self, frames, sockets: int) -> None:
        """These frames were written to so many sockets."""
        self.deliveries += len(frames) * sockets
        now = perf_counter()
        for frame in frames:
            if frame.since:
                delay_s = now - frame.since
                self.delays[bisect_left(BUCKETS_S, delay_s)] += 1
                self.delay_s += delay_s


tally = Tally()


class HubCollector:
    """Reads the state of the hubs when it is asked for."""

    def __init__(self, hubs):
        self._hubs = hubs

    def collect(self):
        """The metrics, as prometheus_client asks for them."""
        yield CounterMetricFamily(
            "parley_messages", "Messages said, edited, deleted or reacted to through this worker.", tally.messages
        )
        yield CounterMetricFamily(
            "parley_deliveries", "Frames of rooms that were written to sockets.", tally.deliveries
        )
        yield CounterMetricFamily(
            "parley_holes_filled", "Holes in a watched room's changes, closed from the database.", tally.holes
        )
        bounds = [*map(str, BUCKETS_S), "+Inf"]
        counts = list(zip(bounds, accumulate(tally.delays), strict=True))
        yield HistogramMetricFamily("parley_fan_out_seconds", FAN_OUT, counts, tally.delay_s)
        hubs = list(self._hubs())
        yield _gauge("parley_sockets_welcomed", "Sockets whose people are known.", hubs, _sockets)
        yield _gauge("parley_people", "Members with a socket here.", hubs, lambda hub: len(hub.roster.people))
        yield _gauge("parley_rooms_watched", "Rooms that someone here has open.", hubs, lambda hub: len(hub.watches))
        yield _gauge(
            "parley_layer_waiting", "Events that wait for the channel layer.", hubs, lambda hub: hub.relay.waiting
        )
        yield _gauge("parley_unread_waiting", "Rooms whose unread messages wait to be counted.", hubs, _uncounted)
        waiting = GaugeMetricFamily("parley_database_work_waiting", "Work of sockets that waits for a thread.")
        waiting.add_metric([], database.waiting())
        yield waiting

    def describe(self):
        """Nothing: so that registering does not ask for values."""
        return ()


def register(hubs) -> None:
    """Export the state of what the function `hubs` gives. Once a process."""
    REGISTRY.register(HubCollector(hubs))


def _sockets(hub) -> int:
    return len(hub.roster.connections)


def _uncounted(hub) -> int:
    return hub.unread.waiting


def _gauge(name: str, text: str, hubs: list, value) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text)
    family.add_metric([], sum(map(value, hubs)))
    return family
