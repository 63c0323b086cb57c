"""Ends processes that a killed test process left behind.

It reads lines from a pipe: `+PID SIGNAL` when a process starts, `-PID` when it has ended. The pipe closes when the test
process ends, also when it is killed. Then the remaining processes get their signal, and SIGKILL some seconds later.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

GRACE_S = 3
_reaper: subprocess.Popen | None = None


def tell(line: str) -> None:
    """Send a line to the reaper of this test process, which is started on first use."""
    global _reaper
    if _reaper is None:
        # By its path, without Django: it must start at once. A session of its own, so that Ctrl-C does not reach it.
        command = [sys.executable, "-S", str(Path(__file__))]
        _reaper = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, text=True)
    with contextlib.suppress(BrokenPipeError):
        print(line, file=_reaper.stdin, flush=True)


def reap() -> None:
    """Read until the pipe closes, then end the remaining processes."""
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
    reap()
