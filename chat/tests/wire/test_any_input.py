"""Any input is answered with a code, or closes the connection with a code; then the next command works.

That the log shows no traceback is checked after every test (see conftest).
"""

import contextlib
import json
import socket
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from chat.protocol.commands import COMMANDS

CODES = set(
    "bad_json unknown_type invalid not_found forbidden too_long too_complex name_taken "
    "slow_down archived signed_out unavailable".split()
)
CLOSES = {1002, 1003, 1007, 1008, 1009}
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FEW = settings(MANY, max_examples=50)

ROOM = "any-input"
"""The slug of a room that only these tests use: any input may archive it."""
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from(
    sorted({name for command in COMMANDS.values() for name in command.model_fields} - {"ref", "type"})
)
plausible = json_values | st.sampled_from(
    [ROOM, "👍", "00000000-0000-0000-0000-000000000001", 0, 1, 2, 50, True, 2**63 - 1]
)
commands = st.builds(
    lambda type, given: {"type": type} | given,
    st.sampled_from(sorted(COMMANDS)) | st.text(),
    st.dictionaries(fields | st.just("ref"), plausible, max_size=6),
)


class Talker:
    """Nora's connection. It is opened again when the server closes it."""

    def __init__(self, place, stack: contextlib.ExitStack):
        self.options = {"additional_headers": {"Cookie": place.cookie("nora")}, "proxy": None, "max_size": None}
        # A thread for keepalive pings would use `random`, which hypothesis forbids while it makes an example.
        self.options["ping_interval"] = None
        self.url = place.ws_url
        self.stack = stack
        self.open()

    def open(self) -> None:
        """Open a new connection."""
        self.socket = self.stack.enter_context(connect(self.url, **self.options))

    def send(self, send) -> None:
        """Call `send` with the socket. Then the next command must work, and all answers before it must be valid."""
        try:
            send(self.socket)
            self.next_command_works()
        except ConnectionClosed as closed:
            # When it cannot send, the library forgets a close frame that it has not read yet.
            could_not_send = isinstance(closed.__cause__, BrokenPipeError | ConnectionResetError)
            assert could_not_send or self.socket.close_code in CLOSES
            self.open()
            self.next_command_works()

    def next_command_works(self) -> None:
        """Send a command and get its answer. Errors that come before must have known codes."""
        self.socket.send('{"type": "history", "room": "lobby", "before": 1, "ref": "the next command"}')
        while (frame := json.loads(self.socket.recv(timeout=90))).get("ref") != "the next command":
            if frame["type"] == "error":
                assert frame["code"] in CODES
                assert frame["detail"]
        assert frame["type"] == "reply"

    def closed_with(self) -> int:
        """Wait until the server closes the connection, open a new one, and return the close code."""
        closed = self.socket
        with contextlib.suppress(ConnectionClosed):
            while closed.recv(timeout=90):
                pass
        self.open()
        self.next_command_works()
        return closed.close_code


@pytest.fixture(scope="session")
def nora(site):
    """A person of these tests alone, who owns ROOM."""
    site.add_person("nora")
    site.add_room(ROOM, owner="nora")


@pytest.fixture
def talker(site, nora):
    """Nora's connection."""
    with contextlib.ExitStack() as stack:
        yield Talker(site, stack)


@MANY
@given(json_values)
def test_any_json_is_answered_with_a_code(talker, value):
    talker.send(lambda socket: socket.send(json.dumps(value)))


@MANY
@given(commands)
def test_any_fields_of_a_command_are_answered(talker, command):
    talker.send(lambda socket: socket.send(json.dumps(command)))


@MANY
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_answered_with_a_code(talker, text):
    talker.send(lambda socket: socket.send(text))


@FEW
@given(st.binary(max_size=300))
def test_any_bytes_in_a_text_frame_are_answered_or_closed_with_a_code(talker, data):
    talker.send(lambda socket: socket.send(data, text=True))


@FEW
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_any_text_in_fragments_is_answered(talker, parts):
    talker.send(lambda socket: socket.send(iter(parts)))


@FEW
@given(st.binary(max_size=300))
def test_a_binary_frame_is_closed_with_1003(talker, data):
    talker.socket.send(data)
    assert talker.closed_with() == 1003


@FEW
@given(st.binary(min_size=2, max_size=300))
def test_any_bytes_instead_of_frames_end_only_that_socket(site, talker, data):
    """Bytes after the handshake that need not be frames: the server closes with a code, or waits for more."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as raw:
        raw.sendall(
            b"GET /chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n" + data
        )
        raw.shutdown(socket.SHUT_WR)
        response = b""
        with contextlib.suppress(ConnectionResetError):
            while received := raw.recv(65536):
                response += received
    assert response.startswith(b"HTTP/1.1 101 ")
    for code in close_codes(response.partition(b"\r\n\r\n")[2]):
        assert code in CLOSES | {1000}
    talker.next_command_works()


def close_codes(frames: bytes):
    """The codes of the close frames among a server's unmasked frames (RFC 6455 §5.2); the other bytes are ignored."""
    while len(frames) >= 2:
        length, start = frames[1] & 0x7F, 2
        if length >= 126:
            size = 2 if length == 126 else 8
            length, start = int.from_bytes(frames[2 : 2 + size]), 2 + size
        if frames[0] & 0x0F == 8 and length >= 2:
            yield struct.unpack("!H", frames[start : start + 2])[0]
        frames = frames[start + length :]


def test_a_message_over_the_size_limit_is_closed_with_1009(talker):
    with contextlib.suppress(ConnectionClosed):
        talker.socket.send('{"type": "' + "x" * 2**20 + '"}')
    assert talker.closed_with() == 1009


def test_text_that_is_not_utf_8_is_closed_with_1007(talker):
    talker.socket.send(b'{"type": "\xff"}', text=True)
    assert talker.closed_with() == 1007
