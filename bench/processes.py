"""Starting and ending processes: servers pinned to their core, services on the load's core."""

import ctypes
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from .machine import BUILD, LOAD_CORE, SERVER_CORE, cpu_s, pss_kib

START_S = 60
STOP_S = 15
PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that a process gets when its parent ends, however that ends."""


class Broken(RuntimeError):
    """A process did not do what it was started for. The message holds the end of its output."""


def free_port() -> int:
    """A TCP port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def belong(cores, end_signal=signal.SIGTERM):
    """A `preexec_fn` for subprocess: run on these cores, and end when we do, even if we are killed."""
    libc = ctypes.CDLL(None)

    def in_child() -> None:
        os.sched_setaffinity(0, cores)
        libc.prctl(PR_SET_PDEATHSIG, int(end_signal))

    return in_child


class Process:
    """A process that is listening on `port` once `start` is back, and gone once `stop` is.

    `cores` are those it may run on; `user` drops root's rights, for services that refuse them; `end_signal` is what it
    takes for a request to end at once.
    """

    def __init__(
        self,
        name: str,
        command: list[str],
        port: int,
        *,
        env=None,
        cores=(SERVER_CORE,),
        user=None,
        cwd=None,
        end_signal=signal.SIGTERM,
    ):
        self.name = name
        self.command = [str(word) for word in command]
        self.port = port
        self.cores = set(cores)
        self.end_signal = end_signal
        self.options = {"env": {**os.environ, **(env or {})}, "cwd": cwd}
        if user:
            self.options |= {"user": user, "group": user, "extra_groups": []}
        self.log = BUILD / "logs" / f"{name}.log"
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *exc):
        self.stop()

    def start(self):
        """Start it and wait until it listens. Raises Broken when it does not."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=belong(self.cores, self.end_signal),
                start_new_session=True,
                **self.options,
            )
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise Broken(f"{self.name} did not start:\n{self.last_words()}")

    def stop(self) -> None:
        """End it: asked first, killed after STOP_S."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.end_signal)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def cpu_s(self) -> float:
        """CPU seconds used so far."""
        return cpu_s(self.pid)

    def memory_kib(self) -> int:
        """Its memory now, in KiB."""
        return pss_kib(self.pid)

    def last_words(self, lines: int = 15) -> str:
        """The end of what it wrote."""
        return "\n".join(Path(self.log).read_text(errors="replace").splitlines()[-lines:])


def service(name: str, command: list[str], port: int, **options) -> Process:
    """A process of the load's side: databases run there, so that the server has its core alone."""
    return Process(name, command, port, cores=(LOAD_CORE,), **options)
