"""`/metrics`: this worker's metrics in Prometheus's format. Requests that came through a proxy get 404."""

from django.db import connections
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

_PROXY_HEADERS = {b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip"}

PAGES_WAITING = Gauge("parley_http_waiting", "Requests that wait for a thread.")
PAGES_STUCK = Gauge("parley_http_stuck", "Threads that have been busy with one request for more than 15 seconds.")


def came_through_proxy(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether a request's headers (a scope's) show a proxy. Every common proxy adds one of them by default."""
    return any(name in _PROXY_HEADERS for name, _value in headers)


def page(headers: list[tuple[bytes, bytes]]) -> tuple[int, str, str]:
    """Status, text and content type of the response to a request with these headers."""
    if came_through_proxy(headers):
        return 404, "Not found.\n", "text/plain; charset=utf-8"
    return 200, generate_latest(REGISTRY).decode(), CONTENT_TYPE_LATEST


class PoolCollector(Collector):
    """The counters of psycopg's connection pool. All are 0 on SQLite, which has no pool."""

    GAUGES = {
        "pool_size": ("connections", "Connections to the database, busy or idle."),
        "pool_available": ("idle", "Idle connections."),
        "requests_waiting": ("waiting", "Threads that wait for a connection."),
    }
    COUNTERS = {
        "requests_wait_ms": ("wait_seconds", "Time that threads waited for connections.", 1000),
        "requests_errors": ("timeouts", "Times that no connection became free in time.", 1),
    }

    def describe(self):
        """No names in advance, so that registering does not query the database."""
        return []

    def collect(self):
        """Yield the metrics; a counter that the pool does not have yet is 0."""
        pool = getattr(connections["default"], "pool", None)
        stats = pool.get_stats() if pool else {}
        for key, (name, help_text) in self.GAUGES.items():
            yield GaugeMetricFamily(f"parley_database_pool_{name}", help_text, stats.get(key, 0))
        for key, (name, help_text, unit) in self.COUNTERS.items():
            yield CounterMetricFamily(f"parley_database_pool_{name}", help_text, stats.get(key, 0) / unit)


REGISTRY.register(PoolCollector())
