"""Processes that tests start: `start` returns when the process answers, `stop` when it has ended."""

import os
import re
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from . import orphan_reaper, programs

START_S = 120
STOP_S = 20
# Longer than anything takes on a slow and busy machine. A test that passes does not wait for it.
PATIENCE_S = 90
POLL_S = 0.02
# Below the ports that the kernel gives to clients (32768 and above): a client connection of a test must not take the
# port between the moment when it is found free and the moment when the server listens.
PORTS = range(17000, 32000)
PROCESSES_MOST = 8
"""Up to so many test processes of a run share no ports."""
_given: set[int] = set()


class DidNotStart(RuntimeError):
    """A process ended, or did not answer in time. The text holds the end of its log."""


def free_port() -> int:
    """A free TCP port of 127.0.0.1 that this process was not given before: an earlier server may not listen yet."""
    number = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0) % PROCESSES_MOST
    mine = PORTS[number::PROCESSES_MOST]
    while True:
        # Not by `random`: hypothesis seeds it, so all runs would try the same ports.
        port = mine[secrets.randbelow(len(mine))]
        if port in _given:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if len(_given) == len(mine) - 1:
            _given.clear()
        _given.add(port)
        return port


def wait_until(condition: Callable, what: str = "", timeout: float = PATIENCE_S):
    """Call `condition` until it returns a true value, and return that. Raises TimeoutError, which names `what`."""
    deadline = time.monotonic() + timeout
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {timeout} s for {what or condition}")
        time.sleep(POLL_S)
    return result


class Process:
    """A server at 127.0.0.1:`port`, started by `command`. Its output is appended to the file `log`.

    `user`: the user to run as, for servers that refuse to run as root. `answers` returns whether the server is ready:
    whether it accepts connections, unless a subclass checks more. `orphan_signal` ends it if the tests are killed.
    """

    def __init__(self, name: str, command: list, port: int, *, log: Path, env=None, cwd=None, user=None):
        self.name = name
        self.command = [str(word) for word in command]
        self.port = port
        self.log_file = log
        self.options = {"env": env, "cwd": cwd}
        if user:
            self.options |= {"user": user, "group": user, "extra_groups": []}
        self.orphan_signal = signal.SIGTERM
        self.popen: subprocess.Popen | programs.Forked | None = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self, *, wait: bool = True):
        """Start it and, with `wait`, return when it answers. Raises DidNotStart."""
        with self.log_file.open("ab") as log:
            self.popen = programs.start(self.command, stdout=log, stderr=log, **self.options)
        orphan_reaper.tell(f"+{self.pid} {int(self.orphan_signal)}")
        if wait:
            self.wait_ready()
        return self

    def wait_ready(self, timeout: float = START_S) -> None:
        """Return when it answers. Raises DidNotStart when it ends before, or takes longer than `timeout` seconds."""
        try:
            wait_until(lambda: not self.running or self.answers(), timeout=timeout)
        except TimeoutError:
            self.kill()
        if not self.running:
            raise DidNotStart(f"{self.name} did not start: {' '.join(self.command)}\n{self.last_words()}")

    def answers(self) -> bool:
        """Whether it accepts connections."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=2).close()
        except OSError:
            return False
        return True

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.popen.pid

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        if self.popen is None:
            return False
        if self.popen.poll() is None:
            return True
        orphan_reaper.tell(f"-{self.pid}")
        return False

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self.popen.send_signal(number)

    def terminate(self) -> None:
        """Ask it to end (SIGTERM), without waiting."""
        self.signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it like a crash (SIGKILL) and wait until it has ended."""
        if self.running:
            self.signal(signal.SIGKILL)
            self.wait()

    def pause(self) -> None:
        """Freeze it (SIGSTOP): its sockets stay open and nothing answers."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it run on after `pause`."""
        self.signal(signal.SIGCONT)

    def wait(self, timeout: float = STOP_S) -> int:
        """Wait until it has ended; returns its exit code. Raises subprocess.TimeoutExpired."""
        code = self.popen.wait(timeout)
        orphan_reaper.tell(f"-{self.pid}")
        return code

    def stop(self) -> None:
        """End it, also when it is frozen: by SIGTERM, and by SIGKILL after STOP_S seconds."""
        if not self.running:
            return
        self.resume()
        self.terminate()
        try:
            self.wait()
        except subprocess.TimeoutExpired:
            self.kill()

    @property
    def log(self) -> str:
        """All that it has written so far."""
        return self.log_from(0)

    @property
    def log_size(self) -> int:
        """How many bytes it has written so far."""
        return self.log_file.stat().st_size if self.log_file.exists() else 0

    def log_from(self, position: int) -> str:
        """What it has written after so many bytes."""
        if not self.log_file.exists():
            return ""
        with self.log_file.open("rb") as log:
            log.seek(position)
            return log.read().decode(errors="replace")

    def last_words(self, lines: int = 30) -> str:
        """The end of what it has written."""
        return "\n".join(self.log.splitlines()[-lines:])
