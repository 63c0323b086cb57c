"""`python -m project.server`: where it listens, what it prints, and the arguments of `daphne`."""

import datetime
import os
import re
import socket
import ssl
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from chat.tests.services import free_port, programs
from chat.tests.services.environment import environment

from .conftest import ECHO, SCRIPTED_APP, Server
from .octets import handshake
from .octets import request as page
from .raw import Raw, open_socket, status_of

DAY = datetime.timedelta(days=1)


def run(*arguments, **variables) -> subprocess.CompletedProcess:
    """Run a server that does not start, and return its result."""
    return programs.run([sys.executable, "-m", "project.server", *arguments], env=environment(**variables))


def test_it_prints_one_line_with_its_address(start_server):
    server = start_server(ECHO)
    assert server.log == f"Parley is at http://localhost:{server.port}\n"


def test_port_0_chooses_a_free_port_and_prints_it(start_server):
    server = start_server(ECHO, "--port", "0")
    port = int(server.log.strip().rpartition(":")[2])
    with open_socket(port) as alice:
        assert alice.send_text("hello").receive_text() == "hello"


def test_a_unix_socket_is_served(start_server, tmp_path):
    path = str(tmp_path / "socket")
    start_server(SCRIPTED_APP, "-u", path)
    with open_socket(path) as alice:
        assert [alice.ask("client"), alice.ask("peer"), alice.ask("path")] == [None, "", "/"]
        alice.run("write", size=500_000)
        assert len(alice.receive_text()) == 500_000
    with Raw(path) as bob:
        assert bob.get().status == 200


def test_a_proxy_at_a_unix_socket_is_trusted_with_unix_in_trusted_proxies(start_server, tmp_path):
    path = str(tmp_path / "socket")
    start_server(SCRIPTED_APP, "-u", path, TRUSTED_PROXIES="unix")
    with open_socket(path, "/", "X-Forwarded-For: 203.0.113.7") as alice:
        assert alice.ask("client") == "203.0.113.7"
    with Raw(path) as bob:
        assert bob.get("/", "X-Forwarded-For: 203.0.113.7").status == 200


def test_an_inherited_descriptor_is_served(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        descriptor = listening.fileno()
        os.set_inheritable(descriptor, True)
        server = Server(tmp_path, ECHO, "--fd", str(descriptor), port=port)
        server.options["pass_fds"] = [descriptor]
        with server, open_socket(port) as alice:
            assert alice.send_text("hello").receive_text() == "hello"


def test_host_star_serves_all_addresses(make_site):
    site = make_site(HOST="*")
    with Raw(site.port) as raw:
        assert raw.get("/chat").status == 426
    if socket.has_dualstack_ipv6():
        with socket.create_connection(("::1", site.port)) as connection:
            connection.sendall(page("/chat"))
            assert connection.recv(100).startswith(b"HTTP/1.1 426")


def test_an_ipv4_client_of_an_ipv6_socket_has_its_ipv4_address(start_server):
    if not socket.has_dualstack_ipv6():
        pytest.skip("This machine has no IPv6.")
    port = free_port()
    start_server(SCRIPTED_APP, "-e", rf"tcp:port={port}:interface=\:\:", port=port)
    with open_socket(port) as alice:
        assert alice.ask("client") == "127.0.0.1"


def test_a_port_in_use_ends_the_start_with_one_line(echo):
    ended = run("-v", "0", "--port", str(echo), ECHO)
    assert ended.returncode == 1
    assert "Cannot listen" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_proxy_without_a_valid_address_ends_the_start_with_one_line():
    ended = run(ECHO, TRUSTED_PROXIES="proxy.example")
    assert ended.returncode == 1
    assert re.fullmatch(r"TRUSTED_PROXIES: .*\n", ended.stderr)


def test_daphnes_option_proxy_headers_does_not_make_forged_headers_count(start_server):
    server = start_server(SCRIPTED_APP, "--proxy-headers")
    with open_socket(server.port, "/", "X-Forwarded-For: 203.0.113.7") as alice:
        assert alice.ask("client") == "127.0.0.1"
    assert "TRUSTED_PROXIES" in server.log


def test_daphnes_access_log_works(start_server, tmp_path):
    log = tmp_path / "access"
    server = start_server(ECHO, "--access-log", str(log))
    assert status_of(server.port, page("/seen")) == 200
    with open_socket(server.port, "/received") as alice:
        alice.send_text("hello").receive_text()
        written = log.read_text()
    assert '"GET /seen" 200' in written
    assert '"WSCONNECT /received"' in written


def test_a_thousand_clients_that_connect_while_the_server_is_busy_are_all_accepted(start_server):
    if int(Path("/proc/sys/net/core/somaxconn").read_text()) < 1000:
        pytest.skip("This machine's kernel keeps fewer connections waiting.")
    server = start_server(ECHO)
    with ExitStack() as stack:
        server.pause()
        waiting = [stack.enter_context(Raw(server.port)).send(handshake()) for _ in range(1000)]
        server.resume()
        assert {raw.head().status for raw in waiting} == {101}


def test_it_runs_on_uvloop(start_server):
    server = start_server("chat.tests.server.looping:application")
    with Raw(server.port) as raw:
        assert raw.get("/").headers["x-loop"].startswith("uvloop")


def test_it_runs_without_uvloop_and_logs_a_warning(tmp_path):
    without = "import sys; sys.modules['uvloop'] = None; from project.server import main; main(sys.argv[1:])"
    server = Server(tmp_path, "chat.tests.server.looping:application")
    server.command[1:] = ["-c", without, *server.command[5:]]
    with server, Raw(server.port) as raw:
        assert raw.get("/").headers["x-loop"].startswith("asyncio")
    assert "uvloop is not installed" in server.log


@pytest.fixture
def certificate(tmp_path):
    """A file with a key and a certificate for localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + DAY)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = tmp_path / "localhost.pem"
    path.write_bytes(private + built.sign(key, SHA256()).public_bytes(Encoding.PEM))
    return path


def test_tls_is_served(start_server, certificate):
    port = free_port()
    start_server(SCRIPTED_APP, "-e", f"ssl:port={port}:privateKey={certificate}:certKey={certificate}", port=port)
    context = ssl.create_default_context(cafile=certificate)
    with Raw(port) as alice:
        alice.socket = context.wrap_socket(alice.socket, server_hostname="localhost")
        assert alice.upgrade().status == 101
        assert alice.ask("scheme") == "wss"
        alice.run("write", size=300_000, times=3)
        assert [len(alice.receive_text()) for _ in range(3)] == [300_000] * 3
        assert alice.run("close", code=1012).receive().code == 1012
    with Raw(port) as bob:
        bob.socket = context.wrap_socket(bob.socket, server_hostname="localhost")
        assert bob.get("/").status == 200
