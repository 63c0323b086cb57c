"""How tests ask: the worker that shows what reaches it (see `mirror.py`), and a site with TLS."""

import json
import subprocess

from chat.tests.server.octets import request
from chat.tests.server.raw import Raw


def seen(port: int, *lines: str, path: str = "/here", source: str = "127.0.0.1") -> dict:
    """What the worker saw of a request with these lines, from the address `source`."""
    with Raw(port, source=source) as raw:
        raw.send(request(path, *lines, "Connection: close"))
        head, _, body = raw.read_all().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    return json.loads(body[body.index(b"{") : body.rindex(b"}") + 1])


def counts(port: int) -> dict[str, int]:
    """How often the worker was asked for each path."""
    return seen(port, path="/counts")


def form(path: str, *lines: str) -> bytes:
    """The head of a form that is sent."""
    return request(path, *lines).replace(b"GET", b"POST", 1)


def curl(house, *words: str, url: str = "") -> str:
    """What curl prints, which trusts the proxy's own authority. Raises CalledProcessError."""
    command = ["curl", "--silent", "--show-error", "--include", "--max-time", "30", "--connect-to", "::127.0.0.1:"]
    command += ["--cacert", house.proxy.authority, *words, url or house.proxy.url + "/accounts/login/"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
