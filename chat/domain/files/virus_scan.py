"""Asks ClamAV whether a file has a virus, if the site has one (the setting CLAMD_URL).

The protocol is that of `clamd` (its manual page, INSTREAM): pieces, each after its length; an empty one ends the file.
"""

import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from .findings import Refused

PIECE_BYTES = 128 * 1024
TIMEOUT_S = 60
PORT = 3310


class ScannerFailed(OSError):
    """The scanner did not answer, or answered that it cannot scan. The file waits until it can."""


def check(file: Path) -> None:
    """Raise Refused if the scanner finds a virus in the file, or may not read all of it. Does nothing on a site without
    a scanner. Raises ScannerFailed if it cannot tell."""
    if not settings.CLAMD_URL:
        return
    try:
        answer = _ask(file)
    except OSError as error:
        raise ScannerFailed(f"{settings.CLAMD_URL}: {error}") from error
    if answer.endswith("FOUND"):
        raise Refused("infected")
    if "size limit exceeded" in answer:
        raise Refused("not_scanned")
    if not answer.endswith("OK"):
        raise ScannerFailed(f"{settings.CLAMD_URL}: {answer[:200]!r}")


def _ask(file: Path) -> str:
    with _connect() as connection, file.open("rb") as source:
        try:
            connection.sendall(b"zINSTREAM\0")
            while piece := source.read(PIECE_BYTES):
                connection.sendall(struct.pack(">I", len(piece)) + piece)
            connection.sendall(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            # It has closed its side because of its limit; the reason is in its answer.
            pass
        answer = b""
        while not answer.endswith(b"\0") and (received := connection.recv(4096)):
            answer += received
        return answer.rstrip(b"\0\n").decode(errors="replace")


def _connect() -> socket.socket:
    parts = urlsplit(settings.CLAMD_URL)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(TIMEOUT_S)
        try:
            connection.connect(parts.path)
        except OSError:
            connection.close()
            raise
        return connection
    return socket.create_connection((parts.hostname, parts.port or PORT), timeout=TIMEOUT_S)
