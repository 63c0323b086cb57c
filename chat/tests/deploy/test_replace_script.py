"""project/deploy/replace.sh when a step fails or is interrupted, with an imitation of the container engine."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chat.tests.services import wait_until
from chat.tests.services.environment import ROOT

from . import engine_stand_in

pytestmark = pytest.mark.extended

OLD, NEW = "image-old", "image-1"


class Deploy:
    """A checkout with the script, and an engine with two workers of an old version."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.script = folder / "checkout" / "project" / "deploy" / "replace.sh"
        self.script.parent.mkdir(parents=True)
        shutil.copy(ROOT / "project" / "deploy" / "replace.sh", self.script)
        (folder / "bin").mkdir()
        for name in ("docker", "docker-compose"):
            program = folder / "bin" / name
            program.write_text(f"#!{sys.executable}\n" + Path(engine_stand_in.__file__).read_text())
            program.chmod(0o755)
        workers = {f"worker-{letter}": {"image": OLD, "health": "healthy"} for letter in "ab"}
        self.state = {
            "containers": workers,
            "tags": {"parley:latest": OLD},
            "made": 0,
            "calls": {},
            "stopped": [],
            "fail": {},
            "health": {"run": "healthy", "up": "healthy"},
        }
        self.popen: subprocess.Popen | None = None

    @property
    def state(self) -> dict:
        """The containers and images of the engine."""
        return json.loads((self.folder / "state.json").read_text())

    @state.setter
    def state(self, state: dict) -> None:
        (self.folder / "state.json").write_text(json.dumps(state))

    def set(self, **values) -> None:
        """Change which calls fail; the count of calls restarts."""
        self.state = self.state | {"calls": {}} | values

    def start(self) -> subprocess.Popen:
        """Start the script."""
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        env = {"PATH": path, "ENGINE": str(self.folder), "COMPOSE": "docker-compose", "WAIT_S": "600"}
        self.popen = subprocess.Popen(
            ["sh", self.script],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return self.popen

    def run(self) -> tuple[int, str]:
        """Run the script; returns its exit code and its standard error."""
        popen = self.start()
        _out, errors = popen.communicate(timeout=120)
        return popen.returncode, errors

    def images(self) -> list[str]:
        """The images of all containers."""
        return sorted(container["image"] for container in self.state["containers"].values())

    def records(self) -> list[str]:
        """The files that the script has left for its next run."""
        return [path.name for path in (self.folder / "checkout").glob(".deploy-*") if path.suffix != ".lock"]


@pytest.fixture
def deploy(tmp_path):
    deploy = Deploy(tmp_path)
    yield deploy
    if deploy.popen and deploy.popen.poll() is None:
        os.killpg(deploy.popen.pid, signal.SIGKILL)
        deploy.popen.communicate()


def unchanged(deploy: Deploy) -> bool:
    """Whether the old version runs and has its tag, and nothing else exists."""
    return deploy.images() == [OLD, OLD] and deploy.state["tags"] == {"parley:latest": OLD} and not deploy.records()


def replaced(deploy: Deploy, image: str) -> bool:
    """Whether two workers of this image run, it has the tag, and nothing else exists."""
    return (
        deploy.images() == [image, image] and deploy.state["tags"] == {"parley:latest": image} and not deploy.records()
    )


def test_all_workers_are_replaced(deploy):
    assert deploy.run()[0] == 0
    assert replaced(deploy, NEW)
    assert deploy.state["stopped"] == [OLD, OLD]


def test_without_workers_the_complete_site_is_started(deploy):
    deploy.set(containers={})
    assert deploy.run()[0] == 0
    assert len(deploy.images()) == 2


@pytest.mark.parametrize("command", ["config", "ps", "build", "prepare"])
def test_a_step_that_fails_before_anything_is_started_changes_nothing(deploy, command):
    deploy.set(fail={command: [1]})
    assert deploy.run()[0] != 0
    assert unchanged(deploy)


def test_a_version_whose_worker_is_not_healthy_gets_no_tag(deploy):
    deploy.set(health={"run": "unhealthy", "up": "healthy"})
    code, errors = deploy.run()
    assert code != 0
    assert "not healthy" in errors
    assert unchanged(deploy)
    assert "up" not in deploy.state["calls"]


def test_new_workers_that_are_not_healthy_are_removed(deploy):
    deploy.set(health={"run": "healthy", "up": "unhealthy"})
    assert deploy.run()[0] != 0
    assert unchanged(deploy)


@pytest.mark.parametrize("call", [1, 2])
def test_if_the_workers_cannot_be_listed_no_old_worker_is_removed(deploy, call):
    deploy.set(fail={"workers": [call]})
    code, errors = deploy.run()
    assert code != 0
    assert "Cannot list the running workers" in errors
    assert unchanged(deploy)


def test_if_the_engine_fails_from_then_on_the_next_run_completes_the_deploy(deploy):
    deploy.set(fail={"workers": [2, 3]})
    assert deploy.run()[0] != 0
    assert deploy.images() == [NEW, NEW, OLD, OLD]
    deploy.set(fail={})
    assert deploy.run()[0] == 0
    assert len(deploy.images()) == 2
    assert OLD not in deploy.images()
    assert not deploy.records()


def test_an_interrupted_run_is_undone(deploy):
    deploy.set(health={"run": "healthy", "up": "starting"})
    script = deploy.start()
    wait_until(lambda: len(deploy.images()) == 4, "the new workers")
    os.killpg(script.pid, signal.SIGTERM)
    script.communicate(timeout=120)
    assert script.returncode == 143
    assert unchanged(deploy)


def test_a_killed_run_does_not_double_the_workers(deploy):
    deploy.set(health={"run": "healthy", "up": "starting"})
    script = deploy.start()
    wait_until(lambda: len(deploy.images()) == 4, "the new workers")
    os.killpg(script.pid, signal.SIGKILL)
    script.communicate()
    deploy.set(health={"run": "unhealthy", "up": "healthy"})
    assert deploy.run()[0] != 0
    assert deploy.state["tags"]["parley:latest"] == OLD, "the next start takes a version that was never healthy"
    deploy.set(health={"run": "healthy", "up": "healthy"})
    assert deploy.run()[0] == 0
    assert len({*deploy.images()}) == 1
    assert replaced(deploy, deploy.images()[0])
    assert OLD not in deploy.images()


def test_a_run_that_was_killed_while_it_tested_a_worker_leaves_nothing(deploy):
    deploy.set(health={"run": "starting", "up": "healthy"})
    script = deploy.start()
    wait_until(lambda: len(deploy.images()) == 3, "the worker on trial")
    os.killpg(script.pid, signal.SIGKILL)
    script.communicate()
    deploy.set(health={"run": "healthy", "up": "healthy"})
    assert deploy.run()[0] == 0
    assert replaced(deploy, deploy.images()[0])


def test_only_one_deploy_runs_at_a_time(deploy):
    deploy.set(health={"run": "starting", "up": "healthy"})
    first = deploy.start()
    wait_until(lambda: len(deploy.images()) == 3, "the worker on trial")
    assert "Another deploy" in deploy.run()[1]
    os.killpg(first.pid, signal.SIGTERM)
    first.communicate(timeout=120)
    assert unchanged(deploy)
