"""A PostgreSQL server for tests."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg

from .processes import Process, free_port

USER = "postgres"  # Debian's: PostgreSQL refuses to run as root.


class Postgres(Process):
    """One cluster in a new folder. `durable` keeps fsync on, for tests of what survives; otherwise it is fast.

    `copy_of`: the data directory of a server that does not run, to begin with.
    Its folder is not a test's own: pytest's are closed to other users, and as root this runs as another one.
    """

    def __init__(self, port: int | None = None, *, durable: bool = False, copy_of: Path | None = None):
        self.programs = _programs()
        self.folder = Path(tempfile.mkdtemp(prefix="parley-postgres-"))
        user = USER if os.geteuid() == 0 else None
        port = port or free_port()
        command = [self.programs / "postgres", "-D", self.folder / "data", "-p", port, "-h", "127.0.0.1", "-k", ""]
        command += ["-c", "max_connections=300", "-c", "log_min_messages=warning"]
        if not durable:
            command += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        super().__init__("postgresql", command, port, log=self.folder / "log", cwd=self.folder, user=user)
        # Immediate: TERM would wait for clients that are gone.
        self.orphan_signal = signal.SIGQUIT
        self._copy_of = copy_of
        self._made = 0

    def start(self, *, wait: bool = True):
        """Start it, making its cluster on first use."""
        if not (self.folder / "data").exists():
            if "user" in self.options:
                shutil.chown(self.folder, USER, USER)
            if self._copy_of:
                _copy(self._copy_of, self.folder / "data")
            else:
                command = [self.programs / "initdb", "-D", self.folder / "data", "-U", "parley", "-A", "trust"]
                command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
                subprocess.run(command, check=True, capture_output=True, **self.options)
        return super().start(wait=wait)

    def answers(self) -> bool:
        """Whether it takes queries."""
        try:
            psycopg.connect(self.admin_url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    @property
    def admin_url(self) -> str:
        """The database that is always there."""
        return self.url("postgres")

    def url(self, database: str) -> str:
        """Where clients find a database."""
        return f"postgres://parley@127.0.0.1:{self.port}/{database}"

    def new_url(self, template: str = "template0", name: str = "") -> str:
        """Make a database, a copy of `template`, and return its URL."""
        self._made += 1
        name = name or f"test_{self._made}"
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def databases(self) -> set[str]:
        """The names of its databases."""
        with psycopg.connect(self.admin_url) as connection:
            return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}

    def copy_data(self, folder: Path) -> None:
        """Copy its data directory, while it does not run, to `folder`, which must not exist."""
        _copy(self.folder / "data", folder)

    def stop(self) -> None:
        """End it at once: open connections are cut (SIGINT, "fast" in PostgreSQL's words)."""
        if self.running:
            self.signal(signal.SIGINT)
            self.wait()

    def restart(self) -> None:
        """Stop it and start it again with all that it holds."""
        self.stop()
        self.start()

    def remove(self) -> None:
        """Stop it for good."""
        self.stop()
        # Not waited for: on a busy disk it takes seconds to remove thousands of files.
        os.spawnlp(os.P_NOWAIT, "rm", "rm", "-rf", str(self.folder))


def _copy(data: Path, folder: Path) -> None:
    """Copy a data directory; the copy belongs to the same user, which `shutil.copytree` would not do."""
    subprocess.run(["cp", "--archive", data, folder], check=True)


def _programs() -> Path:
    """Where initdb and postgres are: Debian keeps them off the PATH. The newest version, if there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise FileNotFoundError("PostgreSQL is missing; `make test` installs it.")
    return found[-1].parent if found else Path(on_path).resolve().parent
