"""Who may open sockets: a browser's page of this site or of one that it trusts, and programs.

A page of any site can open a socket to ours, and the browser sends our cookie along; the `Origin` header is what tells
them apart (RFC 6455 §10.2). Checked before any consumer runs; a refusal is a 403 at the handshake.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

_DEFAULT_PORTS = {"http": "80", "https": "443"}
_DENIAL = "websocket.http.response"


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


def refusal(scope) -> str | None:
    """Why this handshake is not for us, or None when it is. Without an Origin it is a program's: allowed."""
    hosts, origins = _headers(scope, b"host"), _headers(scope, b"origin")
    domain = split_domain_port(hosts[0])[0] if len(hosts) == 1 else ""
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return "This site is not asked for by that host."
    if not origins:
        return None
    origin = _parsed(origins[0]) if len(origins) == 1 else None
    if origin and (_is_own(origin, hosts[0], scope) or origin in map(_parsed, settings.ALLOWED_ORIGINS)):
        return None
    return "Pages of that origin may not open sockets here."


def _is_own(origin: tuple[str, str, str], host: str, scope) -> bool:
    """Same host and port as the request's, and a scheme that fits: pages by `http` do not reach a site by `https`.

    The other way round is allowed: who is behind a proxy that is not in TRUSTED_PROXIES does not know its own scheme.
    """
    scheme, *address = origin
    if scope.get("scheme") == "wss" and scheme != "https":
        return False
    domain, port = split_domain_port(host)
    return address == [domain, port or _DEFAULT_PORTS[scheme]]


def _parsed(origin: str) -> tuple[str, str, str] | None:
    """Scheme, host and port of an origin; None for `null` and for what is none (RFC 6454 §6.2)."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    domain, port = split_domain_port(parts.netloc)
    if parts.scheme not in _DEFAULT_PORTS or not domain or origin != f"{parts.scheme}://{parts.netloc}":
        return None
    return parts.scheme, domain, port or _DEFAULT_PORTS[parts.scheme]


def _headers(scope, name: bytes) -> list[str]:
    return [value.decode("latin1").strip() for header, value in scope["headers"] if header == name]
