"""A whole site: a folder, a database, and one or more workers of `python -m project.server`."""

import re
import subprocess
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from .environment import ROOT, environment
from .inside import Inside
from .processes import Process, free_port
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
    """A site whose files are in `folder`; `variables` are its environment (see docs/operating.md).

    `workers` are its processes, each at a port of its own; `url` and `ws_url` are the first one's.
    """

    def __init__(self, folder: Path, *, workers: int = 1, **variables):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        if variables.get("DATABASE_URL"):
            variables = {"SECRET_KEY": "of-a-test-site"} | variables
        if variables.get("REDIS_URL"):
            variables = {"REDIS_PREFIX": folder.name} | variables
        self.env = environment(VAR_DIR=folder, **variables)
        self.workers = [self._worker(number) for number in range(workers)]
        self.inside = Inside(self.env, folder / "inside.log")
        self._sessions: dict[str, str] = {}

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
        self.inside.stop()
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
        command = [sys.executable, ROOT / "manage.py", *words]
        env = self.env | {name: str(value) for name, value in variables.items()}
        run = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if check and run.returncode:
            raise AssertionError(f"manage.py {' '.join(words)} ended with {run.returncode}:\n{run.stdout}{run.stderr}")
        return run

    def python(self, code: str, **names):
        """Run code with the site's settings and database; returns what it calls `result`. `names` are defined in it."""
        return self.inside.run(code, **names)

    def add_person(self, name: str) -> int:
        """Make an account with everybody's password; returns its id."""
        return self.python(
            "from chat.domain import accounts\nresult = accounts.create(username=name, password=password).pk",
            name=name,
            password=PASSWORD,
        )

    def add_room(self, slug: str, *, owner: str = "alice", members=("bob",), **fields) -> str:
        """Make a room (name, topic, kind, guests, slow_mode_s in `fields`); returns its slug."""
        code = """
            from django.contrib.auth import get_user_model
            from chat.domain import rooms
            person = get_user_model().objects.get_by_natural_key
            room = rooms.create(slug=slug, by=person(owner), **fields)
            for name in members:
                rooms.join(room=room, user=person(name))
            result = room.slug
        """
        fields = {"name": slug.capitalize()} | fields
        return self.python(code, slug=slug, owner=owner, members=list(members), fields=fields)

    def visitor(self, name: str | None = None, *, url: str = "", **options) -> Visitor:
        """Someone at the site's pages, or at those of a proxy at `url`; with `name`, signed in."""
        visitor = Visitor(url or self.url, **options)
        if name:
            answer = visitor.post("/accounts/login/", {"username": name, "password": PASSWORD})
            assert "sessionid" in visitor.cookies, f"{name} could not sign in: {answer.status}\n{answer.text}"
        return visitor

    def sign_in(self, name: str) -> str:
        """The key of a session of this person, got through the sign-in page; the same one when asked again."""
        if name not in self._sessions:
            self._sessions[name] = self.visitor(name).cookies["sessionid"]
        return self._sessions[name]

    def cookie(self, name: str) -> str:
        """The `Cookie` header of this person."""
        return f"sessionid={self.sign_in(name)}"

    @property
    def log(self) -> str:
        """What all workers have written."""
        return "".join(worker.log for worker in self.workers)

    def trouble(self, since: dict[str, int], but_not: str | None = None) -> str:
        """What the workers wrote of errors after the lengths in `since` (by worker's name); '' if nothing.

        `but_not`: a pattern; what matches it is no trouble. A traceback belongs to the line before it.
        """
        said = "".join(worker.log[since.get(worker.name, 0) :] for worker in self.workers)
        entries = re.split(r"^(?=\d{4}-\d\d-\d\d )", said, flags=re.MULTILINE)
        expected = re.compile(but_not) if but_not else None
        return "".join(e for e in entries if TROUBLE.search(e) and not (expected and expected.search(e)))
