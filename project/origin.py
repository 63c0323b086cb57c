"""Which hosts and origins belong to this site: one rule for pages (`project.pages`) and for sockets.

A page of any site can open a socket to this one or send it a form, and the browser adds our cookie. Only the `Origin`
header distinguishes such a page from our own (RFC 6455 section 10.2, RFC 6454). Sockets are checked before any consumer
runs: the response to a handshake with an unknown host or origin is 403.
"""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from .configuration import addresses
from .operations.log_limit import LimitedLog

_DENIAL = "websocket.http.response"
MAX_SHOWN = 100
"""Characters of a header that a log line or a page shows."""

refused_log = LimitedLog(logging.getLogger("parley.refused"))


def is_known_host(host: str) -> bool:
    """Whether a `Host` header names this site."""
    domain = split_domain_port(host)[0]
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def is_allowed(origin: str, *, host: str, secure: bool, others: Iterable[str]) -> bool:
    """Whether `origin` is the site's own, for a request to `host`, or one of `others`.

    `secure`: whether the request is known to have come by TLS. `others`: values of `addresses.allowed_origin`.
    """
    try:
        normalised = addresses.origin(origin)
    except ValueError:  # Also for `null` (RFC 6454 section 6.2).
        return False
    return _is_own(normalised, host, secure) or any(_matches(normalised, other) for other in others)


def reason_to_refuse(scope) -> str | None:
    """Why a handshake is refused, or None. Without an Origin header the client is a program, which is allowed."""
    hosts, origins = _headers(scope, b"host"), _headers(scope, b"origin")
    if len(hosts) != 1 or not is_known_host(hosts[0]):
        log_host(", ".join(hosts), 403)
        return "This site does not have that host name."
    secure = scope.get("scheme") == "wss"
    if not origins or (
        len(origins) == 1 and is_allowed(origins[0], host=hosts[0], secure=secure, others=settings.ALLOWED_ORIGINS)
    ):
        return None
    log_origin(", ".join(origins), hosts[0], "ALLOWED_ORIGINS")
    return "Pages of that origin may not open sockets here."


def log_host(host: str, status: int) -> None:
    """Log a request that was refused for its `Host`."""
    refused_log.warning(f"Refused with {status}: Host {shown(host)} is not in ALLOWED_HOSTS.")


def log_origin(origin: str, host: str, setting: str) -> None:
    """Log a request to `host` that was refused for its `Origin`; `setting` is the one that could allow it."""
    refused_log.warning(f"Refused with 403: Origin {shown(origin)} for Host {shown(host)} is not in {setting}.")


def shown(header: str) -> str:
    """A header's value in quotes, shortened, and without control characters."""
    return ascii(header if len(header) <= MAX_SHOWN else f"{header[:MAX_SHOWN]}…")


class OriginCheck:
    """ASGI middleware for sockets: refuses unknown hosts and origins."""

    def __init__(self, application):
        self._application = application

    async def __call__(self, scope, receive, send):
        reason = reason_to_refuse(scope)
        if reason is None:
            return await self._application(scope, receive, send)
        await receive()
        if _DENIAL in scope.get("extensions", ()):
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": f"{_DENIAL}.start", "status": 403, "headers": headers})
            await send({"type": f"{_DENIAL}.body", "body": f"{reason}\n".encode()})
        else:
            await send({"type": "websocket.close"})


def _is_own(origin: str, host: str, secure: bool) -> bool:
    """Whether host and port are the request's, and the scheme is not `http` when the request came by TLS.

    `https` is accepted for a request by plain HTTP: behind a proxy that does not send X-Forwarded-Proto, the scheme of
    the request is unknown.
    """
    scheme = origin.partition(":")[0]
    if secure and scheme != "https":
        return False
    try:
        return origin == addresses.origin(f"{scheme}://{host}")
    except ValueError:
        return False


def _matches(origin: str, pattern: str) -> bool:
    scheme, wildcard, rest = pattern.partition("://*")
    return origin == pattern or (bool(wildcard) and origin.startswith(f"{scheme}://") and origin.endswith(rest))


def _headers(scope, name: bytes) -> list[str]:
    return [value.decode("latin1").strip() for header, value in scope["headers"] if header == name]
