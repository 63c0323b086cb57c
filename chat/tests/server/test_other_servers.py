"""The site on servers that are not ours: stock Daphne and Django's `runserver`. See docs/operating.md, “Servers”."""

import sys

import pytest

from chat.tests.services import Process, free_port
from chat.tests.services.environment import ROOT

from .octets import BINARY
from .raw import open_socket

SERVERS = {
    "daphne": ["-m", "daphne", "-v", "0", "-p", "{port}", "project.asgi:application"],
    "runserver": ["manage.py", "runserver", "--noreload", "127.0.0.1:{port}"],
}


@pytest.fixture(scope="module", params=SERVERS)
def port(request, new_site):
    """The port of another server with the site's application."""
    site, port = new_site(), free_port()
    command = [sys.executable, *(word.format(port=port) for word in SERVERS[request.param])]
    with Process(request.param, command, port, log=site.folder / "other.log", env=site.env, cwd=ROOT):
        yield port


def test_a_binary_frame_closes_with_4003_which_stands_for_1003(port):
    with open_socket(port, "/chat") as raw:
        assert '"welcome"' in raw.hear_text()
        assert raw.frame(BINARY, b"x").hear().code == 4003


def test_a_flood_of_commands_closes_with_4008_which_stands_for_1008(port):
    with open_socket(port, "/chat") as raw:
        assert '"welcome"' in raw.hear_text()
        for _ in range(300):
            raw.say('{"type": "close", "room": "lobby"}')
        while (heard := raw.hear()).opcode == 1:
            assert b"slow_down" in heard.payload
        assert heard.code == 4008
