"""What the server itself does, in numbers for Prometheus."""

from prometheus_client import REGISTRY, Counter
from prometheus_client.core import GaugeMetricFamily

SLOW_READERS = Counter("parley_slow_readers", "Sockets that were closed because their reader was too slow.")


class ServiceCollector:
    """Reads the state of a service when it is asked for."""

    def __init__(self, service):
        self._service = service

    def collect(self):
        """The metrics, as prometheus_client asks for them."""
        service = self._service
        sockets = list(service.sockets)
        unsent = sum(socket.direct.pending for socket in sockets)
        unheard = sum(socket.inbox.qsize() for socket in sockets)
        for name, text, value in (
            ("parley_sockets", "WebSockets that are open.", service.socket_places.used),
            ("parley_http_connections", "Connections that are no WebSockets.", len(service.channels)),
            ("parley_requests", "HTTP requests under way.", len(service.connections) - len(sockets)),
            ("parley_held_bytes", "Bytes of requests and messages that have not been taken.", service.held_bytes.used),
            ("parley_unsent_bytes", "Bytes that wait for slow readers.", unsent),
            ("parley_commands_waiting", "Messages of clients that wait for the application.", unheard),
            ("parley_draining", "Whether the worker is about to end.", int(service.draining is not None)),
        ):
            family = GaugeMetricFamily(name, text)
            family.add_metric([], value)
            yield family

    def describe(self):
        """Nothing: so that registering does not ask for values."""
        return ()


def register(service) -> None:
    """Export the state of the process's service."""
    REGISTRY.register(ServiceCollector(service))
