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


class Prepared:
    """Makes templates of sites and copies them.

    The pytest processes of a run share the folder `shared`: the first one that needs a template makes it, the others
    wait. Each process has its own PostgreSQL, with templates of its own.
    """

    def __init__(self, shared: Path):
        self.shared = shared
        self._templates: set[tuple[Path, str]] = set()

    def sqlite(self, folder: Path, *, with_users: bool = True) -> None:
        """Copy a migrated database into `folder`, the VAR_DIR of a new site; with the cast if `with_users`."""
        self._copy("with_users" if with_users else "bare", folder, lambda at: _make(Site(at), with_users))

    def postgresql(self, postgres: Postgres, folder: Path, *, with_users: bool = True) -> str:
        """Create a migrated database, with the cast if `with_users`, and return its URL.

        `folder` holds the files that are written meanwhile.
        """
        name = "template_with_users" if with_users else "template_bare"
        # Identified by its folder: a later server may get the port of one that has ended.
        if (postgres.folder, name) not in self._templates:
            _make(Site(folder / name, DATABASE_URL=postgres.new_url(name=name)), with_users)
            self._templates.add((postgres.folder, name))
        return postgres.new_url(name)

    def static_files(self, folder: Path) -> None:
        """Link the collected static files into `folder`. There are hundreds, and no site changes them."""
        collect = ("collectstatic", "--noinput", "--verbosity", "0")
        collected = self._made("collected", lambda at: Site(at).manage(*collect))
        (folder / "static").symlink_to(collected / "static")

    def _copy(self, name: str, folder: Path, make: Callable[[Path], object]) -> None:
        shutil.copytree(self._made(name, make), folder, dirs_exist_ok=True)

    def _made(self, name: str, make: Callable[[Path], object]) -> Path:
        with (self.shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self.shared / name).exists():
                shutil.rmtree(self.shared / f"{name}-half", ignore_errors=True)
                make(self.shared / f"{name}-half")
                (self.shared / f"{name}-half").rename(self.shared / name)
        return self.shared / name


def _make(site: Site, with_users: bool) -> None:
    site.call(inside.migrate)
    if with_users:
        site.call(inside.add_cast, password=PASSWORD)
    site.stop()
