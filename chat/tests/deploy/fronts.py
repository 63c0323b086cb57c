"""Starts proxies with the examples of docs/proxies.md; only ports, paths and certificates differ."""

import os
import re
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

from chat.tests.services import Process, free_port
from chat.tests.services.environment import ROOT, environment

GUIDE = (ROOT / "docs" / "proxies.md").read_text()
NAME = "chat.example.com"
APACHE_MODULES = (
    "mpm_event authz_core socache_shmcb ssl http2 headers unique_id alias slotmem_shm proxy proxy_http proxy_balancer"
    " lbmethod_byrequests"
).split()


def example(language: str) -> str:
    """The only example in this language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    return found


class Front(Process):
    """A proxy at https://chat.example.com:`port`, whose certificate is signed by `authority`."""

    def __init__(self, folder: Path, command: list, port: int, authority: Path):
        env = environment(HOME=folder, XDG_DATA_HOME=folder / "data", XDG_CONFIG_HOME=folder / "config")
        super().__init__(command[0], command, port, log=folder / "log", env=env)
        self.authority = authority
        self.url = f"https://{NAME}:{port}"

    def answers(self) -> bool:
        """Whether it answers with its certificate."""
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
    """Debian's nginx with its example, and a self-signed certificate."""
    key, certificate, port = folder / "key.pem", new_certificate(folder), free_port()
    text = at_ports(example("nginx"), site).replace("listen 443", f"listen 127.0.0.1:{port}")
    text = text.replace(f"/etc/ssl/certs/{NAME}.pem", str(certificate))
    text = text.replace(f"/etc/ssl/private/{NAME}.key", str(key))
    places = [f"{name}_temp_path {folder / name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")]
    # Debian's nginx runs its workers as www-data, who cannot write into the folder of a test.
    whole = [
        "user root;",
        "daemon off;",
        f"pid {folder}/pid;",
        "error_log stderr;",
        "events {}",
        "http {",
        "access_log off;",
    ]
    (folder / "nginx.conf").write_text("\n".join([*whole, *places, text, "}"]))
    command = [program("nginx"), "-p", folder, "-c", folder / "nginx.conf", "-e", "stderr"]
    return Front(folder, command, port, certificate)


def haproxy(folder: Path, site) -> Front:
    """Debian's HAProxy with its example, and a self-signed certificate."""
    certificate, port = new_certificate(folder), free_port()
    (folder / "both.pem").write_text(certificate.read_text() + (folder / "key.pem").read_text())
    text = at_ports(example("haproxy"), site).replace("bind :443", f"bind 127.0.0.1:{port}")
    (folder / "haproxy.cfg").write_text(text.replace(f"/etc/haproxy/{NAME}.pem", str(folder / "both.pem")))
    return Front(folder, [program("haproxy"), "-db", "-f", folder / "haproxy.cfg"], port, certificate)


def apache(folder: Path, site) -> Front:
    """Debian's Apache with its example, and a self-signed certificate."""
    certificate, port = new_certificate(folder), free_port()
    text = at_ports(example("apache"), site).replace("*:443", f"127.0.0.1:{port}")
    text = text.replace(f"/etc/ssl/certs/{NAME}.pem", str(certificate))
    text = text.replace(f"/etc/ssl/private/{NAME}.key", str(folder / "key.pem"))
    loads = [f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in APACHE_MODULES]
    whole = [f"ServerRoot {folder}", f"DefaultRuntimeDir {folder}", f"PidFile {folder}/pid", "ErrorLog /dev/stderr"]
    whole += [f"ServerName {NAME}", f"Listen 127.0.0.1:{port}", "User www-data", "Group www-data"]
    (folder / "apache.conf").write_text("\n".join([*loads, *whole, text]))
    return Front(folder, [program("apache2"), "-D", "FOREGROUND", "-f", folder / "apache.conf"], port, certificate)


def new_certificate(folder: Path) -> Path:
    """A self-signed certificate for NAME in `folder`; its key is key.pem in the same folder."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    command += ["-keyout", folder / "key.pem", "-out", folder / "certificate.pem"]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "certificate.pem"


def program(name: str) -> str:
    """The path of a program that Debian installs in /usr/sbin."""
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") or name


def caddy(folder: Path, site) -> Front:
    """Caddy with its example, and a certificate of Caddy's own authority."""
    port = free_port()
    options = ["admin off", "skip_install_trust", "local_certs", "default_bind 127.0.0.1"]
    options += [f"http_port {free_port()}", f"https_port {port}"]
    (folder / "Caddyfile").write_text("\n".join(["{", *options, "}", at_ports(example("caddyfile"), site)]))
    command = ["caddy", "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"]
    return Front(folder, command, port, folder / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt")


def at_ports(text: str, site) -> str:
    """The example with the ports of the site's workers."""
    for port, worker in zip((3368, 3369), site.workers, strict=True):
        assert f"127.0.0.1:{port}" in text
        text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{worker.port}")
    return text
