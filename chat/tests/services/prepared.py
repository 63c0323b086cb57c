"""Prepared sites that are copied for each test: a copy takes milliseconds, a migration takes seconds.

The cast: `admin` is the admin and owns the Lobby, where guests may write. Alice owns the rooms `tea` (public) and `den`
(private). Bob is a member of all three. Charlie has an account and is a member of none.
"""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

from . import inside
from .postgres import Postgres
from .site import PASSWORD, Site

BARE, WITH_USERS = "template_bare", "template_with_users"


class Prepared:
    """Makes templates of sites and copies them.

    The pytest processes of a run share the folder `shared`: the first one that needs a template makes it, the others
    wait. Each process has its own PostgreSQL, which begins as a copy of one with templates.
    """

    def __init__(self, shared: Path):
        self.shared = shared

    def sqlite(self, folder: Path, *, with_users: bool = True) -> None:
        """Copy a migrated database into `folder`, the VAR_DIR of a new site; with the cast if `with_users`."""
        shutil.copytree(self._with_users() if with_users else self._bare(), folder, dirs_exist_ok=True)

    def sqlite_file(self, path: Path) -> None:
        """Copy a migrated database to `path`."""
        shutil.copy(self._bare() / "parley.sqlite3", path)

    def cluster(self) -> Path:
        """The data directory of a PostgreSQL that has the templates, to copy."""
        return self._made("cluster", self._make_cluster) / "data"

    def postgresql(self, postgres: Postgres, folder: Path, *, with_users: bool = True) -> str:
        """Create a migrated database, with the cast if `with_users`, and return its URL.

        `folder` holds the files that are written meanwhile.
        """
        name = WITH_USERS if with_users else BARE
        if name not in postgres.databases():
            _add_templates(postgres, folder)
        return postgres.new_url(name)

    def static_files(self, folder: Path) -> None:
        """Link the collected static files into `folder`. There are hundreds, and no site changes them."""
        collect = ("collectstatic", "--noinput", "--verbosity", "0")
        collected = self._made("collected", lambda at: Site(at).manage(*collect))
        (folder / "static").symlink_to(collected / "static")

    def _bare(self) -> Path:
        return self._made("bare", lambda at: _run(Site(at), inside.migrate))

    def _with_users(self) -> Path:
        def make(at: Path) -> None:
            shutil.copytree(self._bare(), at)
            _run(Site(at), inside.add_cast, password=PASSWORD)

        return self._made("with_users", make)

    def _make_cluster(self, folder: Path) -> None:
        postgres = Postgres()
        try:
            postgres.start()
            _add_templates(postgres, folder)
            postgres.stop()
            postgres.copy_data(folder / "data")
        finally:
            postgres.remove()

    def _made(self, name: str, make: Callable[[Path], object]) -> Path:
        with (self.shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self.shared / name).exists():
                shutil.rmtree(self.shared / f"{name}-half", ignore_errors=True)
                make(self.shared / f"{name}-half")
                (self.shared / f"{name}-half").rename(self.shared / name)
        return self.shared / name


def _add_templates(postgres: Postgres, folder: Path) -> None:
    """Make the templates in `postgres`; `folder` holds the files that are written meanwhile."""
    _run(Site(folder / BARE, DATABASE_URL=postgres.new_url(name=BARE)), inside.migrate)
    with_users = Site(folder / WITH_USERS, DATABASE_URL=postgres.new_url(BARE, name=WITH_USERS))
    _run(with_users, inside.add_cast, password=PASSWORD)


def _run(site: Site, function: Callable, **arguments) -> None:
    """Call one function in a site that nothing else uses."""
    try:
        site.call(function, **arguments)
    finally:
        site.stop()
