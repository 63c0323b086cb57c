"""The job that generates a site's secrets at its first start: `python -m project.deploy.keys FOLDER`.

Each service has a folder, which is a volume, with the secrets that it needs and no others. Existing secrets are kept: a
second start changes nothing, and an interrupted start is completed.
"""

import os
import secrets
import sys
from pathlib import Path

DATABASE, CACHE = "db", "cache"
"""The names of PostgreSQL and Redis among the services of docker-compose.yml."""
OWNER_ONLY, ALL_USERS = 0o400, 0o444
"""File modes: for this image's user; for the user of another image, in a volume that only that image mounts."""


def prepare(folder: Path) -> None:
    """Generate what is missing in `folder`/web, /db and /cache."""
    database_password = keep(folder / "web" / "database_password", secrets.token_urlsafe(32))
    cache_password = keep(folder / "web" / "cache_password", secrets.token_urlsafe(32))
    keep(folder / "web" / "secret_key", secrets.token_urlsafe(48))
    keep(folder / "web" / "database_url", f"postgres://parley:{database_password}@{DATABASE}/parley")
    keep(folder / "web" / "redis_url", f"redis://:{cache_password}@{CACHE}:6379/0")
    keep(folder / DATABASE / "password", database_password, mode=ALL_USERS)
    # Redis saves nothing to disk: it holds no data that a restart must not lose.
    redis = f'requirepass {cache_password}\nsave ""\nappendonly no\n'
    keep(folder / CACHE / "redis.conf", redis, mode=ALL_USERS)


def keep(path: Path, text: str, mode: int = OWNER_ONLY) -> str:
    """Write `text` to `path` unless the file exists; returns the file's content."""
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    # Through a draft: a power cut must not leave an incomplete file.
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
