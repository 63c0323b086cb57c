"""Starts the project's Python programs from a process that has imported the libraries already.

Importing Django, Twisted and the other libraries costs more CPU time than all else that `manage.py` or a server does at
its start, and tests start hundreds of them. So each test process has one fork server. For each program it forks twice:

    test process ──socket──> fork server ──fork──> guardian ──fork──> the program
         ^                                            │
         └──────────── pid, then exit code ───────────┘

The program gets a session, an environment, a folder and standard streams of its own, as `subprocess.Popen` would give
it, then runs as `__main__`. It reads the settings and imports the project itself. Not forked, because the difference
may matter: commands with options of Python other than `-m`, other users, and passed descriptors.
"""

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from .environment import ROOT

MANAGE = str(ROOT / "manage.py")
PYTHON = [sys.executable, "-X", "faulthandler"]
FORK_SERVER = "chat.tests.services.fork_server"
_server: tuple[socket.socket, subprocess.Popen] | None = None


def start(command: list, *, stdin=None, stdout=None, stderr=None, env=None, cwd=None, **others):
    """Start a command in a session of its own, like `subprocess.Popen`: by the fork server if it is one of the
    project's programs. Streams are files or descriptors; `stdin` is empty by default."""
    command = [str(word) for word in command]
    program = _program(command)
    if not program or others or Path(cwd or ".") != ROOT:
        streams = {"stdin": subprocess.DEVNULL if stdin is None else stdin, "stdout": stdout, "stderr": stderr}
        return subprocess.Popen(command, env=env, cwd=cwd, start_new_session=True, **streams, **others)
    with open(os.devnull) as empty:
        return Forked(command, program, env or dict(os.environ), [stdin or empty, stdout, stderr])


def run(command: list, *, env: dict[str, str]) -> subprocess.CompletedProcess:
    """Start a command in the project's folder and wait until it has ended; its output and errors are kept as text."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        code = start(command, stdout=output, stderr=errors, env=env, cwd=ROOT).wait()
        for file in (output, errors):
            file.seek(0)
        return subprocess.CompletedProcess(command, code, output.read(), errors.read())


def _program(command: list[str]) -> list[str]:
    """What follows `python` in the command of a program of this project; [] for others."""
    words = command[3:] if command[:3] == PYTHON else command[1:] if command[0] == sys.executable else []
    return words if words[:1] in (["-m"], [MANAGE]) else []


class Forked:
    """A program that the fork server runs; the part of `subprocess.Popen` that tests use."""

    stdin = stdout = stderr = None

    def __init__(self, command: list[str], program: list[str], env: dict[str, str], streams: list):
        self.args = command
        self.returncode: int | None = None
        self._guardian, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        request = json.dumps({"program": program, "env": env}).encode()
        with theirs:
            descriptors = [theirs.fileno(), *(s if isinstance(s, int) else s.fileno() for s in streams)]
            socket.send_fds(_running(), [request], descriptors)
        self.pid = self._receive()

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended; returns its exit code, -N for signal N. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            self._guardian.settimeout(timeout)
            try:
                self.returncode = self._receive()
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired(self.args, timeout or 0) from None
            self._guardian.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to the program, unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def _receive(self) -> int:
        data = self._guardian.recv(4)
        if not data:
            raise RuntimeError("the fork server has ended")
        return struct.unpack("i", data)[0]


def _running() -> socket.socket:
    """The socket of this process's fork server, which is started on first use. It ends when the socket closes."""
    global _server
    if _server is None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # Programs inherit from it that their output is not buffered and that a crash prints a traceback.
            command = [*PYTHON, "-u", "-m", FORK_SERVER, str(theirs.fileno())]
            options = {"cwd": ROOT, "stdin": subprocess.DEVNULL, "start_new_session": True}
            _server = ours, subprocess.Popen(command, pass_fds=[theirs.fileno()], **options)
    return _server[0]
