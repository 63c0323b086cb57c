"""The end of a server, in good order and on time."""

import asyncio
import logging
import os
import random
import sys
import threading

logger = logging.getLogger(__name__)

EXTENSION = "parley.draining"
"""In the `extensions` of a scope: the server is about to end."""

PER_SECOND = 500
"""Clients that are asked to come back in each second: what another worker takes in without being late for others."""
SPREAD_LIMIT_S = 30
POLL_S = 0.02
FIRST_REQUEST_S = 1.0
"""For connections that were just opened to ask."""
FORCE_S = 1.0
"""Before the time is up: what has not ended by itself is ended."""


class Drain:
    """What happens between SIGTERM and the end of the process: at most `limits.drain_s` seconds."""

    def __init__(self, service):
        self._service = service
        self._spread_s = min(SPREAD_LIMIT_S, len(service.sockets) / PER_SECOND)
        self._hurried = False

    def retry_after(self) -> float:
        """In how many seconds a client should come back: not all at the same moment."""
        return round(random.uniform(0.1, 0.1 + self._spread_s), 2)

    async def run(self) -> None:
        """Stop listening, let requests and sockets end, end the rest. Returns when nothing is left."""
        service, drain_s = self._service, self._service.limits.drain_s
        self._promise(drain_s)
        for port in service.ports:
            port.doRead()  # Who was let in by the kernel is answered, not reset.
            port.stopListening()
        for channel in list(service.channels):
            channel.finish_up(at_once=False)
        for socket in list(service.sockets):
            socket.drain(self.retry_after())
        force_s = min(FORCE_S, drain_s / 2)
        first_s = min(FIRST_REQUEST_S, drain_s - force_s)
        await self._until(self._all_ended, first_s)
        for channel in list(service.channels):
            channel.finish_up(at_once=True)
        await self._until(self._all_ended, drain_s - force_s - first_s)
        for socket in list(service.sockets):
            socket.close(1012)
        await _cancel(details["application_instance"] for details in self._applications())
        await self._until(lambda: not service.sockets, force_s / 4)
        for connection in (*service.sockets, *service.channels):
            connection.transport.abortConnection()
        # What the application left running on the loop: it ends here, not in the middle of Python's own end.
        await _cancel(asyncio.all_tasks() - {asyncio.current_task()})

    def _all_ended(self) -> bool:
        return not (self._service.sockets or self._service.channels or self._applications())

    def _applications(self) -> list[dict]:
        return [details for details in self._service.connections.values() if "application_instance" in details]

    async def _until(self, condition, timeout_s: float) -> None:
        deadline = self._service.loop.time() + timeout_s
        while not (condition() or self._hurried) and self._service.loop.time() < deadline:
            await asyncio.sleep(POLL_S)

    def hurry(self) -> None:
        """Wait for nobody."""
        self._hurried = True

    def _promise(self, drain_s: float) -> None:
        """A thread that waits for a database may hold Python's own end up for longer than we may take."""
        timer = threading.Timer(drain_s, _end_now)
        timer.daemon = True
        timer.start()


async def _cancel(tasks) -> None:
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=POLL_S * 10)


def _end_now() -> None:
    logger.warning("Not everything ended in time.")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
