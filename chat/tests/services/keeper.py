"""Ends what a test process started, should that process be killed before it can.

It reads lines from a pipe: `+PID SIGNAL` when a process begins, `-PID` when it has ended. The pipe closes when the
test process is gone, in whatever manner: then the processes that are left get their signal, and SIGKILL after it.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

GRACE_S = 3
_keeper: subprocess.Popen | None = None


def tell(line: str) -> None:
    """Tell this process's keeper, started on first use, of a beginning or an end."""
    global _keeper
    if _keeper is None:
        # By its path, without Django: it must start at once. A session of its own, so that Ctrl-C does not reach it.
        command = [sys.executable, "-S", str(Path(__file__))]
        _keeper = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, text=True)
    with contextlib.suppress(BrokenPipeError):
        print(line, file=_keeper.stdin, flush=True)


def keep() -> None:
    """Read until the pipe closes, then end what is left."""
    alive: dict[int, int] = {}
    for line in sys.stdin:
        word, *number = line.split()
        if number:
            alive[int(word[1:])] = int(number[0])
        else:
            alive.pop(int(word[1:]), None)
    for pid, number in alive.items():
        _send(pid, number)
    if alive:
        time.sleep(GRACE_S)
    for pid in alive:
        _send(pid, signal.SIGKILL)


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


if __name__ == "__main__":
    keep()
