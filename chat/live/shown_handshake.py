"""The handshake of a connection, as its own person sees it: from the bytes of the request, or from the ASGI scope."""

from chat.protocol.handshake import Derivation, derive_accept
from chat.protocol.observation import Handshake, Header, Hop

from . import masking


def shown_handshake(scope, subprotocol: str | None, opening=None, response: bytes | None = None) -> Handshake:
    """The handshake with its secrets masked.

    `opening` and `response` are what project.server reports (`project/serving/observation.py`). Other servers report
    nothing; then the fields are made from the scope.
    """
    head = opening.head if opening else None
    line, headers = _parse(head) if head else _from_scope(scope)
    response_line, response_headers = _parse(response) if response else (None, None)
    return Handshake(
        request_line=masking.request_line(line),
        headers=headers,
        verbatim=head is not None,
        response_line=response_line,
        response_headers=response_headers,
        derivation=_derivation(scope),
        offered=scope.get("subprotocols") or [],
        subprotocol=subprotocol,
        scheme=scope.get("scheme", "ws"),
        peer=opening.peer if opening else None,
        local=opening.local if opening else None,
        tls=opening.tls if opening else None,
        route=[Hop(address=hop.address, role=hop.role) for hop in opening.route] if opening else None,
    )


def _derivation(scope) -> Derivation | None:
    keys = [value.decode("latin1").strip() for name, value in scope["headers"] if name == b"sec-websocket-key"]
    try:
        return derive_accept(*keys)
    except (TypeError, ValueError):
        # Servers differ in which keys they accept.
        return None


def _parse(head: bytes) -> tuple[str, list[Header]]:
    """The first line and the headers of a request or a response."""
    line, *rest = head.decode("latin1").rstrip().split("\r\n")
    headers: list[tuple[str, str]] = []
    for each in rest:
        if each[:1] in " \t" and headers:
            # A continued line, which RFC 9112 §5.2 made obsolete.
            headers[-1] = headers[-1][0], f"{headers[-1][1]} {each.strip()}"
        else:
            name, _, value = each.partition(":")
            headers.append((name, value.strip()))
    return line, [masking.header(name, value) for name, value in headers]


def _from_scope(scope) -> tuple[str, list[Header]]:
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin1")
    query = (scope.get("query_string") or b"").decode("latin1")
    line = f"GET {path}{'?' if query else ''}{query} HTTP/{scope.get('http_version', '1.1')}"
    return line, [masking.header(name.decode("latin1"), value.decode("latin1")) for name, value in scope["headers"]]
