"""The whole of docker-compose.yml in a container engine, under a name, a version and ports of its own."""

import re
import shutil
import subprocess
import uuid

from chat.tests.services import Visitor, free_port
from chat.tests.services.environment import ROOT, environment


def engine_answers() -> bool:
    """Whether a container engine runs here."""
    if not shutil.which("docker"):
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0


class Containers:
    """A site in containers. `compose` is Compose v2, or docker-compose 1.29 where that is what there is."""

    def __init__(self):
        self.name = f"parley-test-{uuid.uuid4().hex[:8]}"
        self.port = free_port()
        self.env = environment() | {
            "COMPOSE_PROJECT_NAME": self.name,
            "PARLEY_VERSION": self.name,
            "PORT": str(self.port),
            "HTTP_PORT": str(free_port()),
            "HTTPS_PORT": str(free_port()),
            # The sample request of the protocol names these.
            "ALLOWED_HOSTS": "localhost,server.example.com",
            "ALLOWED_ORIGINS": "http://example.com",
        }
        v2 = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
        self._compose = ["docker", "compose"] if v2 else ["docker-compose"]

    def run(self, *words: str, **variables) -> str:
        """Run a command with this site's environment; returns what it prints. Raises AssertionError when it fails."""
        env = self.env | variables
        done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, f"{' '.join(words)}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def compose(self, *words: str) -> str:
        """Run Compose."""
        return self.run(*self._compose, *words)

    def up(self) -> None:
        """Start everything; returns when the proxy runs, which waits for the workers."""
        self.compose("up", "-d")

    def remove(self) -> None:
        """End everything and leave nothing: no container, no volume, no image of this test."""
        self.compose("down", "--volumes", "--timeout", "5")
        images = self.run("docker", "images", "--quiet", f"parley:{self.name}*").split()
        if images:
            self.run("docker", "rmi", "--force", *set(images))

    def workers(self) -> list[str]:
        """The ids of the workers that run."""
        return self.compose("ps", "-q", "web").split()

    def inspect(self, container: str, template: str) -> str:
        """One thing that the engine knows of a container."""
        return self.run("docker", "inspect", "--format", template, container).strip()

    def sockets(self, worker: str) -> int:
        """How many sockets a worker holds at this moment, by its own count."""
        read = "from urllib.request import urlopen as ask; print(ask('http://127.0.0.1:3368/metrics').read().decode())"
        (count,) = re.findall(r"^parley_sockets (\S+)$", self.run("docker", "exec", worker, "python", "-c", read), re.M)
        return int(float(count))

    def python(self, code: str) -> str:
        """Run code in a worker, with Django set up; returns what it prints."""
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
        """Someone at a browser."""
        return Visitor(self.url)
