"""Serves this site at HOST:PORT: `python -m project.server`. With arguments, which are those of `daphne`, it serves any
`module:application`.
"""

import asyncio
import logging
import os
import sys
from functools import partial

from twisted.internet import asyncioreactor


def _install_reactor() -> None:
    """Make Twisted's reactor run on uvloop. Call it before daphne.server is imported, which installs another one."""
    try:
        import uvloop
    except ImportError:
        logging.getLogger(__name__).warning("uvloop is not installed: sockets will use more CPU time.")
        loop = asyncio.new_event_loop()
    else:
        loop = uvloop.new_event_loop()
    asyncioreactor.install(loop)


_install_reactor()

import gc
import resource

from daphne.cli import CommandLineInterface
from django.conf import settings
from twisted.internet import reactor
from twisted.internet.threads import deferToThread

from project.configuration.port import ALL_ADDRESSES, interface, require_free_port
from project.configuration.startup import load_settings, print_line
from project.serving.forwarded import TrustedProxies
from project.serving.limits import HANDSHAKE_BURST, Limits
from project.serving.service import Service

UPLOAD_TYPES = frozenset({b"application/offset+octet-stream"})
"""The Content-Type of bodies of tus (chat/views/uploads.py)."""
RESERVED_FILES = 512
"""Open files that are not WebSockets: databases, Redis, static files, HTTP connections."""


def site_arguments() -> list[str]:
    """The arguments of `daphne` that serve this site."""
    return [
        *("--verbosity", "0", "--no-server-name", "--websocket_timeout", "-1"),
        *("--ping-interval", str(settings.PING_INTERVAL_S), "--ping-timeout", str(settings.PING_TIMEOUT_S)),
        *("--websocket-max-message-size", str(settings.MAX_MESSAGE_BYTES)),
        *("--websocket-max-frame-size", str(settings.MAX_MESSAGE_BYTES)),
        *("--bind", interface(settings.HOST), "--port", str(settings.PORT)),
        "project.asgi:application",
    ]


def limits() -> Limits:
    """The server's limits, from the settings."""
    settings.REQUEST_BODIES_FOLDER.mkdir(parents=True, exist_ok=True)
    return Limits(
        max_unsent=settings.MAX_UNSENT,
        max_connections=min(settings.MAX_CONNECTIONS or sys.maxsize, _raise_file_limit()),
        max_connections_per_address=settings.MAX_CONNECTIONS_PER_ADDRESS,
        max_handshakes_per_address=settings.MAX_HANDSHAKES_PER_ADDRESS,
        # After a restart, all clients of an address may reconnect at once.
        handshake_burst=max(HANDSHAKE_BURST, settings.MAX_CONNECTIONS_PER_ADDRESS),
        max_http_connections_per_address=settings.MAX_HTTP_CONNECTIONS_PER_ADDRESS,
        max_request_bytes=settings.MAX_REQUEST_BYTES,
        max_upload_bytes=settings.MAX_UPLOAD_CHUNK_BYTES,
        upload_types=UPLOAD_TYPES,
        temporary_folder=settings.REQUEST_BODIES_FOLDER,
        max_held_bytes=settings.MAX_HELD_BYTES,
        handshake_timeout_s=settings.HANDSHAKE_TIMEOUT_S,
        body_timeout_s=settings.BODY_TIMEOUT_S,
        send_timeout_s=settings.SEND_TIMEOUT_S,
        close_timeout_s=settings.CLOSE_TIMEOUT_S,
        drain_s=settings.DRAIN_S,
        proxies=TrustedProxies(settings.TRUSTED_PROXIES),
    )


def announce(address) -> None:
    """Print the address that the server listens on."""
    if hasattr(address, "port"):
        host = "localhost" if address.host in {*ALL_ADDRESSES, "127.0.0.1", "::1"} else address.host
        where = f"http://[{host}]:{address.port}" if ":" in host else f"http://{host}:{address.port}"
    else:
        where = os.fsdecode(address.name or b"an inherited socket")
    print_line(f"Parley is at {where}")


def _raise_file_limit() -> int:
    """Raise the limit of open files as far as allowed; returns the number of WebSockets that it leaves room for."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return sys.maxsize if hard == resource.RLIM_INFINITY else max(1, hard - RESERVED_FILES)


def _tune_garbage_collector() -> None:
    # Objects that were loaded at the start stay: without `freeze`, each full collection would spend tens of
    # milliseconds on them.
    gc.collect()
    gc.freeze()
    # Requests leave few reference cycles. With Python's threshold of 700 objects, collections took 1 to 5 % of a
    # page's time (two runs).
    gc.set_threshold(10_000, 10, 10)


def _get_ready() -> None:
    """What remains to be done between loading the application and serving it."""
    reactor.addSystemEventTrigger("before", "shutdown", _stop_jobs)
    _tune_garbage_collector()


def _stop_jobs():
    """Stop the background jobs of the site, if it is this one that is served; the reactor waits for it."""
    asgi = sys.modules.get("project.asgi")
    return deferToThread(asgi.worker.stop, settings.DRAIN_S / 2) if asgi else None


class Command(CommandLineInterface):
    """The command line of `daphne`, with our server."""

    description = __doc__

    def __init__(self):
        super().__init__()
        self.server_class = partial(Service, limits=limits(), announce=announce, ready_callable=_get_ready)


def main(arguments: list[str]) -> None:
    """Serve until SIGTERM or SIGINT. If the server cannot start, the process ends with one line and exit code 1."""
    load_settings()
    if not arguments:
        require_free_port()
    Command().run(arguments or site_arguments())


if __name__ == "__main__":
    main(sys.argv[1:])
