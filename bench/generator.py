"""The load generator (load/*.c) as seen from Python: built on first use, steered through pipes."""

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from .machine import BENCH, BUILD, LOAD_CORE, Unfit
from .processes import belong

MOST_OWN_CPU = 0.8
PLACE = "@@@@@@@@"
MARKER = f"~#{PLACE}"


def build() -> Path:
    """Compile the generator if its sources are newer than it. Raises Unfit without a C compiler."""
    sources = sorted((BENCH / "load").glob("*.[ch]"))
    program = BUILD / "load"
    if program.exists() and program.stat().st_mtime > max(source.stat().st_mtime for source in sources):
        return program
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        raise Unfit("A C compiler is missing (apt install gcc libc6-dev): the load generator is written in C.")
    BUILD.mkdir(parents=True, exist_ok=True)
    c_files = [str(source) for source in sources if source.suffix == ".c"]
    subprocess.run([compiler, "-O2", "-Wall", "-o", str(program), *c_files], check=True)
    return program


@dataclass
class Client:
    """One connection of a plan: `says` is the template of a message, with PLACE where its number goes.

    `group` is whom its messages reach: all ready connections of the same group. `first` are text frames.
    `port` is where it connects, when not where the others do.
    """

    path: str = "/"
    headers: dict[str, str] = field(default_factory=dict)
    first: list[str] = field(default_factory=list)
    says: str = ""
    group: int = 0
    port: int = 0
    websocket: bool = True

    def request(self, host: str) -> str:
        """The head of its HTTP request (RFC 6455, section 4.1; the key is that of the RFC's example)."""
        headers = {"Host": host, **self.headers}
        if self.websocket:
            headers |= {
                "Upgrade": "websocket",
                "Connection": "Upgrade",
                "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version": "13",
            }
        lines = [f"GET {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join(lines) + "\r\n\r\n"


class Generator:
    """A running generator. Its methods give what a command answered (see load/main.c), as a dict."""

    def __init__(self):
        self.process = subprocess.Popen(
            [str(build())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=belong({LOAD_CORE}),
        )

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def _tell(self, *words) -> None:
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def _ask(self, *words) -> dict:
        self._tell(*words)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"The load generator ended at {words}: {self.process.wait()}")
        return json.loads(line)

    def plan(self, clients: list[Client], port: int, **options) -> None:
        """Say who will connect, and how frames are told apart (the options of `set` in load/main.c)."""
        host = f"127.0.0.1:{port}"
        for name in ("ready", "reply", "error", "ping", "pong", "speak_after"):
            self._tell("set", name, options.get(name, ""))
        with tempfile.NamedTemporaryFile("w", newline="") as file:
            for client in clients:
                strings = (
                    f"{client.group} {client.port or port}",
                    client.request(host),
                    "\x1e".join(client.first),
                    client.says,
                )
                file.write("".join(f"{string}\0" for string in strings))
            file.flush()
            self._ask("plan", file.name, "127.0.0.1")

    def connect(self, total: int, *, at_once: int = 64, timeout_s: float = 120) -> dict:
        """Open connections until there are `total`, `at_once` of them under way together."""
        return self._ask("connect", total, at_once, timeout_s)

    def talk(self, *, count=1_000_000, window=1, senders=1, rate=0.0, seconds=3600.0, injector="-") -> dict:
        """Send messages and wait for them: `window` under way together, or `rate` a second."""
        return self._ask("talk", injector, count, window, senders, rate, seconds)

    def hold(self, seconds: float) -> dict:
        """Only listen for a while."""
        return self._ask("hold", seconds)

    def drop(self) -> dict:
        """Break all connections."""
        return self._ask("drop")

    def http(self, *, at_once: int, seconds: float) -> dict:
        """Ask each client's request over and over on kept connections."""
        return self._ask("http", at_once, seconds)
