"""A site on SQLite with a full disk: people are asked to try again; the log and `/readyz` show the reason."""

import os
import subprocess
import uuid
from pathlib import Path

import pytest

from chat.management.protocol_connection import CommandRefused
from chat.tests.client import Client
from chat.tests.services import wait_until
from chat.tests.services.visitor import Visitor

DISK_MIB = 48
CHUNK = bytes(256 * 1024)


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a small file system of its own. Only root can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> Path:
    """Use up all free space."""
    file = folder / "large"
    with file.open("wb", buffering=0) as large:
        try:
            while large.write(CHUNK):
                pass
        except OSError:
            large.close()
    return file


async def outcome(person: Client) -> str:
    """Post a long message once; returns "stored", or the code of the error."""
    try:
        await person.ask("post", room="tea", client_id=str(uuid.uuid4()), body="x" * 7000)
    except CommandRefused as refused:
        return refused.code
    return "stored"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
@pytest.mark.log_may_show("cannot store anything|disk")
async def test_a_full_disk_shows_in_the_log_and_in_readyz_until_space_is_free(make_site, prepared, small_disk):
    prepared.sqlite(small_disk)
    site = make_site(DATABASE_URL=f"sqlite:///{small_disk}/parley.sqlite3", CHAT_POST_RATE=0)
    readiness = lambda: Visitor(site.url).get("/readyz")  # noqa: E731
    assert readiness().status == 200
    async with Client(site.ws_url, site.sign_in("alice"), ["tea"]) as alice:
        await alice.post_message("tea", "before")
        large = fill(small_disk)
        # The write-ahead log still has room for a few messages.
        codes = [await outcome(alice) for _post in range(400)]
        assert set(codes) <= {"stored", "unavailable"}
        assert codes[-1] == "unavailable"
        assert readiness().status == 503
        assert f"database: The disk of {small_disk} is full: 0 MiB are left." in readiness().text
        assert site.log.count("The database cannot store anything: database or disk is full") == 1
        large.unlink()
        assert (await alice.post_message("tea", "after"))["text"] == "after"
        wait_until(lambda: readiness().status == 200)
