"""A port in use, or an address of another machine, ends the start before a set-up link is printed."""

import socket
import subprocess

import pytest

from chat.tests.services.environment import ROOT
from project.configuration.port import problem

pytestmark = pytest.mark.core


@pytest.fixture
def port_in_use():
    """A port in use."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "*"])
def test_a_port_in_use_is_a_problem(port_in_use, host):
    assert problem(host, port_in_use).startswith(
        f"PORT: {port_in_use} cannot be used on {host}, another process uses it."
    )


def test_a_free_port_is_no_problem(port_in_use):
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    assert problem("127.0.0.1", free) is None


@pytest.mark.parametrize("host", ["203.0.113.5", "no-such-name.invalid"])
def test_an_address_of_another_machine_is_a_problem(host):
    assert problem(host, 3368).startswith(f"HOST: {host} ")


def test_make_run_prints_no_link_when_the_port_is_in_use(new_site, port_in_use):
    site = new_site(with_users=False)
    before = site.manage("setup", "--link").stdout
    env = site.env | {"PORT": str(port_in_use)}
    # Without `install`: the site is migrated already.
    run = subprocess.run(
        ["make", "-o", "install", "run"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )
    assert run.returncode != 0
    assert "PORT: " in run.stderr
    assert "Traceback" not in run.stderr
    assert "/setup/" not in run.stdout
    token = before.partition("/setup/")[2].partition("/")[0]
    checked = site.python("from chat.domain import sites\nresult = sites.check_setup_token(token) is None", token=token)
    assert checked, "the link that was printed before no longer works"
