"""A client for WebSockets and HTTP that sends and receives single bytes and frames."""

import json
import socket
from struct import pack, unpack
from typing import NamedTuple

from .numbers import PREFIX
from .octets import CLOSE, TEXT, frame, handshake, request

TIMEOUT_S = 90


class Head(NamedTuple):
    """The head of an HTTP response; header names are in lower case."""

    status: int
    headers: dict[str, str]
    raw: bytes


class Frame(NamedTuple):
    """A frame of the server."""

    opcode: int
    payload: bytes
    fin: bool = True
    rsv: int = 0

    @property
    def code(self) -> int | None:
        """The code of a close frame."""
        assert self.opcode == CLOSE, self
        return unpack("!H", self.payload[:2])[0] if self.payload else None


class Raw:
    """A TCP connection to 127.0.0.1:`port`, from the address `source` if given, or to the Unix socket at that path."""

    def __init__(self, port: int | str, *, receive_buffer: int = 0, source: str = ""):
        self.socket = socket.socket(socket.AF_UNIX if isinstance(port, str) else socket.AF_INET)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(TIMEOUT_S)
        if source:
            self.socket.bind((source, 0))
        try:
            self.socket.connect(port if isinstance(port, str) else ("127.0.0.1", port))
        except OSError:
            self.socket.close()
            raise
        self.port = port
        self._read = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    # --- Bytes

    def send(self, data: bytes) -> "Raw":
        """Send bytes as they are."""
        self.socket.sendall(data)
        return self

    def read(self, count: int) -> bytes:
        """Exactly `count` bytes. Raises EOFError if the server ends the connection before."""
        while len(self._read) < count:
            self._fill()
        data, self._read = self._read[:count], self._read[count:]
        return data

    def read_to(self, end: bytes) -> bytes:
        """All bytes up to `end`, inclusive."""
        while end not in self._read:
            self._fill()
        return self.read(self._read.index(end) + len(end))

    def read_all(self) -> bytes:
        """All bytes until the server ends the connection. Raises ConnectionResetError if it resets it."""
        while data := self.socket.recv(65536):
            self._read += data
        data, self._read = self._read, b""
        return data

    def _fill(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise EOFError(f"the server ended the connection; unread: {self._read!r}")
        self._read += data

    # --- HTTP

    def head(self) -> Head:
        """The head of a response."""
        raw = self.read_to(b"\r\n\r\n")
        status, *lines = raw.decode("latin1").rstrip().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        return Head(int(status.split()[1]), {name.lower(): value for name, value in headers.items()}, raw)

    def get(self, path: str = "/", *lines: str) -> Head:
        """Request a page, with more header lines. The body is not read."""
        return self.send(request(path, *lines)).head()

    def upgrade(self, path: str = "/", *lines: str) -> Head:
        """Request a WebSocket, with more header lines."""
        return self.send(handshake(path, *lines)).head()

    # --- Frames

    def send_frame(self, opcode: int, payload: bytes = b"", **options) -> "Raw":
        """Send a frame; see `frame`."""
        return self.send(frame(opcode, payload, **options))

    def send_text(self, text: str) -> "Raw":
        """Send a text message."""
        return self.send_frame(TEXT, text.encode())

    def run(self, command: str, **arguments) -> "Raw":
        """Send a command to `scripted_app`."""
        return self.send_text(json.dumps({"do": command, **arguments}))

    def run_in_one_packet(self, *commands: dict) -> "Raw":
        """Send several commands to `scripted_app` in one packet."""
        return self.send(b"".join(frame(TEXT, json.dumps(command).encode()) for command in commands))

    def ask(self, what: str):
        """The answer of `scripted_app` to a question."""
        return json.loads(self.run("answer", what=what).receive_text())

    def receive(self) -> Frame:
        """The next frame."""
        first, length = self.read(2)
        assert not length & 0x80, "a server must not mask frames (RFC 6455 §5.1)"
        if length == 126:
            (length,) = unpack("!H", self.read(2))
            assert length > 125, "the length is not in its shortest form (§5.2)"
        elif length == 127:
            (length,) = unpack("!Q", self.read(8))
            assert length > 0xFFFF, "the length is not in its shortest form (§5.2)"
        return Frame(first & 0x0F, self.read(length), bool(first & 0x80), first >> 4 & 7)

    def receive_text(self) -> str:
        """The text of the next frame, which must be a complete text message."""
        received = self.receive()
        assert received[2:] == (True, 0), received
        assert received.opcode == TEXT, received
        return received.payload.decode()

    def receive_close(self) -> int | None:
        """The code of the next frame, a close frame. Answers it, and checks that the server ends the connection."""
        code = self.receive().code
        self.send_frame(CLOSE, pack("!H", code) if code else b"")
        assert self.read_all() == b""
        return code


def open_socket(port: int | str, path: str = "/", *lines: str, **options) -> Raw:
    """A connection that has become a WebSocket."""
    raw = Raw(port, **options)
    head = raw.upgrade(path, *lines)
    assert head.status == 101, head
    return raw


def number(port: int, name: str) -> float:
    """A metric of the server that runs one of the tests' applications; see `numbers`."""
    with Raw(port) as raw:
        head = raw.get(f"{PREFIX}{name}")
        return float(raw.read(int(head.headers["content-length"])))


def status_of(port: int, data: bytes) -> int:
    """The status of the server's response to these bytes."""
    with Raw(port) as raw:
        return raw.send(data).head().status
