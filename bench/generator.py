"""The load generator (load/*.c): compiled on first use, controlled through pipes."""

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from .machine import BENCH, BUILD, LOAD_CORE, MachineNotSuitable
from .processes import pin_and_end_with_parent

LOAD_CPU_LIMIT = 0.8
NUMBER_PLACEHOLDER = "@@@@@@@@"
MARKER = f"~!{NUMBER_PLACEHOLDER}"


def build() -> Path:
    """Compile the generator if its sources are newer than it. Raises MachineNotSuitable without a C compiler."""
    sources = sorted((BENCH / "load").glob("*.[ch]"))
    program = BUILD / "load"
    if program.exists() and program.stat().st_mtime > max(source.stat().st_mtime for source in sources):
        return program
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        raise MachineNotSuitable(
            "A C compiler is missing (apt install gcc libc6-dev): the load generator is written in C."
        )
    BUILD.mkdir(parents=True, exist_ok=True)
    c_files = [str(source) for source in sources if source.suffix == ".c"]
    subprocess.run([compiler, "-O2", "-Wall", "-o", str(program), *c_files], check=True)
    return program


@dataclass
class Client:
    """One connection of a plan.

    `message_template` is a text frame with NUMBER_PLACEHOLDER where the number of the message goes. Its messages
    reach all ready connections of the same `group`. `first` are text frames to send once. `port` overrides the
    port of the plan.
    """

    path: str = "/"
    headers: dict[str, str] = field(default_factory=dict)
    first: list[str] = field(default_factory=list)
    message_template: str = ""
    group: int = 0
    port: int = 0
    websocket: bool = True

    def request(self, host: str) -> str:
        """The head of the HTTP request (RFC 6455, section 4.1). The key is the one of the example in section 1.3."""
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
    """A running generator. Each method runs one command (see load/main.c) and returns its answer as a dict."""

    def __init__(self):
        self.process = subprocess.Popen(
            [str(build())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=pin_and_end_with_parent({LOAD_CORE}),
        )

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def _write_command(self, *words) -> None:
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def _run_command(self, *words) -> dict:
        self._write_command(*words)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"The load generator ended at {words}: {self.process.wait()}")
        return json.loads(line)

    def plan(self, clients: list[Client], port: int, **options) -> None:
        """Set the list of connections, and how to classify frames (the options of `set` in load/main.c)."""
        host = f"127.0.0.1:{port}"
        for name in ("ready", "reply", "error", "ping", "pong", "first_frames_after"):
            self._write_command("set", name, options.get(name, ""))
        with tempfile.NamedTemporaryFile("w", newline="") as file:
            for client in clients:
                strings = (
                    f"{client.group} {client.port or port}",
                    client.request(host),
                    "\x1e".join(client.first),
                    client.message_template,
                )
                file.write("".join(f"{string}\0" for string in strings))
            file.flush()
            self._run_command("plan", file.name, "127.0.0.1")

    def connect(self, total: int, *, at_once: int = 64, timeout_s: float = 120) -> dict:
        """Open connections until there are `total`, at most `at_once` at the same time."""
        return self._run_command("connect", total, at_once, timeout_s)

    def send_messages(self, *, count=1_000_000, window=1, senders=1, rate=0.0, seconds=3600.0, injector="-") -> dict:
        """Send messages and wait for their deliveries: `window` in flight, or `rate` per second."""
        return self._run_command("send", injector, count, window, senders, rate, seconds)

    def hold(self, seconds: float) -> dict:
        """Receive only, for so many seconds."""
        return self._run_command("hold", seconds)

    def drop(self) -> dict:
        """Reset all connections."""
        return self._run_command("drop")

    def http(self, *, at_once: int, seconds: float) -> dict:
        """Repeat the request of each client on kept-alive connections."""
        return self._run_command("http", at_once, seconds)
