"""A Redis server for tests."""

import shutil
from pathlib import Path

from redis import Redis as Client

from .processes import Process, free_port

DATABASES = 64


class Redis(Process):
    """Keeps nothing on disk. `url` is its database 0; each call of `new_url` returns another database."""

    def __init__(self, folder: Path, port: int | None = None):
        port = port or free_port()
        folder.mkdir(parents=True, exist_ok=True)
        program = shutil.which("redis-server")
        if not program:
            raise FileNotFoundError("redis-server is missing; `make test` installs it.")
        command = [program, "--port", port, "--bind", "127.0.0.1", "--dir", folder, "--databases", DATABASES]
        command += ["--save", "", "--appendonly", "no"]
        super().__init__("redis", command, port, log=folder / "redis.log")
        self._used = 0

    @property
    def url(self) -> str:
        """The URL for clients."""
        return f"redis://127.0.0.1:{self.port}/0"

    def new_url(self) -> str:
        """The URL of an empty database. Channel layers are separated by their prefix: pub/sub ignores databases."""
        self._used += 1
        url = f"redis://127.0.0.1:{self.port}/{self._used % DATABASES}"
        with Client.from_url(url) as client:
            client.flushdb()
        return url

    def flush(self) -> None:
        """Delete all keys."""
        with Client.from_url(self.url) as client:
            client.flushall()

    def restart(self) -> None:
        """Stop it and start it again, empty, at the same port."""
        self.stop()
        self.start()
