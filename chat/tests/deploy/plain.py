"""Runs the services of docker-compose.yml as plain processes, with their commands and environments.

What an engine would provide is replaced: volumes by folders, host names by addresses, images by their main programs.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from chat.tests.services import Process, free_port
from chat.tests.services.environment import ROOT, environment
from chat.tests.services.site import Worker

from .caddy import CURRENT, Caddy
from .names import Names, new_addresses
from .test_compose_file import resolved

IMAGE = (ROOT / "Dockerfile").read_text()
HOME = "127.0.0.1"


class Services:
    """The services of the compose file with `variables`, in `folder`; `database` is the URL of an empty database."""

    def __init__(self, folder: Path, *, database: str, **variables: str):
        self.folder, self.database = folder, database
        self.port = int(variables.setdefault("PORT", str(free_port())))
        self.services = resolved((ROOT / "docker-compose.yml").read_text(), **variables)["services"]
        self.names, self.worker_port = Names(), free_port()
        self.cache_port = free_port()
        self.workers: list[Worker] = []
        self.running: list[Process] = []

    # --- What a container engine does

    def places(self, service: str) -> dict[str, Path]:
        """The folders that replace the service's volumes, by their path in the container."""
        places = {}
        for volume in self.services[service].get("volumes", ()):
            source, target, *_ = volume.split(":")
            if source[0] in "./":
                places[target] = ROOT / source
            else:
                places[target] = self.folder / "volumes" / source
                places[target].mkdir(parents=True, exist_ok=True)
        return places

    def placed(self, service: str, word: str) -> str:
        """A word of a command or an environment, with paths of the container replaced."""
        for target, place in sorted(self.places(service).items(), reverse=True):
            if word == target or word.startswith(f"{target}/"):
                return str(place) + word.removeprefix(target)
        if any(target.startswith(f"{word}/") for target in self.places(service)):
            return str(self._combined(service, word))
        return word

    def _combined(self, service: str, parent: str) -> Path:
        """A folder that replaces `parent`, with links to the volumes that are mounted in it."""
        folder = self.folder / "combined" / service
        folder.mkdir(parents=True, exist_ok=True)
        for target, place in self.places(service).items():
            if target.startswith(f"{parent}/") and not (link := folder / target.removeprefix(f"{parent}/")).exists():
                link.symlink_to(place)
        return folder

    def command(self, service: str) -> list[str]:
        """The service's command, or the image's."""
        words = self.services[service].get("command") or json.loads(re.findall("^CMD (.*)$", IMAGE, re.MULTILINE)[-1])
        return [{"python": sys.executable}.get(words[0], words[0]), *(self.placed(service, word) for word in words[1:])]

    def variables(self, service: str) -> dict[str, str]:
        """The service's environment."""
        given = self.services[service].get("environment", {})
        return {name: self.placed(service, str(value or "")) for name, value in given.items() if value is not None}

    # --- The services

    def run(self, service: str, **more) -> str:
        """Run a job to its end; returns its output. Raises CalledProcessError."""
        env = environment(**self.variables(service) | {"VAR_DIR": self.folder} | more)
        done = subprocess.run(self.command(service), env=env, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def find(self) -> None:
        """Replace host names of the containers' network by real addresses in the files of the job `keys`."""
        secrets = self.folder / "volumes" / "keys-web"
        for name, old, new in (
            ("database_url", r".*", self.database),
            ("redis_url", "@cache:6379", f"@{HOME}:{self.cache_port}"),
        ):
            text = re.sub(old, new, (secrets / name).read_text(), count=1)
            (secrets / name).unlink()
            (secrets / name).write_text(text)

    def start_cache(self) -> Process:
        """Redis, with the password that the job `keys` generated."""
        command = [*self.command("cache"), "--port", self.cache_port, "--bind", HOME, "--dir", self.folder]
        return self._start(Process("cache", command, self.cache_port, log=self.folder / "cache.log"))

    def start_worker(self) -> Worker:
        """Start one more worker, at its own address."""
        address = new_addresses(1)[0] if self.workers else HOME
        number = len(self.workers)
        where = {"HOST": address, "PORT": self.worker_port, "TRUSTED_PROXIES": HOME, "VAR_DIR": self.folder}
        env, log = environment(**self.variables("web") | where), self.folder / f"web-{number}.log"
        worker = Worker(f"web {number}", self.command("web"), self.worker_port, log=log, env=env, cwd=ROOT)
        worker.host = address
        worker.options["pass_fds"] = ()  # So that it is executed as written, not forked (see `programs`).
        self.workers.append(self._start(worker))
        self.names.addresses.append(address)
        return worker

    def start_proxy(self) -> Caddy:
        """The proxy."""
        files = self._combined("proxy", "/srv")
        variables = self.variables("proxy") | {"SITE_ADDRESS": f":{self.port}"}
        proxy = Caddy(self.folder / "proxy", self.names, self.worker_port, files=files, **variables)
        proxy.port = self.port
        proxy.command = [str(CURRENT), *self.command("proxy")[1:]]
        return self._start(proxy)

    def _start(self, process: Process):
        self.running.append(process)
        return process.start()

    def stop(self) -> None:
        """Stop everything, in reverse order."""
        for process in reversed(self.running):
            process.stop()
