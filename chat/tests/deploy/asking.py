"""Sends requests to a worker that returns the request as it arrived (see `mirror.py`), and to a site with TLS."""

import json
import subprocess

from chat.tests.server.octets import request
from chat.tests.server.raw import Raw


def request_seen_by_worker(port: int, *lines: str, path: str = "/here", source: str = "127.0.0.1") -> dict:
    """Send a request with these header lines from the address `source`; return it as it reached the worker."""
    with Raw(port, source=source) as raw:
        raw.send(request(path, *lines, "Connection: close"))
        head, _, body = raw.read_all().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    return json.loads(body[body.index(b"{") : body.rindex(b"}") + 1])


def request_counts(port: int) -> dict[str, int]:
    """The number of requests that the worker got for each path."""
    return request_seen_by_worker(port, path="/counts")


def post_head(path: str, *lines: str) -> bytes:
    """The head of a POST request."""
    return request(path, *lines).replace(b"GET", b"POST", 1)


def curl(behind_proxy, *words: str, url: str = "") -> str:
    """The output of curl, which trusts the proxy's certificate authority. Raises CalledProcessError."""
    command = ["curl", "--silent", "--show-error", "--include", "--max-time", "30", "--connect-to", "::127.0.0.1:"]
    command += ["--cacert", behind_proxy.proxy.authority, *words, url or behind_proxy.proxy.url + "/accounts/login/"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
