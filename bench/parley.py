"""A site of Parley to measure: the database is filled once, workers are started as needed."""

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

from .generator import NUMBER_PLACEHOLDER, Client
from .machine import LOAD_CORE, ROOT
from .peers.roster import MESSAGE_TEXT
from .processes import Broken, Process, free_port, pin_and_end_with_parent

OPTIONS = {"ready": '{"type":"reply"', "reply": '{"type":"reply"', "error": '{"type":"error"', "first_frames_after": 1}
PEOPLE_IN_ALL_ROOMS = 2000
"""The first people of the site; the others are only in the first room."""


class Site:
    """A site with people and rooms. `clients` returns connections for the load generator."""

    def __init__(
        self, database_url: str, redis_url: str, people: int, folder: Path, fill: tuple[str, ...] | None = None
    ):
        """`fill`: the command that fills the database, instead of `bench.people`; then there is no `data`."""
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
            "MAX_FILE_BYTES": str(1024**3),
            "MAX_CONNECTIONS": "20000",
            "MAX_CONNECTIONS_PER_PERSON": "20000",
            "MAX_CONNECTIONS_PER_ADDRESS": "20000",
            "MAX_HANDSHAKES_PER_ADDRESS": "0",
            "MAX_HTTP_CONNECTIONS_PER_ADDRESS": "20000",
        }
        self.command("manage.py", "migrate", "-v", "0")
        if fill is not None:
            self.command(*fill)
            return
        self.command("manage.py", "collectstatic", "--noinput", "-v", "0")
        data_file = folder / "people.json"
        self.command("-m", "bench.people", people, min(people, PEOPLE_IN_ALL_ROOMS), data_file)
        self.data = json.loads(data_file.read_text())

    def command(self, *words) -> None:
        """Run a program of Python in the environment of the site. Raises Broken."""
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
        """A worker, not started."""
        port = free_port()
        env = {**self.env, "HOST": "127.0.0.1", "PORT": str(port)}
        return Process(name, [sys.executable, "-m", "project.server"], port, env=env, cwd=ROOT, **options)

    def stock(self) -> Process:
        """Stock Daphne with Django's own handler, not started. It serves the same pages."""
        port = free_port()
        command = [sys.executable, "-m", "daphne", "-v", "0", "-p", str(port), "bench.site_stock:application"]
        return Process("stock", command, port, env=self.env, cwd=ROOT)

    def heads(self) -> dict[str, int]:
        """The head version of each room, by slug."""
        query = "SELECT slug, version FROM chat_room JOIN chat_roomhead ON room_id = id"
        if self.database_url.startswith("sqlite"):
            with closing(sqlite3.connect(self.database_url.removeprefix("sqlite:///"))) as database:
                return dict(database.execute(query).fetchall())
        with psycopg.connect(self.database_url) as database:
            return dict(database.execute(query).fetchall())

    def clients(self, count: int, *, rooms: int = 1, missed: int = 0) -> list[Client]:
        """`count` people, signed in. Each opens one of the first `rooms` rooms from `missed` versions ago."""
        run = secrets.token_hex(4)
        client_id = f"{run}-0000-4000-8000-0000{NUMBER_PLACEHOLDER}"
        post = {"type": "post", "ref": 1, "client_id": client_id, "body": MESSAGE_TEXT}
        opens = {"type": "open", "ref": 0, "epoch": self.data["epoch"]}
        clients, heads = [], self.heads()
        for number, key in enumerate(self.data["sessions"][:count]):
            room = self.data["rooms"][number % rooms]
            since = heads[room] - missed
            clients.append(
                Client(
                    path="/chat",
                    headers={"Cookie": f"sessionid={key}", "Sec-WebSocket-Protocol": "chat"},
                    first=[json.dumps({**opens, "room": room, "since": since})],
                    message_template=json.dumps({**post, "room": room}),
                    group=number % rooms,
                )
            )
        return clients

    def readers(self, path: str, count: int) -> list[Client]:
        """`count` people who request a page repeatedly, with the two cookies of a sign-in."""
        return [
            Client(path=path, headers={"Cookie": f"sessionid={key}; csrftoken={key}"}, websocket=False)
            for key in self.data["sessions"][:count]
        ]

    @contextmanager
    def injector(self):
        """A process that puts messages of the first room on the channel layer. Yields the path of its Unix socket."""
        path = tempfile.mktemp(prefix="parley-bench-", suffix=".sock")
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.injector", path, self.data["rooms"][0]],
            env=os.environ | self.env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=pin_and_end_with_parent({LOAD_CORE}),
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
