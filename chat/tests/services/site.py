"""A whole site: a folder, a database, and one or more workers of `python -m project.server`."""

import itertools
import re
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from . import inside, programs
from .environment import ROOT, TEST_SECRET_KEY, environment
from .processes import Process, free_port
from .site_shell import SiteShell
from .visitor import Visitor

PASSWORD = "correct horse battery"
"""Everybody's."""

TROUBLE = re.compile(
    r"Traceback \(most recent call last\)|\b(ERROR|CRITICAL)\b|Unhandled error|never (awaited|retrieved)"
)


class Worker(Process):
    """One server process of a site."""

    host = "127.0.0.1"

    def answers(self) -> bool:
        """Whether it answers HTTP."""
        connection = HTTPConnection(self.host, self.port, timeout=2)
        try:
            connection.request("GET", "/chat", headers={"Host": "localhost"})
            return connection.getresponse().status < 500
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    @property
    def url(self) -> str:
        """Its pages, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def ws_url(self) -> str:
        """Its socket."""
        return f"ws://{self.host}:{self.port}/chat"


class Site:
    """A site whose files are in `folder`; `variables` are its environment (see docs/settings.md).

    `workers` are its processes, each at a port of its own; `url` and `ws_url` are the first one's.
    """

    def __init__(self, folder: Path, *, workers: int = 1, **variables):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        if variables.get("DATABASE_URL"):
            variables = {"SECRET_KEY": TEST_SECRET_KEY} | variables
        if variables.get("REDIS_URL"):
            variables = {"REDIS_PREFIX": folder.name} | variables
        self.env = environment(VAR_DIR=folder, **variables)
        self.workers = [self._worker(number) for number in range(workers)]
        self.shell = SiteShell(self.env, folder / "shell.log")
        self._sessions: dict[str, str] = {}
        self._room_numbers = itertools.count(1)

    def _worker(self, number: int, host: str = "", port: int | None = None) -> Worker:
        port = port or free_port()
        command = [sys.executable, "-X", "faulthandler", "-m", "project.server"]
        env = self.env | {"PORT": str(port)} | ({"HOST": host} if host else {})
        log = self.folder / f"worker-{number}.log"
        worker = Worker(f"worker {number}", command, port, log=log, env=env, cwd=ROOT)
        worker.host = host or worker.host
        return worker

    def start(self) -> "Site":
        """Start all workers; returns when each answers. Raises DidNotStart."""
        for worker in self.workers:
            worker.start(wait=False)
        for worker in self.workers:
            worker.wait_ready()
        return self

    def stop(self) -> None:
        """End all that runs."""
        self.shell.stop()
        for worker in self.workers:
            if worker.running:
                worker.resume()
                worker.terminate()
        for worker in self.workers:
            worker.stop()

    def add_worker(self, *where) -> Worker:
        """Start one more worker; `where` is an address of this machine and a port, if they matter."""
        self.workers.append(self._worker(len(self.workers), *where))
        return self.workers[-1].start()

    @property
    def url(self) -> str:
        """The first worker's pages, without a slash at the end."""
        return self.workers[0].url

    @property
    def ws_url(self) -> str:
        """The first worker's socket."""
        return self.workers[0].ws_url

    @property
    def port(self) -> int:
        """The first worker's port."""
        return self.workers[0].port

    def manage(self, *words: str, check: bool = True, **variables) -> subprocess.CompletedProcess:
        """Run `manage.py` with these words in the site's environment; output and errors are kept as text."""
        env = self.env | {name: str(value) for name, value in variables.items()}
        run = programs.run([sys.executable, programs.MANAGE, *words], env=env)
        if check and run.returncode:
            raise AssertionError(f"manage.py {' '.join(words)} ended with {run.returncode}:\n{run.stdout}{run.stderr}")
        return run

    def python(self, code: str, **names):
        """Run code with the site's settings and database; returns the value of `result` in it. `names` are defined in
        it. For more than a line or two write a function and use `call`."""
        return self.shell.run(code, names)

    def call(self, function: Callable, **arguments):
        """Call a function of any module with the site's settings and database. Arguments and result are JSON values."""
        return self.shell.call(function, arguments)

    def add_person(self, name: str) -> int:
        """Make an account with everybody's password, a member of no room; returns its id."""
        return self.call(inside.add_person, name=name, password=PASSWORD)

    def add_room(self, slug: str = "", *, owner: str = "alice", members=("bob",), **fields) -> str:
        """Create a room (name, topic, kind, guests, slow_mode_s in `fields`) and return its slug.

        Tests share sites, so a test takes a room of its own: without `slug` each call creates a room with a new one.
        """
        slug = slug or f"room-{next(self._room_numbers)}"
        fields = {"name": slug.capitalize()} | fields
        return self.call(inside.add_room, slug=slug, owner=owner, members=list(members), fields=fields)

    def visitor(self, name: str | None = None, *, url: str = "", **options) -> Visitor:
        """Someone at the site's pages, or at those of a proxy at `url`; with `name`, signed in."""
        visitor = Visitor(url or self.url, **options)
        if name:
            answer = visitor.post("/accounts/login/", {"username": name, "password": PASSWORD})
            assert "sessionid" in visitor.cookies, f"{name} could not sign in: {answer.status}\n{answer.text}"
        return visitor

    def sign_in(self, name: str) -> str:
        """The key of a session of this person; the same one when asked again.

        It is created in the database: that takes a hundredth of the time of the sign-in page, which has its own tests.
        """
        if name not in self._sessions:
            self._sessions[name] = self.call(inside.sign_in, name=name)
        return self._sessions[name]

    def cookie(self, name: str) -> str:
        """The `Cookie` header of this person."""
        return f"sessionid={self.sign_in(name)}"

    @property
    def log(self) -> str:
        """What all workers have written."""
        return "".join(worker.log for worker in self.workers)

    def log_sizes(self) -> dict[str, int]:
        """The size of each worker's log in bytes, by the worker's name."""
        return {worker.name: worker.log_size for worker in self.workers}

    def log_since(self, sizes: dict[str, int]) -> str:
        """What the workers have written since `log_sizes` returned `sizes`."""
        return "".join(worker.log_from(sizes.get(worker.name, 0)) for worker in self.workers)

    def errors_logged(self, since: dict[str, int], ignore: str | None = None) -> str:
        """The errors that the workers logged since `log_sizes` returned `since`; '' if there are none.

        Entries that match the pattern `ignore` are left out. A traceback belongs to the line before it.
        """
        entries = re.split(r"^(?=\d{4}-\d\d-\d\d )", self.log_since(since), flags=re.MULTILINE)
        ignored = re.compile(ignore) if ignore else None
        return "".join(e for e in entries if TROUBLE.search(e) and not (ignored and ignored.search(e)))
