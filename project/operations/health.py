"""`/healthz`: this process answers. `/readyz`: 200 if everything that it needs works, else 503 and what is wrong.

Sentences are for operators only: clients behind a proxy get "ok" or "not ok". `/metrics` is answered here, too (see
`metrics`).
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from project import __version__
from project.serving.drain import EXTENSION as DRAINING

from . import metrics
from .checks import CHECKS
from .metrics import came_through_proxy

TIMEOUT_S = 2.5
"""A check without a result by then has failed."""


class Readiness:
    """Runs checks. Each has one thread and runs at most once at a time, so a check that hangs blocks one thread."""

    def __init__(self, checks: dict[str, Callable[[], str | None]]):
        self._checks = checks
        self._threads = {name: ThreadPoolExecutor(1, thread_name_prefix=f"ready-{name}") for name in checks}
        self._running: dict[str, asyncio.Future] = {}

    async def run(self) -> dict[str, str | None]:
        """The problem of each check by name, or None. Takes at most TIMEOUT_S."""
        running = {name: self._start(name) for name in self._checks}
        await asyncio.wait(running.values(), timeout=TIMEOUT_S)
        return {name: self._problem(name, future) for name, future in running.items()}

    def _start(self, name: str) -> asyncio.Future:
        future = self._running.get(name)
        if future is None or future.done():
            loop = asyncio.get_running_loop()
            future = self._running[name] = loop.run_in_executor(self._threads[name], self._checks[name])
        return future

    @staticmethod
    def _problem(name: str, future: asyncio.Future) -> str | None:
        if not future.done():
            return f"No answer about {name} after {TIMEOUT_S} s."
        error = future.exception()
        return f"{type(error).__name__}: {error}" if error else future.result()


class Health:
    """ASGI middleware that answers these paths. `checks` are added to CHECKS, by name."""

    def __init__(self, application, **checks: Callable[[], str | None]):
        self._application = application
        self._readiness = Readiness(CHECKS | checks)

    async def __call__(self, scope, receive, send):
        path = scope["path"] if scope["type"] == "http" else None
        if path == "/healthz":
            await respond(send, 200, "alive\n")
        elif path == "/readyz":
            problems = await self._readiness.run()
            if DRAINING in scope.get("extensions", {}):
                problems["server"] = "It is shutting down."
            await respond(send, 503 if any(problems.values()) else 200, _report(problems, scope))
        elif path == "/metrics":
            await respond(send, *metrics.page(scope["headers"]))
        else:
            await self._application(scope, receive, send)


def _report(problems: dict[str, str | None], scope) -> str:
    # Sentences may contain addresses and names of the internal network.
    is_internal = not came_through_proxy(scope["headers"])
    lines = [f"{name}: {(text if is_internal else 'not ok') if text else 'ok'}\n" for name, text in problems.items()]
    return "".join(lines) + (f"version: {__version__}\n" if is_internal else "")


async def respond(send, status: int, text: str, content_type: str = "text/plain; charset=utf-8") -> None:
    """Send a complete HTTP response."""
    body = text.encode()
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
