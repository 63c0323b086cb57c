"""The server's metrics for Prometheus."""

from prometheus_client import REGISTRY, Counter
from prometheus_client.core import GaugeMetricFamily

SLOW_READERS = Counter("parley_slow_readers", "Sockets that were closed because their reader was too slow.")


class ServiceCollector:
    """Reads the state of a service when Prometheus asks."""

    def __init__(self, service):
        self._service = service

    def collect(self):
        """Yield the metrics."""
        service = self._service
        websockets = list(service.websockets)
        unsent = sum(websocket.direct.pending for websocket in websockets)
        waiting = sum(websocket.receive_queue.qsize() for websocket in websockets)
        requests = len(service.connections) - len(websockets)
        for name, text, value in (
            ("parley_sockets", "Open WebSockets.", service.websocket_quota.used),
            ("parley_http_connections", "Connections that are not WebSockets.", len(service.http_connections)),
            ("parley_requests", "HTTP requests in progress.", requests),
            ("parley_held_bytes", "Bytes of incomplete or waiting requests and messages.", service.memory_quota.used),
            ("parley_unsent_bytes", "Bytes that wait for slow clients.", unsent),
            ("parley_commands_waiting", "Messages of clients that wait for the application.", waiting),
            ("parley_draining", "1 while the worker is shutting down.", int(service.drain is not None)),
        ):
            family = GaugeMetricFamily(name, text)
            family.add_metric([], value)
            yield family

    def describe(self):
        """Nothing, so that registering does not read values."""
        return ()


def register(service) -> None:
    """Export the metrics of this process's service."""
    REGISTRY.register(ServiceCollector(service))
