"""Runs docker-compose.yml in a container engine, with its own project name, version and ports."""

import random
import re
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

from chat.tests.services import Visitor, free_port, wait_until
from chat.tests.services.environment import ROOT, environment


def engine_answers() -> bool:
    """Whether a container engine runs here."""
    if not shutil.which("docker"):
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0


def composes() -> dict[str, list[str]]:
    """The installed versions of Compose by name: that of requirements-dev.txt, and Debian's 1.29."""
    found = {"current": [str(Path(sys.prefix) / "bin" / "docker-compose")], "debian": ["/usr/bin/docker-compose"]}
    return {name: command for name, command in found.items() if shutil.which(command[0])}


class Containers:
    """A site in containers, started by this `compose`; `variables` are added to its environment."""

    def __init__(self, compose: list[str], **variables: str):
        third = random.randrange(0, 255, 2)
        self.inside, self.outside = f"10.232.{third}.0/24", f"10.232.{third + 1}.0/24"
        self.name = f"parley-test-{uuid.uuid4().hex[:8]}"
        self.port = free_port()
        self.env = (
            environment()
            | {
                "COMPOSE_PROJECT_NAME": self.name,
                "PARLEY_VERSION": self.name,
                "PORT": str(self.port),
                "INSIDE_SUBNET": self.inside,
                "OUTSIDE_SUBNET": self.outside,
                # Requests of this machine have the address of the network's gateway.
                "FRONT_PROXIES": self.gateway,
                "COMPOSE": " ".join(compose),
                # For the example request of docs/protocol.md.
                "ALLOWED_HOSTS": "localhost,server.example.com",
                "ALLOWED_ORIGINS": "http://example.com",
            }
            | variables
        )
        self._compose = compose

    @property
    def gateway(self) -> str:
        """The address of this machine in the outer network."""
        return self.outside.replace(".0/24", ".1")

    def run(self, *words: str, folder: Path = ROOT, **variables) -> str:
        """Run a command with this site's environment; returns its output. Raises AssertionError if it fails."""
        env = self.env | variables
        done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, f"{' '.join(words)}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def compose(self, *words: str) -> str:
        """Run Compose."""
        return self.run(*self._compose, *words)

    def up(self) -> None:
        """Start everything; returns when the proxy is healthy, and so are the workers."""
        self.compose("up", "-d")
        (proxy,) = self.compose("ps", "-q", "proxy").split()
        wait_until(lambda: self.inspect(proxy, "{{.State.Health.Status}}") == "healthy", "the proxy", timeout=60)

    def remove(self) -> None:
        """Stop everything, and delete all containers, volumes and images of this test."""
        subprocess.run(["docker", "rm", "--force", f"{self.name}-trial"], capture_output=True, check=False)
        self.compose("down", "--volumes", "--timeout", "5")
        # By tag: other tags of the same image stay.
        names = self.run("docker", "images", "--format", "{{.Repository}}:{{.Tag}}", f"parley:{self.name}*").split()
        if names:
            self.run("docker", "image", "rm", *names)

    def workers(self) -> list[str]:
        """The ids of the running workers."""
        labels = {"project": self.name, "service": "web", "oneoff": "False"}
        filters = [f"--filter=label=com.docker.compose.{name}={value}" for name, value in labels.items()]
        return self.run("docker", "ps", "--quiet", "--no-trunc", *filters).split()

    def inspect(self, container: str, template: str) -> str:
        """One property of a container."""
        return self.run("docker", "inspect", "--format", template, container).strip()

    def sockets(self, worker: str) -> int:
        """The number of open sockets of a worker, from its metrics."""
        read = "from urllib.request import urlopen as ask; print(ask('http://127.0.0.1:3368/metrics').read().decode())"
        (count,) = re.findall(r"^parley_sockets (\S+)$", self.run("docker", "exec", worker, "python", "-c", read), re.M)
        return int(float(count))

    def python(self, code: str) -> str:
        """Run code in a worker, with Django set up; returns its output."""
        return self.run("docker", "exec", self.workers()[0], "python", "manage.py", "shell", "-v", "0", "-c", code)

    @property
    def url(self) -> str:
        """The site's pages, through the proxy."""
        return f"http://localhost:{self.port}"

    @property
    def ws_url(self) -> str:
        """The site's socket, through the proxy."""
        return f"ws://localhost:{self.port}/chat"

    def visitor(self) -> Visitor:
        """A visitor of the site."""
        return Visitor(self.url)
