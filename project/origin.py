"""Which hosts and origins are this site's: one rule for pages (`project.pages`) and for sockets.

A page of any site can open a socket to ours or send it a form, and the browser sends our cookie along; the `Origin`
header is what tells them apart (RFC 6455 section 10.2, RFC 6454). Sockets are checked before any consumer runs; a
refusal is a 403 at the handshake.
"""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from .configuration import addresses
from .operations.sparing import SparingLog

_DENIAL = "websocket.http.response"
MAX_SHOWN = 100
"""Characters of a header that a log line or a page shows."""

refusals = SparingLog(logging.getLogger("parley.refused"))


def is_known_host(host: str) -> bool:
    """Whether a `Host` header names this site."""
    domain = split_domain_port(host)[0]
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def is_allowed(origin: str, *, host: str, secure: bool, others: Iterable[str]) -> bool:
    """Whether `origin` is the site's own, as a request for `host` asked for it, or one of `others`.

    `secure`: whether the request is known to have come by TLS. `others` are written as `addresses.allowed_origin` does.
    """
    try:
        asked = addresses.origin(origin)
    except ValueError:  # `null` included (RFC 6454 section 6.2).
        return False
    return _is_own(asked, host, secure) or any(_matches(asked, other) for other in others)


def refusal(scope) -> str | None:
    """Why this handshake is not for us, or None when it is. Without an Origin it is a program's: allowed."""
    hosts, origins = _headers(scope, b"host"), _headers(scope, b"origin")
    if len(hosts) != 1 or not is_known_host(hosts[0]):
        log_host(", ".join(hosts), 403)
        return "This site is not asked for by that host."
    secure = scope.get("scheme") == "wss"
    if not origins or (
        len(origins) == 1 and is_allowed(origins[0], host=hosts[0], secure=secure, others=settings.ALLOWED_ORIGINS)
    ):
        return None
    log_origin(", ".join(origins), hosts[0], "ALLOWED_ORIGINS")
    return "Pages of that origin may not open sockets here."


def log_host(host: str, status: int) -> None:
    """Write a line about a request that was refused for its `Host`."""
    refusals.warning(f"Refused with {status}: Host {shown(host)} is not in ALLOWED_HOSTS.")


def log_origin(origin: str, host: str, setting: str) -> None:
    """Write a line about a request for `host` that was refused for its `Origin`; `setting` could allow it."""
    refusals.warning(f"Refused with 403: Origin {shown(origin)} for Host {shown(host)} is not in {setting}.")


def shown(header: str) -> str:
    """A header's value in quotes, cut, and without control characters."""
    return ascii(header if len(header) <= MAX_SHOWN else f"{header[:MAX_SHOWN]}…")


class OriginCheck:
    """ASGI middleware for sockets."""

    def __init__(self, application):
        self._application = application

    async def __call__(self, scope, receive, send):
        reason = refusal(scope)
        if reason is None:
            return await self._application(scope, receive, send)
        await receive()
        if _DENIAL in scope.get("extensions", ()):
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": f"{_DENIAL}.start", "status": 403, "headers": headers})
            await send({"type": f"{_DENIAL}.body", "body": f"{reason}\n".encode()})
        else:
            await send({"type": "websocket.close"})


def _is_own(asked: str, host: str, secure: bool) -> bool:
    """Same host and port as the request's, and a scheme that fits: pages by `http` do not reach a site by `https`.

    The other way round is allowed: who is behind a proxy that does not send X-Forwarded-Proto does not know its scheme.
    """
    scheme = asked.partition(":")[0]
    if secure and scheme != "https":
        return False
    try:
        return asked == addresses.origin(f"{scheme}://{host}")
    except ValueError:
        return False


def _matches(asked: str, pattern: str) -> bool:
    scheme, wildcard, rest = pattern.partition("://*")
    return asked == pattern or (bool(wildcard) and asked.startswith(f"{scheme}://") and asked.endswith(rest))


def _headers(scope, name: bytes) -> list[str]:
    return [value.decode("latin1").strip() for header, value in scope["headers"] if header == name]
