"""The proxies of the examples in docs/operating.md, as they stand there: only names and places differ."""

import os
import re
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

from chat.tests.services import Process, free_port
from chat.tests.services.environment import ROOT, environment

GUIDE = (ROOT / "docs" / "operating.md").read_text()
NAME = "chat.example.com"


def example(language: str) -> str:
    """The one example in this language that is about proxies."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    return found


class Front(Process):
    """A proxy at https://chat.example.com:`port`; who trusts `authority` trusts its certificate."""

    def __init__(self, folder: Path, command: list, port: int, authority: Path):
        env = environment(HOME=folder, XDG_DATA_HOME=folder / "data", XDG_CONFIG_HOME=folder / "config")
        super().__init__(command[0], command, port, log=folder / "log", env=env)
        self.authority = authority
        self.url = f"https://{NAME}:{port}"

    def answers(self) -> bool:
        """Whether it has its certificate and shows it."""
        try:
            self.connect().close()
        except OSError:
            return False
        return True

    def connect(self, source: str = "127.0.0.1") -> ssl.SSLSocket:
        """A connection with TLS, from the address `source`. Raises OSError."""
        context = ssl.create_default_context(cafile=self.authority)
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=30, source_address=(source, 0))
        try:
            return context.wrap_socket(plain, server_hostname=NAME)
        except OSError:
            plain.close()
            raise


def nginx(folder: Path, site) -> Front:
    """Debian's nginx with its example, and a certificate of the test's own."""
    key, certificate, port = folder / "key.pem", folder / "certificate.pem", free_port()
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    text = at_ports(example("nginx"), site).replace("listen 443", f"listen 127.0.0.1:{port}")
    text = text.replace(f"/etc/ssl/certs/{NAME}.pem", str(certificate))
    text = text.replace(f"/etc/ssl/private/{NAME}.key", str(key))
    places = [f"{name}_temp_path {folder / name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")]
    whole = ["daemon off;", f"pid {folder}/pid;", "error_log stderr;", "events {}", "http {", "access_log off;"]
    (folder / "nginx.conf").write_text("\n".join([*whole, *places, text, "}"]))
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
    return Front(folder, [program, "-p", folder, "-c", folder / "nginx.conf", "-e", "stderr"], port, certificate)


def caddy(folder: Path, site) -> Front:
    """Caddy with its example, and a certificate of its own authority."""
    port = free_port()
    options = ["admin off", "skip_install_trust", "local_certs", "default_bind 127.0.0.1"]
    options += [f"http_port {free_port()}", f"https_port {port}"]
    (folder / "Caddyfile").write_text("\n".join(["{", *options, "}", at_ports(example("caddyfile"), site)]))
    command = ["caddy", "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"]
    return Front(folder, command, port, folder / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt")


def at_ports(text: str, site) -> str:
    """The example with the ports of the site's workers in place of its own."""
    for port, worker in zip((3368, 3369), site.workers, strict=True):
        assert f"127.0.0.1:{port}" in text
        text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{worker.port}")
    return text
