"""Who may open sockets: a browser's page of this site or of one that it trusts, and programs.

A page of any site can open a socket to ours, and the browser sends our cookie along; the `Origin` header is what tells
them apart (RFC 6455 §10.2). Checked before any consumer runs; a refusal is a 403 at the handshake.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

_DEFAULT_PORTS = {"http": 80, "https": 443}


class OriginCheck:
    """ASGI middleware for sockets."""

    def __init__(self, application):
        self._application = application

    async def __call__(self, scope, receive, send):
        if allowed(scope):
            return await self._application(scope, receive, send)
        await receive()
        await send({"type": "websocket.close", "code": 4003})


def allowed(scope) -> bool:
    """Whether host and origin of this handshake are ours. Without an Origin it is a program: allowed."""
    hosts = _headers(scope, b"host")
    origins = _headers(scope, b"origin")
    if len(hosts) != 1 or len(origins) > 1:
        return False
    domain, _port = split_domain_port(hosts[0])
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    return not origins or origins[0] in settings.ALLOWED_ORIGINS or _is_own(origins[0], hosts[0], scope)


def _is_own(origin: str, host: str, scope) -> bool:
    """Same host and port as the request's, by a scheme that fits: `http` pages do not reach an `https` site."""
    try:
        parts = urlsplit(origin)
        own = urlsplit(f"//{host}")
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            return False
        if scope.get("scheme") == "wss" and parts.scheme != "https":
            return False
        default = _DEFAULT_PORTS[parts.scheme]
        return (parts.hostname, parts.port or default) == (own.hostname, own.port or default)
    except ValueError:
        return False


def _headers(scope, name: bytes) -> list[str]:
    return [value.decode("latin1").strip() for header, value in scope["headers"] if header == name]
