"""`python -m bench.attacks`: the effect of attacks on one worker. Not part of `python -m bench`: it has no targets.

It measures connection slots that stay occupied after broken handshakes, the delay of `/healthz` while eight anonymous
sockets flood the worker, and posts per second of a person who reconnects after each burst. One site on SQLite; the
attacker is a separate process.
"""

import json
import multiprocessing
import os
import secrets
import selectors
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager, suppress
from http.client import HTTPConnection

from .machine import ROOT
from .processes import Process, free_port

BROKEN_REQUESTS = 20_000
FLOODERS = 8
FLOOD_S = 10
MASK = b"\0\0\0\0"
PING, PONG, EMPTY_FRAGMENT = b"\x89\x80" + MASK, b"\x8a\x80" + MASK, b"\x00\x80" + MASK
HANDSHAKE = (
    b"GET %b HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n%b"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
MADE = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
alice = get_user_model().objects.get_by_natural_key("alice")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(alice.pk), alice.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session.create()
print(session.session_key)
"""


def text_frame(text: str) -> bytes:
    """A masked text frame; the mask is zero."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        length = bytes([0x80 | size])
    else:
        length = b"\xfe" + size.to_bytes(2) if size < 65536 else b"\xff" + size.to_bytes(8)
    return b"\x81" + length + MASK + payload


FLOODS = {
    "nothing": (b"", b""),
    "pings": (b"", PING * 10_000),
    "pongs": (b"", PONG * 10_000),
    "empty fragments": (b"\x01\x80" + MASK, EMPTY_FRAGMENT * 10_000),
    "commands": (b"", text_frame('{"type":"close","room":"x","ref":1}') * 2000),
    "commands of 250 kB": (b"", text_frame(json.dumps({"type": "x", "x": ["\u00e9"] * 25_000}))),
}
"""What a flooding socket sends once, and then repeatedly."""


@contextmanager
def site():
    """Start a worker of a new site. Yields the worker and the session key of alice, its admin."""
    with tempfile.TemporaryDirectory(prefix="parley-attacks-") as folder:
        port = free_port()
        own = {"VAR_DIR": folder, "PORT": str(port), "LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "project.settings"}
        env = os.environ | own | {"PARLEY_ADMIN_PASSWORD": secrets.token_hex(8)}

        def manage(*words: str) -> str:
            command = [sys.executable, "manage.py", *words]
            return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True).stdout

        manage("migrate", "-v", "0")
        manage("collectstatic", "--noinput", "-v", "0")
        manage("setup", "--site-name", "x", "--admin", "alice", "--email", "a@example.com", "--lobby-guests", "write")
        session = manage("shell", "-v", "0", "-c", MADE).split()[-1]
        command = [sys.executable, "-m", "project.server"]
        with Process("attacked", command, port, env=env, cwd=ROOT, cores=os.sched_getaffinity(0)) as worker:
            yield worker, session


def connect(port: int, path: bytes = b"/chat", cookie: str = "") -> socket.socket:
    """Open a connection and send a handshake."""
    peer = socket.create_connection(("127.0.0.1", port), timeout=10)
    peer.sendall(HANDSHAKE % (path, f"Cookie: sessionid={cookie}\r\n".encode() if cookie else b""))
    return peer


def page(port: int, path: str) -> str:
    """The body of a page."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    return connection.getresponse().read().decode()


def slots_held(port: int) -> tuple[float, float]:
    """(open sockets that the worker reports after BROKEN_REQUESTS broken handshakes, seconds that these took)."""
    began = time.monotonic()
    for _ in range(BROKEN_REQUESTS):
        with connect(port, b"/\x80") as peer, suppress(OSError):
            peer.recv(1000)
    seconds = time.monotonic() - began
    time.sleep(2)
    lines = dict(line.rsplit(" ", 1) for line in page(port, "/metrics").splitlines() if not line.startswith("#"))
    return float(lines["parley_sockets"]), seconds


def flood(port: int, first: bytes, again: bytes, until: float) -> None:
    """Send as fast as the worker reads, on FLOODERS sockets. Reconnect when one is closed."""
    ready = selectors.DefaultSelector()

    def begin() -> None:
        peer = connect(port)
        if peer.recv(4096).startswith(b"HTTP/1.1 101"):
            peer.sendall(first)
            peer.setblocking(False)
            ready.register(peer, selectors.EVENT_READ | selectors.EVENT_WRITE, again)
        else:
            peer.close()

    while time.monotonic() < until:
        while len(ready.get_map()) < FLOODERS:
            begin()
        for key, _events in ready.select(timeout=0.1):
            try:
                with suppress(BlockingIOError):
                    if not key.fileobj.recv(65536):
                        raise ConnectionError
                with suppress(BlockingIOError):
                    sent = key.fileobj.send(key.data)
                    ready.modify(key.fileobj, key.events, key.data[sent:] or again)
            except OSError:
                ready.unregister(key.fileobj)
                key.fileobj.close()


def delays_ms(port: int, seconds: float) -> list[float]:
    """Response times of `/healthz` in ms, requested every 20 ms, sorted."""
    connection, found, until = HTTPConnection("127.0.0.1", port, timeout=60), [], time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        found.append(1000 * (time.monotonic() - began))
        time.sleep(0.02)
    return sorted(found)


def posts_by_reconnecting(port: int, session: str, seconds: float = 10) -> float:
    """Acknowledged posts per second of one person who reconnects for each burst."""
    taken, began = 0, time.monotonic()
    while time.monotonic() - began < seconds:
        with connect(port, cookie=session) as peer:
            post = {"type": "post", "room": "lobby", "body": "x"}
            posts = [{**post, "client_id": str(uuid.uuid4()), "ref": number} for number in range(40)]
            peer.sendall(b"".join(text_frame(json.dumps(post)) for post in posts))
            received = b""
            while received.count(b'"ref":') < len(posts):
                received += peer.recv(65536)
            taken += received.count(b'"type":"reply"')
    return taken / (time.monotonic() - began)


def main() -> None:
    """Print the figures."""
    with site() as (worker, session):
        print(f"posts/s by reconnecting: {posts_by_reconnecting(worker.port, session):.0f}", flush=True)
        for name, (first, again) in FLOODS.items():
            until = time.monotonic() + FLOOD_S + 1
            if name != "nothing":
                attacker = multiprocessing.Process(target=flood, args=(worker.port, first, again, until), daemon=True)
                attacker.start()
                time.sleep(1)
            found = delays_ms(worker.port, FLOOD_S)
            middle, late = (found[int(len(found) * share)] for share in (0.5, 0.99))
            figures = f"{len(found)} asked, {middle:.1f} ms at 50 %, {late:.1f} ms at 99 %"
            print(f"/healthz under {name}: {figures}", flush=True)
            if name != "nothing":
                attacker.join()
        held, took_s = slots_held(worker.port)
        print(f"slots held after {BROKEN_REQUESTS} broken handshakes in {took_s:.0f} s: {held:.0f}", flush=True)


if __name__ == "__main__":
    main()
