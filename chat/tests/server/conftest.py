"""Starts `project.server` with applications of the tests, each server in its own process."""

import re
import sys
from collections.abc import Iterator

import pytest

from chat.tests.services import Process, free_port
from chat.tests.services.environment import ROOT, environment
from chat.tests.services.site import TROUBLE

ECHO = "chat.tests.server.echo:application"
SCRIPTED_APP = "chat.tests.server.scripted_app:application"
PER_ADDRESS = ["MAX_CONNECTIONS_PER_ADDRESS", "MAX_HTTP_CONNECTIONS_PER_ADDRESS", "MAX_HANDSHAKES_PER_ADDRESS"]


class Server(Process):
    """A process of `python -m project.server` with these arguments; `variables` are its environment."""

    def __init__(self, folder, *arguments: str, port: int | None = None, **variables):
        self.folder = folder
        port = free_port() if port is None else port
        where = () if set(arguments) & {"--fd", "-u", "-e", "--port"} else ("--port", str(port))
        command = [sys.executable, "-X", "faulthandler", "-m", "project.server", "-v", "0", *where]
        # Without pings, unless a test turns them on.
        command += ["--ping-interval", "0", *arguments]
        unlimited = dict.fromkeys(PER_ADDRESS, 0)
        variables = {"VAR_DIR": folder} | unlimited | variables
        super().__init__("server", command, port, log=folder / "log", env=environment(**variables), cwd=ROOT)
        self.may_log: str | None = None

    def answers(self) -> bool:
        """Whether it has printed its address."""
        return "Parley is at" in self.log

    def trouble(self) -> list[str]:
        """The errors in its log; none if `may_log` matches the log."""
        lines = [line for line in self.log.splitlines() if TROUBLE.search(line)]
        return [] if self.may_log and lines and re.search(self.may_log, self.log) else lines


@pytest.fixture(scope="module")
def start_server(tmp_path_factory):
    """Function that starts a server with arguments of the command line and variables of the environment."""
    servers = []

    def start(*arguments: str, **variables) -> Server:
        servers.append(Server(tmp_path_factory.mktemp("server"), *arguments, **variables))
        return servers[-1].start()

    yield start
    for server in servers:
        server.stop()
        assert not server.trouble(), server.log


@pytest.fixture(scope="module")
def echo(start_server) -> Iterator[int]:
    """The port of a server that sends back each message."""
    return start_server(ECHO).port


@pytest.fixture(scope="module")
def scripted_apps(start_server) -> Iterator[int]:
    """The port of a server whose sockets run the commands that their clients send."""
    return start_server(SCRIPTED_APP).port
