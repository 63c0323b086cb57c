"""Starts the proxy like docker-compose.yml: Caddy with project/deploy/Caddyfile."""

import os
import sys
from pathlib import Path

from chat.tests.services import Process, free_port
from chat.tests.services.environment import ROOT

from .names import Names

CADDYFILE = ROOT / "project" / "deploy" / "Caddyfile"
# The version of docker-compose.yml, from requirements-dev.txt; Debian's version is years older.
CURRENT = Path(sys.prefix) / "bin" / "caddy"
DEBIANS = Path("/usr/bin/caddy")
ARGUMENTS = ["run", "--config", CADDYFILE, "--adapter", "caddyfile"]


class Caddy(Process):
    """A proxy at 127.0.0.1:`port` for the workers that the name server `names` lists, each at `upstream_port`.

    `files` is the folder that contains `static`. With `name` it serves that name with TLS, else plain HTTP. `variables`
    are those of the Caddyfile.
    """

    def __init__(
        self, folder: Path, names: Names, upstream_port: int, *, files: Path, name="", program=CURRENT, **variables
    ):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        port = free_port()
        env = {
            "PATH": os.environ["PATH"],
            "HOME": folder,
            "XDG_DATA_HOME": folder / "data",
            "XDG_CONFIG_HOME": folder / "config",
            "SITE_ADDRESS": name or f":{port}",
            **({"TLS_RULES": "Caddyfile.tls"} if name else {}),
            "HTTP_PORT": free_port(),
            # Each value ends a line of the Caddyfile, so a value may add another line.
            "HTTPS_PORT": f"{port if name else free_port()}\ndefault_bind 127.0.0.1",
            "UPSTREAM_PORT": f"{upstream_port}\nresolvers udp/127.0.0.1:{names.port}",
            "FILES": files,
        } | variables
        env = {key: str(value) for key, value in env.items()}
        super().__init__("caddy", [program, *ARGUMENTS], port, log=folder / "caddy.log", env=env, cwd=ROOT)
        self.host = name
        self.upstream_port = upstream_port
        self.http_port = int(env["HTTP_PORT"])

    @property
    def url(self) -> str:
        """The URL of its pages, without a trailing slash."""
        return f"https://{self.host}:{self.port}" if self.host else f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        """The URL of its socket."""
        return self.url.replace("http", "ws", 1) + "/chat"

    @property
    def authority(self) -> Path:
        """The certificate of the authority that Caddy makes for names like `localhost`."""
        return self.folder / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
