"""What this process's hubs do, in numbers for Prometheus. Counted once an event or a flush, never once a watcher."""

from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily

from . import database

MESSAGES = Counter("parley_messages", "Messages said, edited, deleted or reacted to through this worker.")
DELIVERIES = Counter("parley_deliveries", "Frames of rooms that were written to sockets.")
HOLES = Counter("parley_holes_filled", "Holes in a watched room's changes that were closed from the database.")
FAN_OUT_S = Histogram(
    "parley_fan_out_seconds",
    "From the moment an event is handed out in this worker to that when it is written to all who watch its room here.",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)


class HubCollector:
    """Reads the state of the hubs when it is asked for."""

    def __init__(self, hubs):
        self._hubs = hubs

    def collect(self):
        """The metrics, as prometheus_client asks for them."""
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
