"""`/metrics`: this worker's numbers, in Prometheus's words. For those inside: not for whoever comes through a proxy."""

from django.db import connections
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

_FORWARDED = {b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip"}

PAGES_WAITING = Gauge("parley_http_waiting", "Requests that wait for a thread.")
PAGES_STUCK = Gauge("parley_http_stuck", "Threads that have been busy with one request for more than 15 seconds.")


def came_through_proxy(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether a request's headers (a scope's) say so. Any proxy says so by itself; whoever is inside need not."""
    return any(name in _FORWARDED for name, _value in headers)


def page(headers: list[tuple[bytes, bytes]]) -> tuple[int, str, str]:
    """Status, text and content type for a request with these headers; 404 for one that came through a proxy."""
    if came_through_proxy(headers):
        return 404, "Not here.\n", "text/plain; charset=utf-8"
    return 200, generate_latest(REGISTRY).decode(), CONTENT_TYPE_LATEST


class PoolNumbers(Collector):
    """The database's pool, as it counts itself; all 0 on SQLite, which has none."""

    GAUGES = {
        "pool_size": ("connections", "Connections to the database, busy or idle."),
        "pool_available": ("idle", "Connections that nobody uses."),
        "requests_waiting": ("waiting", "Threads that wait for a connection."),
    }
    COUNTERS = {
        "requests_wait_ms": ("wait_seconds", "Time that was waited for connections.", 1000),
        "requests_errors": ("timeouts", "Times that no connection came in time.", 1),
    }

    def describe(self):
        """No names in advance: registering asks no database."""
        return []

    def collect(self):
        """Yield them; what has not happened yet is 0."""
        pool = getattr(connections["default"], "pool", None)
        stats = pool.get_stats() if pool else {}
        for key, (name, help_text) in self.GAUGES.items():
            yield GaugeMetricFamily(f"parley_database_pool_{name}", help_text, stats.get(key, 0))
        for key, (name, help_text, unit) in self.COUNTERS.items():
            yield CounterMetricFamily(f"parley_database_pool_{name}", help_text, stats.get(key, 0) / unit)


REGISTRY.register(PoolNumbers())
