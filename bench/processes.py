"""Start and stop processes. Servers are pinned to one core, services to the core of the load."""

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
"""prctl(2): the signal that a process gets when its parent ends, for whatever reason."""


class Broken(RuntimeError):
    """A process failed. The message contains the end of its output."""


def free_port() -> int:
    """A free TCP port of the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pin_and_end_with_parent(cores, end_signal=signal.SIGTERM):
    """A `preexec_fn` for subprocess: run on these cores, and get `end_signal` when the parent ends, even if killed."""
    libc = ctypes.CDLL(None)

    def in_child() -> None:
        os.sched_setaffinity(0, cores)
        libc.prctl(PR_SET_PDEATHSIG, int(end_signal))

    return in_child


class Process:
    """A process that listens on `port` when `start` returns, and has ended when `stop` returns.

    `cores`: where it may run. `user`: the account to run as, for services that refuse root. `end_signal`: the signal
    that makes it stop at once.
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
        """Start the process and wait until it listens. Raises Broken on failure."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=pin_and_end_with_parent(self.cores, self.end_signal),
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
        raise Broken(f"{self.name} did not start:\n{self.log_tail()}")

    def stop(self) -> None:
        """Send `end_signal`; kill the process after STOP_S."""
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
        """The process id."""
        return self.process.pid

    def cpu_s(self) -> float:
        """CPU seconds since the start."""
        return cpu_s(self.pid)

    def memory_kib(self) -> int:
        """Current memory in KiB."""
        return pss_kib(self.pid)

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of its output."""
        return "\n".join(Path(self.log).read_text(errors="replace").splitlines()[-lines:])


def service(name: str, command: list[str], port: int, **options) -> Process:
    """A process on the core of the load. Databases run there: the core of the server is for the server only."""
    return Process(name, command, port, cores=(LOAD_CORE,), **options)
