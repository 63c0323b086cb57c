"""Temporary Redis and PostgreSQL servers for a run, on the core of the load, with default durability."""

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

from .machine import MachineNotSuitable
from .processes import Process, free_port, service

POSTGRES_USER = "postgres"


class Service(NamedTuple):
    """A running service: its URL and its process."""

    url: str
    process: Process


@contextmanager
def redis():
    """Start a Redis server; yields a Service. Without persistence: the channel layer stores nothing."""
    program = shutil.which("redis-server")
    if not program:
        raise MachineNotSuitable("redis-server is missing (apt install redis-server).")
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with service("redis", command, port) as process:
        yield Service(f"redis://127.0.0.1:{port}/0", process)


def _postgres_programs() -> Path:
    """The folder of initdb and postgres, which Debian keeps off the PATH. The newest version if there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise MachineNotSuitable("PostgreSQL is missing (apt install postgresql).")
    return found[-1].parent if found else Path(on_path).resolve().parent


def _wait_until_it_answers(url: str) -> None:
    # PostgreSQL listens before it accepts sessions.
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
    """Start a PostgreSQL server with default durability (each commit reaches the disk); yields a Service."""
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
        # SIGTERM would wait for the clients to disconnect.
        with service("postgresql", command, port, user=user, cwd=data, end_signal=signal.SIGINT) as process:
            url = f"postgres://parley@127.0.0.1:{port}/postgres"
            _wait_until_it_answers(url)
            yield Service(url, process)
    finally:
        shutil.rmtree(data, ignore_errors=True)
