"""`python -m project.server`: this site at HOST:PORT; with arguments, those of `daphne`, any `module:application`."""

import asyncio
import logging
import os
import sys
from functools import partial

from twisted.internet import asyncioreactor


def _install_loop() -> None:
    """Make the reactor run on uvloop. Before daphne.server is imported: it installs one itself."""
    try:
        import uvloop
    except ImportError:
        logging.getLogger(__name__).warning("uvloop is not installed: sockets will cost more.")
        loop = asyncio.new_event_loop()
    else:
        loop = uvloop.new_event_loop()
    asyncioreactor.install(loop)


_install_loop()

import gc
import resource

from daphne.cli import CommandLineInterface
from django.conf import settings

from project.configuration.port import EVERYWHERE, interface, require_free_port
from project.configuration.startup import load_settings, tell
from project.serving.forwarded import Proxies
from project.serving.limits import Limits
from project.serving.service import Service

SPARE_FILES = 512
"""Open files beside sockets: databases, Redis, static files, connections that are just HTTP."""


def site_arguments() -> list[str]:
    """What `daphne` would be told to serve this site."""
    return [
        *("--verbosity", "0", "--no-server-name", "--websocket_timeout", "-1"),
        *("--ping-interval", str(settings.PING_INTERVAL_S), "--ping-timeout", str(settings.PING_TIMEOUT_S)),
        *("--websocket-max-message-size", str(settings.MAX_MESSAGE_BYTES)),
        *("--websocket-max-frame-size", str(settings.MAX_MESSAGE_BYTES)),
        *("--bind", interface(settings.HOST), "--port", str(settings.PORT)),
        "project.asgi:application",
    ]


def limits() -> Limits:
    """The settings as limits."""
    return Limits(
        max_unsent=settings.MAX_UNSENT,
        max_connections=min(settings.MAX_CONNECTIONS or sys.maxsize, _make_room()),
        max_connections_per_address=settings.MAX_CONNECTIONS_PER_ADDRESS,
        max_http_connections_per_address=settings.MAX_HTTP_CONNECTIONS_PER_ADDRESS,
        max_request_bytes=settings.MAX_REQUEST_BYTES,
        max_held_bytes=settings.MAX_HELD_BYTES,
        handshake_timeout_s=settings.HANDSHAKE_TIMEOUT_S,
        body_timeout_s=settings.BODY_TIMEOUT_S,
        send_timeout_s=settings.SEND_TIMEOUT_S,
        close_timeout_s=settings.CLOSE_TIMEOUT_S,
        drain_s=settings.DRAIN_S,
        proxies=Proxies(settings.TRUSTED_PROXIES),
    )


def announce(address) -> None:
    """Print where the server is, in one line, once it is there."""
    if hasattr(address, "port"):
        host = "localhost" if address.host in {*EVERYWHERE, "127.0.0.1", "::1"} else address.host
        where = f"http://[{host}]:{address.port}" if ":" in host else f"http://{host}:{address.port}"
    else:
        where = os.fsdecode(address.name or b"a socket that was handed over")
    tell(f"Parley is at {where}")


def _make_room() -> int:
    """Raise the limit of open files as far as it goes; returns how many sockets it leaves room for."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return sys.maxsize if hard == resource.RLIM_INFINITY else max(1, hard - SPARE_FILES)


def _settle() -> None:
    # What was loaded to start stays for good: the collector need not look at it again, tens of milliseconds each time.
    gc.collect()
    gc.freeze()
    # Requests leave few cycles: looking for them at each 700 objects took 1 to 5 % of a page's time (two runs).
    gc.set_threshold(10_000, 10, 10)


class Command(CommandLineInterface):
    """`daphne`, with our server."""

    description = __doc__

    def __init__(self):
        super().__init__()
        self.server_class = partial(Service, limits=limits(), announce=announce, ready_callable=_settle)


def main(arguments: list[str]) -> None:
    """Serve until SIGTERM or SIGINT. What cannot work ends the process with one line and exit code 1."""
    load_settings()
    if not arguments:
        require_free_port()
    Command().run(arguments or site_arguments())


if __name__ == "__main__":
    main(sys.argv[1:])
