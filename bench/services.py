"""Redis and PostgreSQL for the length of a run: fresh, durable as by default, on the load's core."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg

from .machine import Unfit
from .processes import Process, free_port, service

POSTGRES_USER = "postgres"


class Service(NamedTuple):
    """A service that runs: where it is reached, and its process."""

    url: str
    process: Process


@contextmanager
def redis():
    """A Redis of our own, as a Service. It keeps nothing on disk: the channel layer keeps nothing."""
    program = shutil.which("redis-server")
    if not program:
        raise Unfit("redis-server is missing (apt install redis-server): Redis is part of what is measured.")
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with service("redis", command, port) as process:
        yield Service(f"redis://127.0.0.1:{port}/0", process)


def _postgres_programs() -> Path:
    """Where initdb and postgres are: Debian keeps them off the PATH. The newest version, if there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise Unfit("PostgreSQL is missing (apt install postgresql): it is part of what is measured.")
    return found[-1].parent if found else Path(on_path).resolve().parent


def _wait_until_it_answers(url: str) -> None:
    # It listens before it is ready.
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@contextmanager
def postgresql():
    """A PostgreSQL of our own with its default durability (each commit reaches the disk), as a Service."""
    programs = _postgres_programs()
    user = POSTGRES_USER if os.geteuid() == 0 else None
    data = Path(tempfile.mkdtemp(prefix="parley-bench-pg-"))
    try:
        if user:
            shutil.chown(data, user, user)
        subprocess.run(
            [programs / "initdb", "-D", data / "data", "-U", "parley", "-A", "trust", "-E", "UTF8", "--no-locale"],
            user=user,
            group=user,
            cwd=data,
            check=True,
            capture_output=True,
        )
        port = free_port()
        command = [programs / "postgres", "-D", data / "data", "-p", str(port), "-h", "127.0.0.1", "-k", str(data)]
        command += ["-c", "max_connections=200", "-c", "shared_buffers=512MB"]
        # SIGTERM would wait for its clients.
        with service("postgresql", command, port, user=user, cwd=data, end_signal=signal.SIGINT) as process:
            url = f"postgres://parley@127.0.0.1:{port}/postgres"
            _wait_until_it_answers(url)
            yield Service(url, process)
    finally:
        shutil.rmtree(data, ignore_errors=True)
