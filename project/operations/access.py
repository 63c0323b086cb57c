"""Each request and socket gets an id: in its log lines, and in a response's X-Request-ID. And a line of its own."""

import logging
import re
from time import perf_counter

from prometheus_client import Histogram

from .logs import current_id, new_id

logger = logging.getLogger("parley.access")

_GIVEN = re.compile(rb"[A-Za-z0-9._-]{8,64}")

REQUESTS = Histogram(
    "parley_http_request_seconds",
    "From a request's arrival in the application to the end of its response, by the class of its status.",
    ["status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class Access:
    """ASGI middleware. What it calls finds the id in `logs.current_id`; what that logs has it by itself."""

    def __init__(self, application):
        self._application = application

    async def __call__(self, scope, receive, send):
        own = given_id(scope) or new_id()
        # Not taken back: the server's own lines about this request or socket have it, too (`log_about`).
        current_id.set(own)
        await (self._request if scope["type"] == "http" else self._socket)(scope, receive, send, own)

    async def _request(self, scope, receive, send, own: str) -> None:
        began = perf_counter()
        status = None

        async def answer(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = message | {"headers": [*message.get("headers", ()), (b"x-request-id", own.encode())]}
            await send(message)

        try:
            await self._application(scope, receive, answer)
        finally:
            seconds = perf_counter() - began
            REQUESTS.labels(f"{status // 100}xx" if status else "none").observe(seconds)
            # The path alone: a query may hold anything.
            told = {"method": scope["method"], "path": scope["path"], "status": status}
            more = {"ms": round(1000 * seconds, 1), "client": _client(scope)}
            logger.info("%(method)s %(path)s %(status)s", told, extra=told | more)

    async def _socket(self, scope, receive, send, own: str) -> None:
        began = perf_counter()
        logger.info("socket begins", extra={"path": scope["path"], "client": _client(scope)})
        try:
            await self._application(scope, receive, send)
        finally:
            logger.info("socket ends", extra={"seconds": round(perf_counter() - began, 1)})


def given_id(scope) -> str | None:
    """The X-Request-ID of the request, if it is well-formed. The server let it through from a trusted proxy alone."""
    given = [value for name, value in scope["headers"] if name == b"x-request-id"]
    return given[0].decode() if len(given) == 1 and _GIVEN.fullmatch(given[0]) else None


def _client(scope) -> str | None:
    return (scope.get("client") or [None])[0]
