"""What one worker says of itself on the live page: the numbers that it exports for Prometheus anyway."""

import heapq

from prometheus_client import REGISTRY

from . import last_errors

NUMBERS = {
    "sockets": "parley_sockets_welcomed",
    "people": "parley_people",
    "rooms": "parley_rooms_watched",
    "messages": "parley_messages_total",
    "deliveries": "parley_deliveries_total",
    "gaps": "parley_gaps_closed_total",
    "slow_readers": "parley_slow_readers_total",
    "unsent": "parley_unsent_bytes",
    "layer_waiting": "parley_layer_waiting",
    "database_waiting": "parley_database_work_waiting",
    "pages_waiting": "parley_http_waiting",
    "cpu_s": "process_cpu_seconds_total",
    "memory": "process_resident_memory_bytes",
}
"""Names on the page by those of the metrics."""
FAN_OUT = "parley_fan_out_seconds_bucket"
ROOMS_SHOWN = 10
ERRORS_SHOWN = 5

_NAMES = {metric: name for name, metric in NUMBERS.items()}


def sample(hub) -> dict:
    """Numbers (see NUMBERS), the cumulative counts of delays by bucket, the rooms with the most watchers, the last
    errors. About a millisecond; called once a second while somebody watches."""
    numbers: dict[str, float] = {}
    delays: list[float] = []
    for family in REGISTRY.collect():
        for one in family.samples:
            if one.name in _NAMES:
                numbers[_NAMES[one.name]] = one.value
            elif one.name == FAN_OUT:
                delays.append(one.value)
    watchers = ((len(watch), slug) for slug, watch in hub.watches.items())
    rooms = [[slug, count] for count, slug in heapq.nlargest(ROOMS_SHOWN, watchers)]
    errors = last_errors.newest(ERRORS_SHOWN)
    return {"started": hub.workers.started, "numbers": numbers, "delays": delays, "rooms": rooms, "errors": errors}
