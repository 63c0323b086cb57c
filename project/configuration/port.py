"""Checks that HOST:PORT is free: `python -m project.configuration.port` ends with a line and exit code 1 if it is not.

`make run` checks this before it prints a set-up link: a new link would invalidate the one of the process that uses the
port.
"""

import errno
import socket

from django.conf import settings

from .startup import exit_with_line, load_settings

ALL_ADDRESSES = {"*", "0.0.0.0", "::"}


def interface(host: str) -> str:
    """The address to bind for `host`. `::` accepts IPv4 as well; it is used where the machine has IPv6."""
    if host not in ALL_ADDRESSES - {"0.0.0.0"}:
        return host
    return "::" if socket.has_dualstack_ipv6() else "0.0.0.0"


def problem(host: str, port: int) -> str | None:
    """The reason why no server can listen there: a line that begins with the name of the setting. None if one can."""
    address = interface(host)
    try:
        family = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        socket.create_server((address, port), family=family, dualstack_ipv6=address == "::").close()
    except socket.gaierror as error:
        return f"HOST: {host} is unknown ({error.strerror}). Expected: a name or an IP address of this machine."
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            return f"HOST: {host} is not an address of this machine. Expected: a name or an IP address of this machine."
        reasons = {errno.EADDRINUSE: "another process uses it", errno.EACCES: "this user may not use it"}
        reason = reasons.get(error.errno, error.strerror)
        return f"PORT: {port} cannot be used on {host}, {reason}. Expected: a free port; `ss -ltnp` lists used ones."
    return None


def require_free_port() -> None:
    """End the process with a line if no server can listen at the settings' HOST and PORT."""
    if found := problem(settings.HOST, settings.PORT):
        exit_with_line(found)


if __name__ == "__main__":
    load_settings()
    require_free_port()
