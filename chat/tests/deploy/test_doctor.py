"""`manage.py doctor` against a site behind nginx: as docs/proxies.md has it, and with one thing broken each."""

import base64
import contextlib
import hashlib
import re
import select
import socket
import threading
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from chat.doctor import checks, connection, target

from .fronts import NAME, apache, caddy, haproxy, nginx

SHORT = ["--idle", "0.5"]
WRONG_ACCEPT = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"
)
BAD_ADDRESSES = "ftp://example.com https:// http://a\u00a0b/ http://[::1 https://u@example.com http://e\u0301.example"


@pytest.fixture(scope="module")
def proxied_site(new_site):
    """A site of two workers that knows its proxy's address, and its name."""
    known = {"TRUSTED_PROXIES": "127.0.0.1", "ALLOWED_HOSTS": NAME, "SECURE_COOKIES": "true"}
    site = new_site(workers=2, postgres=True, redis=True, GUEST_RATE=0, **known)
    yield site.start()
    site.stop()


@pytest.fixture
def examine_nginx(proxied_site, tmp_path):
    """Function that starts nginx with changes (old, new) of its example, and runs the doctor against it."""
    started = []

    def run(*changes: tuple[str, str], options: list[str] = SHORT) -> dict[str, str]:
        proxy = nginx(tmp_path, proxied_site)
        settings = tmp_path / "nginx.conf"
        for old, new in changes:
            text = settings.read_text()
            assert old in text
            settings.write_text(text.replace(old, new))
        started.append(proxy)
        proxy.start()
        return examine(proxy.url, "--address", "127.0.0.1", "--ca", str(proxy.authority), *options)

    yield run
    for proxy in started:
        proxy.stop()


def examine(url: str, *options: str) -> dict[str, str]:
    """Run the doctor. Returns the outcome of each check that was made; `exit` is the exit code, `text` all output."""
    out = StringIO()
    try:
        call_command("doctor", url, *options, stdout=out, no_color=True)
    except SystemExit as ended:
        code = ended.code
    else:
        code = 0
    lines = re.findall(rf"^(ok|warning|failed) +({'|'.join(checks.CHECKS)}) ", out.getvalue(), re.MULTILINE)
    return {name: outcome for outcome, name in lines} | {"exit": code, "text": out.getvalue()}


# --- nginx


@pytest.mark.parametrize("make_proxy", [nginx, caddy, haproxy, apache], ids=lambda make: make.__name__)
def test_nothing_is_wrong_with_the_examples_of_the_guide(proxied_site, tmp_path, make_proxy):
    proxy = make_proxy(tmp_path, proxied_site)
    try:
        proxy.start()
        found = examine(proxy.url, "--address", "127.0.0.1", "--ca", str(proxy.authority), *SHORT)
    finally:
        proxy.stop()
    assert {name: found[name] for name in checks.CHECKS} == dict.fromkeys(checks.CHECKS, "ok"), found["text"]
    assert found["exit"] == 0


def test_an_unknown_certificate_is_named(examine_nginx, proxied_site, tmp_path):
    examine_nginx()
    text = (tmp_path / "nginx.conf").read_text()
    port = re.search(r"listen 127\.0\.0\.1:(\d+)", text)[1]
    found = examine(f"https://{NAME}:{port}", "--address", "127.0.0.1", *SHORT)
    assert (found["connection"], found["exit"]) == ("failed", 1)
    assert "certificate" in found["text"]


def test_missing_upgrade_headers_are_found(examine_nginx):
    found = examine_nginx(("proxy_set_header Upgrade $http_upgrade;", ""))
    assert (found["plain HTTP"], found["upgrade"], found["exit"]) == ("ok", "failed", 1)
    assert "proxy_http_version 1.1" in found["text"]
    assert "The other 7 checks" in found["text"]


def test_a_wrong_origin_is_found(examine_nginx):
    found = examine_nginx(
        ("proxy_pass http://parley;", "proxy_pass http://parley; proxy_set_header Origin https://x.invalid;")
    )
    assert (found["upgrade"], found["exit"]) == ("failed", 1)
    assert "its own origin with 403" in found["text"]


def test_a_dropped_origin_is_found(examine_nginx):
    found = examine_nginx(("proxy_pass http://parley;", 'proxy_pass http://parley; proxy_set_header Origin "";'))
    assert (found["upgrade"], found["other origin"], found["exit"]) == ("ok", "failed", 1)


def test_a_changed_host_is_found(examine_nginx):
    found = examine_nginx(("proxy_set_header Host $http_host;", ""))
    assert (found["plain HTTP"], found["exit"]) == ("failed", 1)
    assert "ALLOWED_HOSTS" in found["text"]


def test_a_dropped_subprotocol_is_found(examine_nginx):
    change = 'proxy_pass http://parley; proxy_set_header Sec-WebSocket-Protocol "";'
    found = examine_nginx(("proxy_pass http://parley;", change))
    assert (found["subprotocol"], found["exit"]) == ("failed", 1)


def test_a_short_idle_time_out_is_found(examine_nginx):
    change = "proxy_pass http://parley; proxy_read_timeout 1s;"
    found = examine_nginx(("proxy_pass http://parley;", change), options=["--idle", "5"])
    assert (found["idle connection"], found["exit"]) == ("failed", 1)
    assert re.search(r"ended after [1-3] s with 1006", found["text"])


def test_workers_that_are_away_are_named(examine_nginx):
    found = examine_nginx(("server 127.0.0.1:", "server 127.0.0.254:"))
    assert (found["plain HTTP"], found["upgrade"], found["exit"]) == ("failed", "failed", 1)
    assert "does not reach Parley" in found["text"]


# --- Other things that may stand at an address


@pytest.fixture
def listen():
    """Function that listens on a free port, and calls `talk` with each connection; returns the port and the list of
    what was received first."""
    servers = []

    def start(talk) -> tuple[int, list[bytes]]:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)
        requests: list[bytes] = []

        def serve() -> None:
            while True:
                try:
                    peer, _address = server.accept()
                except OSError:
                    return
                with peer:
                    peer.settimeout(5)
                    requests.append(peer.recv(65536))
                    talk(peer)

        threading.Thread(target=serve, daemon=True).start()
        return server.getsockname()[1], requests

    yield start
    for server in servers:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def test_a_redirect_is_reported_and_not_followed(listen):
    elsewhere, requests = listen(lambda peer: None)
    answer = f"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:{elsewhere}/chat\r\nContent-Length: 0\r\n\r\n"
    port, _requests = listen(lambda peer: peer.sendall(answer.encode()))
    found = examine(f"http://127.0.0.1:{port}", *SHORT)
    assert (found["plain HTTP"], found["exit"]) == ("failed", 1)
    assert f"redirect to http://127.0.0.1:{elsewhere}/chat" in found["text"]
    assert "does not reach this site: it is answered with 301" in found["text"]
    assert requests == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "passes this path on"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "passes this path on"),
        (b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n", "is in HTTP/1.0"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "is not HTTP"),
        (b"\x00\xff" * 100_000, "is not HTTP"),
        (b"HTTP/1.1 \xb2 OK\r\n\r\n", "is not HTTP"),
        (b"", "is not HTTP"),
        (WRONG_ACCEPT, "The answer to the upgrade is wrong"),
    ],
    ids=["404", "200", "1.0", "ssh", "bytes", "digits", "nothing", "accept"],
)  # fmt: skip
def test_a_server_that_is_not_parley_is_named(listen, answer, words):
    port, _requests = listen(lambda peer: peer.sendall(answer))
    found = examine(f"http://127.0.0.1:{port}", *SHORT)
    assert (found["upgrade"], found["exit"]) == ("failed", 1)
    assert words in found["text"]


def test_a_host_that_hangs_is_named(listen, monkeypatch):
    for module in (checks, connection, target):
        monkeypatch.setattr(module, "TIMEOUT_S", 0.3)
    hanging = threading.Event()
    port, _requests = listen(lambda peer: hanging.wait(10))
    found = examine(f"http://127.0.0.1:{port}", *SHORT)
    hanging.set()
    assert (found["upgrade"], found["exit"]) == ("failed", 1)
    assert "no answer within 0.3 s" in found["text"]


def test_a_port_without_tls_is_named(proxied_site, monkeypatch):
    monkeypatch.setattr(target, "TIMEOUT_S", 0.3)
    found = examine(f"https://127.0.0.1:{proxied_site.workers[0].port}", *SHORT)
    assert (found["connection"], found["exit"]) == ("failed", 1)
    assert "gives no answer in TLS" in found["text"]
    assert "begins with http://" in found["text"]


def upgraded(request: bytes) -> bytes:
    """A valid answer to a handshake (RFC 6455, section 4.2.2)."""
    key = re.search(rb"Sec-WebSocket-Key: (\S+)", request)[1]
    accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    return WRONG_ACCEPT.replace(b"Accept: x", b"Accept: " + accept)


def test_a_host_that_upgrades_and_is_silent_is_named(listen, monkeypatch):
    for module in (checks, connection, target):
        monkeypatch.setattr(module, "TIMEOUT_S", 0.3)
    silent = threading.Event()

    def talk(peer) -> None:
        if b"Upgrade" in requests[-1]:
            peer.sendall(upgraded(requests[-1]))
            silent.wait(10)

    port, requests = listen(talk)
    found = examine(f"http://127.0.0.1:{port}", *SHORT)
    silent.set()
    assert (found["upgrade"], found["exit"]) == ("failed", 1)
    assert "no answer within 0.3 s" in found["text"]


def test_a_host_that_sends_without_end_is_left(listen):
    def talk(peer) -> None:
        if b"Upgrade" in requests[-1]:
            with contextlib.suppress(OSError):
                peer.sendall(upgraded(requests[-1]) + b"\x8a\x00" * 100_000)
                peer.recv(1)

    port, requests = listen(talk)
    found = examine(f"http://127.0.0.1:{port}", *SHORT)
    assert (found["upgrade"], found["exit"]) == ("failed", 1)
    assert "sends too much" in found["text"]


def test_a_proxy_that_collects_frames_is_found(proxied_site, listen):
    # nginx cannot: it does not buffer a connection that was upgraded.
    def collect(peer) -> None:
        with socket.create_connection(("127.0.0.1", proxied_site.workers[0].port)) as site:
            site.sendall(requests[-1])
            held, due = b"", 0.0
            while True:
                ready = select.select([site, peer], [], [], 0.02)[0]
                if peer in ready:
                    if not (data := peer.recv(65536)):
                        return
                    site.sendall(data)
                if site in ready:
                    due = due if held else time.monotonic() + 0.4
                    held += site.recv(65536)
                if held and time.monotonic() > due:
                    peer.sendall(held)
                    held = b""

    port, requests = listen(collect)
    found = examine(f"http://{NAME}:{port}", "--address", "127.0.0.1", *SHORT)
    assert found["buffering"] == "warning", found["text"]


@pytest.mark.parametrize("url", BAD_ADDRESSES.split(" "))
def test_a_text_that_is_not_an_address_is_refused(url):
    with pytest.raises(CommandError):
        call_command("doctor", url)


@pytest.mark.parametrize("seconds", ["nan", "inf", "0", "-1", "86401", "soon"])
def test_a_duration_that_is_no_number_of_seconds_is_refused(seconds):
    with pytest.raises(CommandError, match=f"'{seconds}' is not a number of seconds above 0 and up to 86400"):
        call_command("doctor", "https://example.com", f"--idle={seconds}")


@pytest.mark.parametrize("address", ["localhost", "chat.example.com", "127.0.0.1:80", "[::1]", "1.2.3"])
def test_an_address_that_is_no_ip_address_is_refused(address):
    with pytest.raises(CommandError, match=re.escape(f"'{address}' is not an IP address")):
        call_command("doctor", "https://example.com", "--address", address)


def test_the_file_of_certificates_must_be_one(tmp_path: Path):
    (tmp_path / "x.pem").write_text("x")
    with pytest.raises(CommandError):
        call_command("doctor", "https://example.com", "--ca", str(tmp_path / "x.pem"))
