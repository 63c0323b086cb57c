"""Parley under the load: its database filled once, its worker started as often as wanted."""

import json
import os
import secrets
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from .generator import PLACE, Client
from .machine import LOAD_CORE, ROOT
from .peers.roster import SAID
from .processes import Broken, Process, belong, free_port

OPTIONS = {"ready": '{"type":"reply"', "reply": '{"type":"reply"', "error": '{"type":"error"', "speak_after": 1}
MANY_ROOMS = 2000
"""So many people are in all 20 rooms; the rest only in the first."""


class Site:
    """A site with people in it. `clients` are what the load generator connects as."""

    def __init__(self, database_url: str, redis_url: str, people: int, folder: Path):
        self.folder = folder
        self.database_url = database_url
        self.env = {
            "DJANGO_SETTINGS_MODULE": "bench.site_settings",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": secrets.token_hex(32),
            "VAR_DIR": str(folder / "var"),
            "LOG_LEVEL": "WARNING",
            "ALLOWED_HOSTS": "127.0.0.1",
            "CHAT_POST_RATE": "0",
            "MAX_CONNECTIONS": "20000",
            "MAX_CONNECTIONS_PER_PERSON": "20000",
            "MAX_CONNECTIONS_PER_ADDRESS": "20000",
            "MAX_HTTP_CONNECTIONS_PER_ADDRESS": "20000",
        }
        self._command("manage.py", "migrate", "-v", "0")
        self._command("manage.py", "collectstatic", "--noinput", "-v", "0")
        facts = folder / "people.json"
        self._command("-m", "bench.people", people, min(people, MANY_ROOMS), facts)
        self.facts = json.loads(facts.read_text())

    def _command(self, *words) -> None:
        done = subprocess.run(
            [sys.executable, *map(str, words)],
            env=os.environ | self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Broken(f"{words}:\n{done.stderr[-3000:]}")

    def worker(self, name: str = "parley", **options) -> Process:
        """One worker, not yet started."""
        port = free_port()
        env = {**self.env, "HOST": "127.0.0.1", "PORT": str(port)}
        return Process(name, [sys.executable, "-m", "project.server"], port, env=env, cwd=ROOT, **options)

    def stock(self) -> Process:
        """Stock Daphne with Django's own handler, not yet started: it serves the same pages."""
        port = free_port()
        command = [sys.executable, "-m", "daphne", "-v", "0", "-p", str(port), "bench.site_stock:application"]
        return Process("stock", command, port, env=self.env, cwd=ROOT)

    def heads(self) -> dict[str, int]:
        """The version of each room's head, by slug."""
        query = "SELECT slug, version FROM chat_room JOIN chat_roomhead ON room_id = id"
        if self.database_url.startswith("sqlite"):
            with closing(sqlite3.connect(self.database_url.removeprefix("sqlite:///"))) as database:
                return dict(database.execute(query).fetchall())
        with psycopg.connect(self.database_url) as database:
            return dict(database.execute(query).fetchall())

    def clients(self, count: int, *, rooms: int = 1, missed: int = 0) -> list[Client]:
        """`count` people, signed in, each of whom opens one of the first `rooms` rooms, `missed` messages behind."""
        run = secrets.token_hex(4)
        said = {"type": "post", "ref": 1, "client_id": f"{run}-0000-4000-8000-0000{PLACE}", "body": SAID}
        opens = {"type": "open", "ref": 0, "epoch": self.facts["epoch"]}
        clients, heads = [], self.heads()
        for number, key in enumerate(self.facts["sessions"][:count]):
            room = self.facts["rooms"][number % rooms]
            since = heads[room] - missed
            clients.append(
                Client(
                    path="/chat",
                    headers={"Cookie": f"sessionid={key}", "Sec-WebSocket-Protocol": "chat"},
                    first=[json.dumps({**opens, "room": room, "since": since})],
                    says=json.dumps({**said, "room": room}),
                    group=number % rooms,
                )
            )
        return clients

    def readers(self, path: str, count: int) -> list[Client]:
        """`count` people who ask for a page over and over, with the two cookies that a sign-in leaves."""
        return [
            Client(path=path, headers={"Cookie": f"sessionid={key}; csrftoken={key}"}, websocket=False)
            for key in self.facts["sessions"][:count]
        ]

    @contextmanager
    def injector(self):
        """Another process that puts messages of the first room on the channel layer; gives its socket's path."""
        path = tempfile.mktemp(prefix="parley-bench-", suffix=".sock")
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.injector", path, self.facts["rooms"][0]],
            env=os.environ | self.env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=belong({LOAD_CORE}),
        )
        try:
            if process.stdout.readline() != "listening\n":
                raise Broken("The injector did not start.")
            yield path
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()
            Path(path).unlink(missing_ok=True)
