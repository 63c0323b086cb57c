"""`/metrics`: this worker's numbers, in Prometheus's words. For those inside: not for whoever comes through a proxy."""

from django.db import connections
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

_FORWARDED = {b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip"}

PAGES_WAITING = Gauge("parley_http_waiting", "Requests that wait for a thread.")


def page(headers: list[tuple[bytes, bytes]]) -> tuple[int, str, str]:
    """Status, text and content type for a request with these headers; 404 for one that came through a proxy."""
    if any(name in _FORWARDED for name, _value in headers):
        return 404, "Not here.\n", "text/plain; charset=utf-8"
    return 200, generate_latest(REGISTRY).decode(), CONTENT_TYPE_LATEST


class PoolNumbers(Collector):
    """The database's pool, where there is one (PostgreSQL), as it counts itself."""

    GAUGES = {
        "pool_size": ("parley_database_connections", "Connections to the database, busy or idle."),
        "pool_available": ("parley_database_connections_idle", "Connections that nobody uses."),
        "pool_max": ("parley_database_connections_limit", "Connections that there may be."),
        "requests_waiting": ("parley_database_waiting", "Threads that wait for a connection."),
    }
    COUNTERS = {
        "requests_num": ("parley_database_requests", "Times that a connection was asked for.", 1),
        "requests_wait_ms": ("parley_database_wait_seconds", "Time that was waited for connections.", 1000),
        "requests_errors": ("parley_database_request_errors", "Times that none came in time.", 1),
        "connections_errors": ("parley_database_connection_errors", "Connections that could not be made.", 1),
    }

    def describe(self):
        """No names in advance: registering asks no database."""
        return []

    def collect(self):
        """Yield them; what has not happened yet is 0."""
        pool = getattr(connections["default"], "pool", None)
        if pool is None:
            return
        stats = pool.get_stats()
        for key, (name, help_text) in self.GAUGES.items():
            yield GaugeMetricFamily(name, help_text, stats.get(key, 0))
        for key, (name, help_text, unit) in self.COUNTERS.items():
            yield CounterMetricFamily(name, help_text, stats.get(key, 0) / unit)


REGISTRY.register(PoolNumbers())
