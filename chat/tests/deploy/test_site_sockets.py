"""Sockets of a site through the proxy, and the addresses of their clients."""

import subprocess
from urllib.parse import urlencode

import pytest

from chat.tests.client import Client
from chat.tests.server.octets import ACCEPT, handshake, request
from chat.tests.server.raw import Raw, open_socket, status_of
from chat.tests.server.test_handshake import SAMPLE

WRONG = {"username": "alice", "password": "wrong"}


@pytest.mark.core
async def test_alice_and_bob_exchange_messages_over_two_workers(behind_proxy):
    people = [
        Client(behind_proxy.proxy.ws_url, behind_proxy.session(name), rooms=["lobby"]) for name in ("alice", "bob")
    ]
    async with people[0] as alice, people[1] as bob:
        # The proxy uses workers in turn, so each of the two has one of these sockets.
        assert [sockets(worker) for worker in behind_proxy.site.workers] == [1, 1]
        message = await alice.post_message("lobby", "Hello from the first worker")
        received = await bob.until(lambda: bob.copies["lobby"].messages.get(message["id"]), "the message of Alice")
        assert received["text"] == "Hello from the first worker"
        await bob.post_message("lobby", "And from the second")
        await alice.until(lambda: alice.copies["lobby"].version == bob.copies["lobby"].version, "the message of Bob")
        assert not alice.faults + bob.faults


@pytest.mark.parametrize("path", ["/chat", "/"])
def test_the_example_request_gets_the_example_response(behind_proxy, path):
    with Raw(behind_proxy.proxy.port) as raw:
        head = raw.send(SAMPLE.format(path=path).encode()).head()
        assert head.raw.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
        # A proxy sorts headers, and may add Via and Date.
        assert {name: value for name, value in head.headers.items() if name not in {"server", "date", "via"}} == {
            "upgrade": "websocket",
            "connection": "Upgrade",
            "sec-websocket-accept": ACCEPT,
            "sec-websocket-protocol": "chat",
        }
        assert '"type":"welcome"' in raw.receive_text()


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["Origin: http://evil.example"], 403),
        (["Origin: null"], 403),
        (["Sec-WebSocket-Protocol: superchat"], 403),
        (["Sec-WebSocket-Version: 12"], 400),
        (["X-Forwarded-Host: evil.example", "Origin: http://evil.example"], 403),
        (["X-Forwarded-Proto: https", "Origin: http://localhost"], 101),
    ],
)
def test_a_handshake_gets_the_same_status_as_without_a_proxy(behind_proxy, lines, status):
    assert status_of(behind_proxy.proxy.port, handshake("/chat", *lines)) == status


def test_a_request_without_upgrade_for_the_sockets_path_gets_426(behind_proxy):
    with Raw(behind_proxy.proxy.port) as raw:
        assert raw.get("/chat").status == 426


# --- Addresses


def test_sockets_are_counted_by_the_clients_address(start_behind_proxy):
    port = start_behind_proxy(MAX_CONNECTIONS_PER_ADDRESS=2).proxy.port
    with open_socket(port, "/chat"), open_socket(port, "/chat"):
        for claim in ["X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9", "X-Real-IP: 203.0.113.9"]:
            assert status_of(port, handshake("/chat", claim)) == 503
        with Raw(port, source="127.0.0.99") as other:
            assert other.upgrade("/chat").status == 101


def test_attempts_to_sign_in_are_counted_by_the_clients_address(behind_proxy):
    guesser = behind_proxy.visitor()
    tried = 0
    while guesser.post("/accounts/login/", WRONG, X_Forwarded_For=f"203.0.113.{tried}").status != 429:
        tried += 1
        # Ten per minute, and a few that became available during the test.
        assert tried < 20
    token = guesser.cookies["csrftoken"]
    form = urlencode(WRONG | {"csrfmiddlewaretoken": token})
    lines = [
        f"Cookie: csrftoken={token}",
        f"Content-Length: {len(form)}",
        "Content-Type: application/x-www-form-urlencoded",
    ]
    data = request("/accounts/login/", *lines).replace(b"GET", b"POST", 1) + form.encode()
    assert status_of(behind_proxy.proxy.port, data) == 429
    with Raw(behind_proxy.proxy.port, source="127.0.0.99") as other:
        assert other.send(data).head().status == 200


def sockets(worker) -> int:
    """The number of connections of the worker."""
    output = subprocess.run(
        ["ss", "-Htn", "state", "established", f"src {worker.host}:{worker.port}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return len(output.stdout.splitlines())
