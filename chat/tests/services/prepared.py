"""Sites ready to be copied: migrating and setting one up takes seconds, copying it does not.

The cast: `admin` set the site up and owns the Lobby, where guests may write. Alice owns the rooms `tea` (public) and
`den` (private) and Bob is a member of all three; Charlie has an account and is a member of none.
"""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

from .postgres import Postgres
from .site import PASSWORD, Site

MIGRATE = """
    from django.core.management import call_command
    call_command("migrate", verbosity=0)
"""
CAST = """
    import os
    from django.core.management import call_command
    os.environ["PARLEY_ADMIN_PASSWORD"] = password
    call_command("setup", site_name="Parley", admin="admin", email="admin@example.com", lobby_guests="write")
    from chat.domain import accounts, rooms
    from chat.models import Room
    people = [accounts.create(username=name, password=password) for name in ("alice", "bob", "charlie")]
    rooms.create(slug="tea", name="Tea", by=people[0])
    rooms.create(slug="den", name="Den", by=people[0], kind="private")
    for slug in ("lobby", "tea", "den"):
        for person in people[:2]:
            rooms.join(room=Room.objects.get(slug=slug), user=person)
"""


class Prepared:
    """What is copied. `shared` is a folder that all pytest processes of a run know: who comes first makes a thing in
    it, the others wait. PostgreSQL is each process's own, and so are its templates.
    """

    def __init__(self, shared: Path):
        self.shared = shared
        self._templates: set[tuple[Path, str]] = set()

    def sqlite(self, folder: Path, *, peopled: bool = True) -> None:
        """Put a migrated database into `folder`, the VAR_DIR of a new site; with the cast if `peopled`."""
        self._copy("peopled" if peopled else "bare", folder, lambda at: _make(Site(at), peopled))

    def postgresql(self, postgres: Postgres, folder: Path, *, peopled: bool = True) -> str:
        """Make a migrated database, with the cast if `peopled`; returns its URL.

        `folder` is for what making it writes.
        """
        name = "template_peopled" if peopled else "template_bare"
        # By its folder: another one may come to have the port of one that is gone.
        if (postgres.folder, name) not in self._templates:
            _make(Site(folder / name, DATABASE_URL=postgres.new_url(name=name)), peopled)
            self._templates.add((postgres.folder, name))
        return postgres.new_url(name)

    def static_files(self, folder: Path) -> None:
        """Put the collected static files into `folder`."""
        self._copy("collected", folder, lambda at: Site(at).manage("collectstatic", "--noinput", "--verbosity", "0"))

    def _copy(self, name: str, folder: Path, make: Callable[[Path], object]) -> None:
        with (self.shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self.shared / name).exists():
                shutil.rmtree(self.shared / f"{name}-half", ignore_errors=True)
                make(self.shared / f"{name}-half")
                (self.shared / f"{name}-half").rename(self.shared / name)
        shutil.copytree(self.shared / name, folder, dirs_exist_ok=True)


def _make(site: Site, peopled: bool) -> None:
    site.python(MIGRATE)
    if peopled:
        site.python(CAST, password=PASSWORD)
    site.stop()
