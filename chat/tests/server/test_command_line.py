"""`python -m project.server`: where it listens, what it says, and how it takes the arguments of `daphne`."""

import os
import socket
import subprocess
import sys

import pytest

from chat.tests.services import free_port
from chat.tests.services.environment import ROOT, environment

from .conftest import ECHO, PUPPET, Server
from .raw import Raw, open_socket, status_of
from .raw import request as page


def run(*arguments, **variables) -> subprocess.CompletedProcess:
    """A server that does not start."""
    command = [sys.executable, "-m", "project.server", *arguments]
    return subprocess.run(command, env=environment(**variables), cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_it_prints_one_line_with_its_address(start_server):
    server = start_server(ECHO)
    assert server.log == f"Parley is at http://localhost:{server.port}\n"


def test_port_0_takes_a_free_port_and_says_which(start_server):
    server = start_server(ECHO, "--port", "0")
    port = int(server.log.strip().rpartition(":")[2])
    with open_socket(port) as alice:
        assert alice.say("hello").hear_text() == "hello"


def test_a_unix_socket_is_served(start_server, tmp_path):
    path = str(tmp_path / "socket")
    start_server(PUPPET, "-u", path)
    with open_socket(path) as alice:
        assert [alice.ask("client"), alice.ask("peer"), alice.ask("path")] == [None, "", "/"]
        alice.do("write", size=500_000)
        assert len(alice.hear_text()) == 500_000
    with Raw(path) as bob:
        assert bob.get().status == 200


def test_a_proxy_at_a_unix_socket_is_trusted_when_it_is_named(start_server, tmp_path):
    path = str(tmp_path / "socket")
    start_server(PUPPET, "-u", path, TRUSTED_PROXIES="unix")
    with open_socket(path, "/", "X-Forwarded-For: 203.0.113.7") as alice:
        assert alice.ask("client") == "203.0.113.7"
    with Raw(path) as bob:
        assert bob.get("/", "X-Forwarded-For: 203.0.113.7").status == 200


def test_a_descriptor_that_was_handed_over_is_served(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        descriptor = listening.fileno()
        os.set_inheritable(descriptor, True)
        server = Server(tmp_path, ECHO, "--fd", str(descriptor), port=port)
        server.options["pass_fds"] = [descriptor]
        with server, open_socket(port) as alice:
            assert alice.say("hello").hear_text() == "hello"


def test_all_addresses_are_served_when_no_host_is_named(make_site):
    site = make_site(HOST="")
    with Raw(site.port) as raw:
        assert raw.get("/chat").status == 426
    if socket.has_dualstack_ipv6():
        with socket.create_connection(("::1", site.port)) as connection:
            connection.sendall(page("/chat"))
            assert connection.recv(100).startswith(b"HTTP/1.1 426")


def test_a_client_by_ipv4_at_a_server_of_both_is_known_by_its_ipv4_address(start_server):
    if not socket.has_dualstack_ipv6():
        pytest.skip("This machine has no IPv6.")
    port = free_port()
    start_server(PUPPET, "-e", rf"tcp:port={port}:interface=\:\:", port=port)
    with open_socket(port) as alice:
        assert alice.ask("client") == "127.0.0.1"


def test_a_port_that_is_taken_ends_the_start_with_words(echo):
    ended = run("-v", "0", "--port", str(echo), ECHO)
    assert ended.returncode == 1
    assert "Cannot listen" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_proxy_that_is_no_address_ends_the_start_with_words():
    ended = run(ECHO, TRUSTED_PROXIES="proxy.example")
    assert ended.returncode != 0
    assert "TRUSTED_PROXIES" in ended.stderr


def test_forged_headers_do_not_count_because_daphne_was_told_to_take_them(start_server):
    server = start_server(PUPPET, "--proxy-headers")
    with open_socket(server.port, "/", "X-Forwarded-For: 203.0.113.7") as alice:
        assert alice.ask("client") == "127.0.0.1"
    assert "TRUSTED_PROXIES" in server.log


def test_the_access_log_of_daphne_is_still_there(start_server, tmp_path):
    log = tmp_path / "access"
    server = start_server(ECHO, "--access-log", str(log))
    assert status_of(server.port, page("/seen")) == 200
    with open_socket(server.port, "/heard"):
        assert '"GET /seen" 200' in log.read_text()


def test_the_backlog_holds_all_who_come_back_at_once(start_server):
    server = start_server(ECHO)
    shown = subprocess.run(["ss", "-Hltn", f"sport = :{server.port}"], capture_output=True, text=True, check=True)
    with open("/proc/sys/net/core/somaxconn") as file:
        assert int(shown.stdout.split()[2]) == min(4096, int(file.read()))


def test_it_runs_on_uvloop(start_server):
    server = start_server("chat.tests.server.looping:application")
    with Raw(server.port) as raw:
        assert raw.get("/").headers["x-loop"].startswith("uvloop")
