"""Whether HOST:PORT is free: `python -m project.configuration.port` ends with one line and exit code 1 when it is not.

`make run` asks before it prints a set-up link: the link of the process that has the port would end by a new one.
"""

import errno
import socket

from django.conf import settings

from .startup import load_settings, stop

EVERYWHERE = {"*", "0.0.0.0", "::"}


def interface(host: str) -> str:
    """The address to bind for `host`: `::` takes IPv4 as well, where there is IPv6 at all."""
    if host not in EVERYWHERE - {"0.0.0.0"}:
        return host
    return "::" if socket.has_dualstack_ipv6() else "0.0.0.0"


def problem(host: str, port: int) -> str | None:
    """Why nothing can listen there, as a line that names the variable; None when something can."""
    address = interface(host)
    try:
        family = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        socket.create_server((address, port), family=family, dualstack_ipv6=address == "::").close()
    except socket.gaierror as error:
        return f"HOST: {host} is not known ({error.strerror}). It wants a name or an IP address of this machine."
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            return f"HOST: {host} is not of this machine. It wants a name or an IP address of this machine."
        reasons = {errno.EADDRINUSE: "another process listens there", errno.EACCES: "this user may not listen there"}
        reason = reasons.get(error.errno, error.strerror)
        return f"PORT: {port} cannot be used on {host}, {reason}. It wants a free port; `ss -ltnp` lists those in use."
    return None


def require_free_port() -> None:
    """End the process with a line when nothing can listen at the settings' HOST and PORT."""
    if found := problem(settings.HOST, settings.PORT):
        stop(found)


if __name__ == "__main__":
    load_settings()
    require_free_port()
