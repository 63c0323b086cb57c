"""The peers: how to start each server, how to connect to it, and the text of a message."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from ..generator import MARKER, Client
from ..machine import BENCH, BUILD, ROOT
from ..processes import Process, free_port

MESSAGE_TEXT = f"{MARKER} Has anyone tried the new build on the old laptop yet?"
NODE_FILES = ("package.json", "package-lock.json", "ws.mjs", "socketio.mjs")


@dataclass(frozen=True)
class Peer:
    """A server that broadcasts what it receives to all connections."""

    name: str
    title: str
    command: Callable[[int], list[str]]
    client: Client
    options: dict = field(default_factory=dict)
    needs_node: bool = False

    def process(self, redis_url: str) -> Process:
        """The server process, not started."""
        port = free_port()
        env = {"REDIS_URL": redis_url, "PYTHONPATH": str(ROOT), "NODE_ENV": "production"}
        return Process(self.name, self.command(port), port, env=env)


def _daphne(application: str) -> Callable[[int], list[str]]:
    def command(port: int) -> list[str]:
        endpoint = f"tcp:port={port}:interface=127.0.0.1:backlog=4096"
        return [sys.executable, "-m", "daphne", "-v", "0", "-e", endpoint, f"bench.peers.tutorial:{application}"]

    return command


def _node(script: str) -> Callable[[int], list[str]]:
    return lambda port: ["node", str(BUILD / "node" / script), str(port)]


TUTORIAL = Peer(
    "tutorial",
    "Channels tutorial, stock Daphne, Redis",
    _daphne("application"),
    Client(message_template=f'{{"message": "{MESSAGE_TEXT}"}}'),
)
SOCKET_IO = Peer(
    "socketio",
    "Socket.IO 4.8",
    _node("socketio.mjs"),
    Client(
        path="/socket.io/?EIO=4&transport=websocket",
        first=["40"],
        message_template=f'42["chat message","{MESSAGE_TEXT}"]',
    ),
    {"ready": "40", "first_frames_after": 1, "ping": "2", "pong": "3"},
    needs_node=True,
)
WS = Peer("ws", "ws 8 (Node)", _node("ws.mjs"), Client(message_template=MESSAGE_TEXT), needs_node=True)
WEBSOCKETS = Peer(
    "websockets",
    "websockets (Python)",
    lambda port: [sys.executable, str(BENCH / "peers" / "websockets_broadcast.py"), str(port)],
    Client(message_template=MESSAGE_TEXT),
)
EMPTY = Peer("empty", "stock Daphne, empty consumer", _daphne("empty"), Client())


def install_node_peers() -> bool:
    """Install the packages of the Node peers into bench/build. False without node or npm."""
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    folder = BUILD / "node"
    folder.mkdir(parents=True, exist_ok=True)
    stale = not (folder / "node_modules").exists()
    for name in NODE_FILES:
        source, copy = BENCH / "peers" / name, folder / name
        if not copy.exists() or copy.read_bytes() != source.read_bytes():
            stale = stale or name.startswith("package")
            shutil.copy(source, copy)
    if stale:
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
    return True


def broadcasters() -> list[Peer]:
    """The peers that can run on this machine."""
    node = install_node_peers()
    return [peer for peer in (TUTORIAL, SOCKET_IO, WS, WEBSOCKETS) if node or not peer.needs_node]
