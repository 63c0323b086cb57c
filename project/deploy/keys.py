"""The job that makes a site's secrets on its first start: `python -m project.deploy.keys FOLDER`.

Each service has a folder, a volume, with what it may know and no more. What is there is kept: a second start changes
nothing, and one that was cut off goes on.
"""

import os
import secrets
import sys
from pathlib import Path

DATABASE, CACHE = "db", "cache"
"""The names of PostgreSQL and Redis among the services of docker-compose.yml."""
SECRET, OPEN = 0o400, 0o444
"""Modes: for this image's own user; for a user of another image, in a volume that no one else sees."""


def prepare(folder: Path) -> None:
    """Make what is missing in `folder`/web, /db and /cache."""
    database_password = keep(folder / "web" / "database_password", secrets.token_urlsafe(32))
    cache_password = keep(folder / "web" / "cache_password", secrets.token_urlsafe(32))
    keep(folder / "web" / "secret_key", secrets.token_urlsafe(48))
    keep(folder / "web" / "database_url", f"postgres://parley:{database_password}@{DATABASE}/parley")
    keep(folder / "web" / "redis_url", f"redis://:{cache_password}@{CACHE}:6379/0")
    keep(folder / DATABASE / "password", database_password, mode=OPEN)
    # It keeps nothing that matters: what it is asked to remember is told again.
    redis = f'requirepass {cache_password}\nsave ""\nappendonly no\n'
    keep(folder / CACHE / "redis.conf", redis, mode=OPEN)


def keep(path: Path, text: str, mode: int = SECRET) -> str:
    """Write `text` to `path` unless there is something; returns what is there."""
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    # Whole or not at all: the machine may go off at any moment.
    draft = path.with_name(f".{path.name}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        os.fchmod(file.fileno(), mode)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return text


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
