"""The cookies of a handshake."""

from django.http import parse_cookie


def cookies_of(scope) -> dict[str, str]:
    """The cookies of the handshake; the first one of each name."""
    cookies: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name == b"cookie":
            cookies = parse_cookie(value.decode("latin1")) | cookies
    return cookies
