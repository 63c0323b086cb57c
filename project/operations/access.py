"""Gives each request and socket an id, a log line and a metric. The response carries the id as X-Request-ID."""

import logging
import re
from time import perf_counter

from prometheus_client import Histogram

from .logs import current_id, new_id

logger = logging.getLogger("parley.access")

_VALID_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")

REQUESTS = Histogram(
    "parley_http_request_seconds",
    "Seconds from the arrival of a request in the application to the end of its response, by the class of its status.",
    ["status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class Access:
    """ASGI middleware. Code that it calls finds the id in `logs.current_id`, and log lines contain it."""

    def __init__(self, application):
        self._application = application

    async def __call__(self, scope, receive, send):
        request_id = forwarded_id(scope) or new_id()
        # Not reset afterwards: log lines of the server about this request or socket use it, too (`log_about`).
        current_id.set(request_id)
        await (self._request if scope["type"] == "http" else self._socket)(scope, receive, send, request_id)

    async def _request(self, scope, receive, send, request_id: str) -> None:
        started = perf_counter()
        status = None

        async def send_with_id(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = message | {"headers": [*message.get("headers", ()), (b"x-request-id", request_id.encode())]}
            await send(message)

        try:
            await self._application(scope, receive, send_with_id)
        finally:
            seconds = perf_counter() - started
            REQUESTS.labels(f"{status // 100}xx" if status else "none").observe(seconds)
            # Only the path: a query string may contain secrets.
            shown = {"method": scope["method"], "path": scope["path"], "status": status}
            more = {"ms": round(1000 * seconds, 1), "client": _client(scope)}
            logger.info("%(method)s %(path)s %(status)s", shown, extra=shown | more)

    async def _socket(self, scope, receive, send, request_id: str) -> None:
        started = perf_counter()
        logger.info("socket begins", extra={"path": scope["path"], "client": _client(scope)})
        try:
            await self._application(scope, receive, send)
        finally:
            logger.info("socket ends", extra={"seconds": round(perf_counter() - started, 1)})


def forwarded_id(scope) -> str | None:
    """The request's X-Request-ID if it is well-formed. The server keeps this header only from trusted proxies."""
    values = [value for name, value in scope["headers"] if name == b"x-request-id"]
    return values[0].decode() if len(values) == 1 and _VALID_ID.fullmatch(values[0]) else None


def _client(scope) -> str | None:
    return (scope.get("client") or [None])[0]
