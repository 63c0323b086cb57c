"""Runs code inside a site: with its settings and database, in a process beside its workers.

`Inside` is the test's end; run as a program, this file is the other. One JSON object a line: code and names in, a
value or an error out.
"""

import contextlib
import json
import os
import subprocess
import sys
import textwrap
import traceback
from pathlib import Path

from . import keeper
from .environment import ROOT


class CodeFailed(AssertionError):
    """The code raised; the text is its traceback."""


class Inside:
    """A process with the site's environment `env`, started on first use and kept: starting Django takes a second."""

    def __init__(self, env: dict[str, str], log: Path):
        self.env = env
        self.log = log
        self.popen: subprocess.Popen | None = None

    def run(self, code: str, **names):
        """Run `code` with `names` (JSON values) defined; returns what it calls `result`. Raises CodeFailed."""
        if self.popen is None:
            self._start()
        print(json.dumps({"code": textwrap.dedent(code), "names": names}), file=self.popen.stdin, flush=True)
        answer = self.popen.stdout.readline()
        if not answer:
            self.stop()
            raise CodeFailed(f"the process ended; see {self.log}")
        answer = json.loads(answer)
        if "error" in answer:
            raise CodeFailed(answer["error"])
        return answer["result"]

    def stop(self) -> None:
        """End the process; the next `run` starts another one."""
        if self.popen is None:
            return
        self.popen.stdin.close()
        self.popen.stdout.close()
        self.popen.wait(20)
        keeper.tell(f"-{self.popen.pid}")
        self.popen = None

    def _start(self) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "chat.tests.services.inside"]
            self.popen = subprocess.Popen(
                command, stderr=log, text=True, cwd=ROOT, env=self.env, start_new_session=True, **pipes
            )
        keeper.tell(f"+{self.popen.pid} 15")


def answer_lines() -> None:
    """Answer each line of standard input until it closes. What the code prints goes to standard error."""
    import django
    from django.db import connections

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    django.setup()
    for line in sys.stdin:
        asked = json.loads(line)
        names = asked["names"]
        try:
            exec(asked["code"], names)
            answer = json.dumps({"result": names.get("result")})
        except Exception:
            answer = json.dumps({"error": traceback.format_exc()})
        for connection in connections.all(initialized_only=True):
            # Nothing is held between two calls: the test may restart the database, or copy it.
            connection.close()
            with contextlib.suppress(AttributeError):
                connection.close_pool()
        print(answer, file=answers, flush=True)


if __name__ == "__main__":
    answer_lines()
