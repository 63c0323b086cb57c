"""Servers that move the same bytes: nginx takes uploads, Caddy sends files. Each is None where it is not installed."""

import shutil
from pathlib import Path

from ..processes import Process, free_port

NGINX = """
daemon off;
worker_processes 1;
user {user};
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_max_body_size 0;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 1000000;
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://127.0.0.1:{behind}; }}
    }}
    server {{
        listen 127.0.0.1:{behind};
        location / {{ return 204; }}
    }}
}}
"""


def nginx(folder: Path) -> Process | None:
    """nginx as a proxy with its defaults: it writes a body into a file, then sends it to a server that drops it."""
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        return None
    folder.mkdir(parents=True)
    port, behind = free_port(), free_port()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(user=folder.owner(), folder=folder, port=port, behind=behind))
    return Process("nginx", [program, "-p", str(folder), "-c", str(config)], port)


def caddy(folder: Path) -> Process | None:
    """Caddy's file server for `folder`."""
    program = shutil.which("caddy")
    if program is None:
        return None
    port = free_port()
    command = [program, "file-server", "--root", str(folder), "--listen", f"127.0.0.1:{port}"]
    return Process("caddy", command, port)
