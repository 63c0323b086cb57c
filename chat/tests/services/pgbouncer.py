"""A pgbouncer for tests, in transaction mode, with few connections to the database."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg

from .postgres import USER, Postgres
from .processes import Process, free_port

POOL_SIZE = 6
SETTINGS = """
[databases]
* = host=127.0.0.1 port={database_port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
admin_users = parley
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 200
logfile = {folder}/pgbouncer.log
"""


class PgBouncer(Process):
    """Debian's, as its own settings are but for the mode: it refuses options at the start of a connection."""

    def __init__(self, postgres: Postgres):
        program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
        if not program:
            raise FileNotFoundError("pgbouncer is missing; `make test` installs it.")
        port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="parley-pgbouncer-"))
        settings = SETTINGS.format(database_port=postgres.port, port=port, folder=self.folder, size=POOL_SIZE)
        (self.folder / "settings").write_text(settings)
        (self.folder / "users").write_text('"parley" ""\n')
        # It does not run as root.
        user = USER if os.geteuid() == 0 else None
        if user:
            for path in (self.folder, *self.folder.iterdir()):
                shutil.chown(path, user, user)
        command = [program, self.folder / "settings"]
        super().__init__("pgbouncer", command, port, log=self.folder / "log", cwd=self.folder, user=user)

    def answers(self) -> bool:
        """Whether its console answers."""
        try:
            self.console("SHOW VERSION")
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str) -> str:
        """Where clients find a database."""
        return f"postgres://parley@127.0.0.1:{self.port}/{database}"

    def console(self, command: str) -> list[tuple]:
        """Give a command to its console; returns the rows of the answer."""
        where = {"host": "127.0.0.1", "port": self.port, "user": "parley", "dbname": "pgbouncer"}
        # Not `with`: the console knows no COMMIT.
        connection = psycopg.connect(**where, autocommit=True, connect_timeout=2)
        try:
            cursor = psycopg.ClientCursor(connection)
            cursor.execute(command)
            return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def remove(self) -> None:
        """Stop it for good."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
