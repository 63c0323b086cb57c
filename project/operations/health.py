"""`/healthz`: this process is alive. `/readyz`: it has what it needs; else 503, and what is wrong.

In words for those inside; whoever comes through a proxy hears no more than what is not well. `/metrics` is answered
here, too: see `metrics`.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from project import __version__
from project.serving.drain import EXTENSION as DRAINING

from . import metrics
from .checks import CHECKS
from .metrics import came_through_proxy

PATIENCE_S = 2.5
"""What has not answered by then counts as wrong."""


class Readiness:
    """Runs checks, each on a thread of its own and at most once at a time: one that hangs costs one thread."""

    def __init__(self, checks: dict[str, Callable[[], str | None]]):
        self._checks = checks
        self._threads = {name: ThreadPoolExecutor(1, thread_name_prefix=f"ready-{name}") for name in checks}
        self._running: dict[str, asyncio.Future] = {}

    async def look(self) -> dict[str, str | None]:
        """What is wrong, by the name of each check; None where all is well. Takes PATIENCE_S at most."""
        running = {name: self._begin(name) for name in self._checks}
        await asyncio.wait(running.values(), timeout=PATIENCE_S)
        return {name: self._outcome(name, future) for name, future in running.items()}

    def _begin(self, name: str) -> asyncio.Future:
        future = self._running.get(name)
        if future is None or future.done():
            loop = asyncio.get_running_loop()
            future = self._running[name] = loop.run_in_executor(self._threads[name], self._checks[name])
        return future

    @staticmethod
    def _outcome(name: str, future: asyncio.Future) -> str | None:
        if not future.done():
            return f"No answer about {name} after {PATIENCE_S} s."
        error = future.exception()
        return f"{type(error).__name__}: {error}" if error else future.result()


class Health:
    """ASGI middleware that answers these addresses. `checks`: more of them than CHECKS, by name."""

    def __init__(self, application, **checks: Callable[[], str | None]):
        self._application = application
        self._readiness = Readiness(CHECKS | checks)

    async def __call__(self, scope, receive, send):
        path = scope["path"] if scope["type"] == "http" else None
        if path == "/healthz":
            await answer(send, 200, "alive\n")
        elif path == "/readyz":
            found = await self._readiness.look()
            if DRAINING in scope.get("extensions", {}):
                found["server"] = "It is about to end."
            # Words may tell addresses and names.
            inside = not came_through_proxy(scope["headers"])
            lines = [f"{name}: {(wrong if inside else 'not ok') if wrong else 'ok'}\n" for name, wrong in found.items()]
            if inside:
                lines.append(f"version: {__version__}\n")
            await answer(send, 503 if any(found.values()) else 200, "".join(lines))
        elif path == "/metrics":
            await answer(send, *metrics.page(scope["headers"]))
        else:
            await self._application(scope, receive, send)


async def answer(send, status: int, text: str, content_type: str = "text/plain; charset=utf-8") -> None:
    """Send a whole HTTP response."""
    body = text.encode()
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
