"""`manage.py backup`, and what comes of it: a site moves to another kind of database, and goes on there."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from chat.tests.rows import rows_of, without_epoch
from chat.tests.services.environment import ROOT

POST = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    from chat.models import RoomHead
    alice = get_user_model().objects.get_by_natural_key("alice")
    before = RoomHead.objects.get(room__slug="tea").version
    said = messages.post(room="tea", author=alice, body="more", client_id=uuid.uuid4())
    result = [said.version - before, said.seq - before]
"""


def move(source, target, file):
    source.manage("backup", str(file))
    target.manage("restore", str(file))
    return target


def test_there_is_something_of_each_kind_to_compare(lived_in):
    assert [label for label, rows in rows_of(lived_in).items() if not rows] == []


def test_a_laptop_s_trial_becomes_a_team_s_site_and_comes_back(lived_in, empty_site, tmp_path):
    before = rows_of(lived_in)
    on_postgresql = move(lived_in, empty_site(postgres=True), tmp_path / "first")
    assert without_epoch(rows_of(on_postgresql)) == without_epoch(before)
    on_sqlite = move(on_postgresql, empty_site(), tmp_path / "second")
    assert without_epoch(rows_of(on_sqlite)) == without_epoch(before)
    epochs = [rows["chat.site"][0]["epoch"] for rows in (before, rows_of(on_postgresql), rows_of(on_sqlite))]
    assert len(set(epochs)) == 3


@pytest.mark.parametrize("postgres", [None, True])
def test_a_restored_site_goes_on_where_the_other_one_was(lived_in, empty_site, tmp_path, postgres):
    site = move(lived_in, empty_site(postgres=postgres), tmp_path / "backup")
    users = {int(row["id"]) for row in rows_of(site)["auth.user"]}
    assert site.python(POST) == [1, 1]
    assert site.add_person("erin") not in users
    assert site.add_room("new")
    assert site.start().sign_in("bob")


def test_the_file_is_whole_or_not_there_and_only_its_owner_s(lived_in, tmp_path):
    file = tmp_path / "backup"
    file.write_text("an older one")
    run = lived_in.manage("backup", str(file))
    assert f"rows are in {file}." in run.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes()[:2] == b"\x1f\x8b"
    assert list(tmp_path.iterdir()) == [file]
    run = lived_in.manage("backup", str(tmp_path / "nowhere" / "backup"), check=False)
    assert run.returncode == 1
    assert "No such file or directory" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_backup_goes_through_a_pipe(lived_in, empty_site):
    target = empty_site()
    command = [sys.executable, ROOT / "manage.py"]
    written = subprocess.run([*command, "backup", "-"], env=lived_in.env, cwd=ROOT, capture_output=True, check=True)
    subprocess.run([*command, "restore", "-"], env=target.env, cwd=ROOT, input=written.stdout, check=True)
    assert without_epoch(rows_of(target)) == without_epoch(rows_of(lived_in))


def test_a_link_stays_and_what_it_names_is_replaced(lived_in, tmp_path):
    file, link, dangling = tmp_path / "backup", tmp_path / "link", tmp_path / "dangling"
    file.write_text("an older one")
    link.symlink_to(file)
    dangling.symlink_to("new")
    lived_in.manage("backup", str(link))
    lived_in.manage("backup", str(dangling))
    assert link.is_symlink()
    assert dangling.is_symlink()
    assert file.read_bytes()[:2] == (tmp_path / "new").read_bytes()[:2] == b"\x1f\x8b"
    assert {path.name for path in tmp_path.iterdir()} == {"backup", "link", "dangling", "new"}


def test_a_backup_is_written_to_a_fifo_and_read_from_one(lived_in, empty_site, tmp_path):
    fifo, target = tmp_path / "fifo", empty_site()
    os.mkfifo(fifo)
    with subprocess.Popen(
        [sys.executable, ROOT / "manage.py", "restore", str(fifo)],
        env=target.env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as restoring:
        lived_in.manage("backup", str(fifo))
        assert "are restored" in restoring.communicate(timeout=60)[0]
    assert restoring.returncode == 0
    assert stat.S_ISFIFO(fifo.stat().st_mode)
    assert without_epoch(rows_of(target)) == without_epoch(rows_of(lived_in))


def test_a_backup_is_written_to_a_device_which_stays_one(lived_in):
    run = lived_in.manage("backup", "/dev/full", check=False)
    assert run.returncode == 1
    assert "No space left on device" in run.stderr
    assert "Traceback" not in run.stderr
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)
