"""`.ci/need` waits while another package manager runs, with Debian's own apt."""

import fcntl
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

from chat.tests.services.environment import ROOT

HELD_S = 3
# The real `apt-get update`, on folders of the test's own; `install` makes the package's program.
APT_GET = """#!/bin/sh
case "$*" in
    *update*) exec {real} "$@" ;;
    *install*) printf '#!/bin/sh\\n' >{program} && chmod +x {program} ;;
esac
"""
APT_CONF = """
Dir::State "{folder}/state";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "{folder}/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "/dev/null";
"""

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("apt-get"), reason="packages are installed by root, through apt"
)


@pytest.fixture
def machine(tmp_path) -> Path:
    """A folder with an apt of its own; `bin` is first on the PATH."""
    for folder in ("bin", "state/lists/partial", "cache/archives/partial"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "apt.conf").write_text(APT_CONF.format(folder=tmp_path))
    program = tmp_path / "bin" / "parley-test-program"
    apt_get = tmp_path / "bin" / "apt-get"
    apt_get.write_text(APT_GET.format(real=shutil.which("apt-get"), program=program))
    apt_get.chmod(0o755)
    return tmp_path


def need(machine: Path, package: str) -> subprocess.CompletedProcess:
    env = os.environ | {"PATH": f"{machine / 'bin'}:{os.environ['PATH']}", "APT_CONFIG": str(machine / "apt.conf")}
    env |= {"TMPDIR": str(machine)}
    return subprocess.run([ROOT / ".ci" / "need", package], env=env, capture_output=True, text=True, timeout=120)


def test_it_waits_for_the_lock_of_the_package_lists(machine):
    with (machine / "state" / "lists" / "lock").open("w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        threading.Timer(HELD_S, fcntl.lockf, (lock, fcntl.LOCK_UN)).start()
        began = time.monotonic()
        run = need(machine, "parley-test-program")
    assert run.returncode == 0, run.stderr
    assert time.monotonic() - began >= HELD_S


def test_another_failure_of_apt_is_shown_at_once(machine):
    sources = machine / "sources.list"
    sources.write_text("nonsense\n")
    (machine / "apt.conf").write_text(f'{APT_CONF.format(folder=machine)}Dir::Etc::sourcelist "{sources}";')
    run = need(machine, "parley-test-program")
    assert run.returncode != 0
    assert "sources.list" in run.stderr
