"""Runs code with the settings and the database of a site, in a process beside its workers.

`SiteShell` is the test's end of a pipe; run as a program, this file is the other end. Each line is a JSON object: a
function or code and its arguments in one direction, a result or an error in the other.
"""

import contextlib
import importlib
import json
import os
import sys
import textwrap
import traceback
from collections.abc import Callable
from pathlib import Path

from . import orphan_reaper, programs
from .environment import ROOT


class CodeFailed(AssertionError):
    """The code raised; the text is its traceback."""


class SiteShell:
    """A process with the site's environment `env`, started on first use and kept: starting Django takes a second."""

    def __init__(self, env: dict[str, str], log: Path):
        self.env = env
        self.log = log
        self.popen: programs.Forked | None = None

    def call(self, function: Callable, arguments: dict):
        """Call a function of a module with these JSON values; returns its result. Raises CodeFailed."""
        return self._ask({"function": [function.__module__, function.__qualname__], "names": arguments})

    def run(self, code: str, names: dict):
        """Run `code` with `names` (JSON values) defined; returns the value of `result` in it. Raises CodeFailed."""
        return self._ask({"code": textwrap.dedent(code), "names": names})

    def _ask(self, request: dict):
        if self.popen is None:
            self._start()
        print(json.dumps(request), file=self.questions, flush=True)
        answer = self.answers.readline()
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
        self.questions.close()
        self.answers.close()
        self.popen.wait(20)
        orphan_reaper.tell(f"-{self.popen.pid}")
        self.popen = None

    def _start(self) -> None:
        their_input, ours = os.pipe()
        self.questions = os.fdopen(ours, "w")
        ours, their_output = os.pipe()
        self.answers = os.fdopen(ours)
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "chat.tests.services.site_shell"]
            streams = {"stdin": their_input, "stdout": their_output, "stderr": log}
            self.popen = programs.start(command, cwd=ROOT, env=self.env, **streams)
        os.close(their_input)
        os.close(their_output)
        orphan_reaper.tell(f"+{self.popen.pid} 15")


def answer_lines() -> None:
    """Answer each line of standard input until it closes. What the code prints goes to standard error."""
    import django
    from django.db import connections

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    django.setup()
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = json.dumps({"result": _result(asked)})
        except Exception:
            answer = json.dumps({"error": traceback.format_exc()})
        for connection in connections.all(initialized_only=True):
            # Nothing is held between two calls: the test may restart the database, or copy it.
            connection.close()
            with contextlib.suppress(AttributeError):
                connection.close_pool()
        print(answer, file=answers, flush=True)


def _result(asked: dict):
    names = asked["names"]
    if "function" in asked:
        module, name = asked["function"]
        return getattr(importlib.import_module(module), name)(**names)
    exec(asked["code"], names)
    return names.get("result")


if __name__ == "__main__":
    answer_lines()
