"""The proxy, as docker-compose.yml starts it: Caddy with project/deploy/Caddyfile."""

import os
import sys
from pathlib import Path

from chat.tests.services import Process, free_port
from chat.tests.services.environment import ROOT

from .names import Names

CADDYFILE = ROOT / "project" / "deploy" / "Caddyfile"
# Of the version in docker-compose.yml, from requirements-dev.txt; Debian's is years older.
CURRENT = Path(sys.prefix) / "bin" / "caddy"
DEBIANS = Path("/usr/bin/caddy")
ARGUMENTS = ["run", "--config", CADDYFILE, "--adapter", "caddyfile"]


class Caddy(Process):
    """A proxy at 127.0.0.1:`port` before the workers that `names` knows, each at `upstream_port`.

    `files` holds `static`. With `name` it serves that name with TLS; else plain HTTP. `variables` are the Caddyfile's.
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
            # Each value ends a line of the Caddyfile: one more line may follow it.
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
        """Its pages, without a slash at the end."""
        return f"https://{self.host}:{self.port}" if self.host else f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        """Its socket."""
        return self.url.replace("http", "ws", 1) + "/chat"

    @property
    def authority(self) -> Path:
        """The certificate of the authority that it made for names like `localhost`."""
        return self.folder / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
