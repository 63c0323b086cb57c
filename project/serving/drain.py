"""Graceful shutdown: what was started is finished, within a limit of time."""

import asyncio
import logging
import os
import random
import sys
import threading

logger = logging.getLogger(__name__)

EXTENSION = "parley.draining"
"""In the `extensions` of a scope while the server is shutting down."""

RECONNECTS_PER_S = 500
"""Limit of clients that are told to reconnect per second. Another worker can admit so many without delaying others."""
MAX_SPREAD_S = 30
POLL_S = 0.02
FIRST_REQUEST_S = 1.0
"""Time for new connections to send their first request."""
FORCE_S = 1.0
"""This many seconds before the limit, connections and applications that have not ended are ended."""


class Drain:
    """Shuts the service down after SIGTERM, within `limits.drain_s` seconds."""

    def __init__(self, service):
        self._service = service
        self._spread_s = min(MAX_SPREAD_S, len(service.websockets) / RECONNECTS_PER_S)
        self._skip_waiting = False

    def retry_after(self) -> float:
        """Seconds after which a client should reconnect: random, so that not all reconnect at the same moment."""
        return round(random.uniform(0.1, 0.1 + self._spread_s), 2)

    async def run(self) -> None:
        """Stop listening, let requests and WebSockets end, then end the rest. Returns when nothing is left."""
        service, drain_s = self._service, self._service.limits.drain_s
        self._start_exit_timer(drain_s)
        for port in service.ports:
            port.doRead()  # Connections that the kernel has accepted are served. Otherwise it would reset them.
            port.stopListening()
        for connection in list(service.http_connections):
            connection.finish_up(at_once=False)
        for websocket in list(service.websockets):
            websocket.drain(self.retry_after())
        force_s = min(FORCE_S, drain_s / 2)
        first_s = min(FIRST_REQUEST_S, drain_s - force_s)
        await self._wait_until(self._all_ended, first_s)
        for connection in list(service.http_connections):
            connection.finish_up(at_once=True)
        await self._wait_until(self._all_ended, drain_s - force_s - first_s)
        for websocket in list(service.websockets):
            websocket.close(1012)
        await _cancel(details["application_instance"] for details in self._applications())
        await self._wait_until(lambda: not service.websockets, force_s / 4)
        for connection in (*service.websockets, *service.http_connections):
            connection.transport.abortConnection()
        # Tasks that the application left on the loop are cancelled here, before the interpreter shuts down.
        await _cancel(asyncio.all_tasks() - {asyncio.current_task()})

    def _all_ended(self) -> bool:
        return not (self._service.websockets or self._service.http_connections or self._applications())

    def _applications(self) -> list[dict]:
        return [details for details in self._service.connections.values() if "application_instance" in details]

    async def _wait_until(self, condition, timeout_s: float) -> None:
        deadline = self._service.loop.time() + timeout_s
        while not (condition() or self._skip_waiting) and self._service.loop.time() < deadline:
            await asyncio.sleep(POLL_S)

    def skip_waiting(self) -> None:
        """End everything now."""
        self._skip_waiting = True

    def _start_exit_timer(self, drain_s: float) -> None:
        """End the process in time even if a thread hangs: Python's own exit would wait for the thread."""
        timer = threading.Timer(drain_s, _exit_now)
        timer.daemon = True
        timer.start()


async def _cancel(tasks) -> None:
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=POLL_S * 10)


def _exit_now() -> None:
    logger.warning("Some threads or connections did not end in time.")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
