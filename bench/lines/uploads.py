"""Lines 10 and 11: bytes per second of uploads by tus beside nginx, of downloads beside Caddy, and the memory that a
worker uses while ten people upload."""

import base64
import os
import socket
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

from ..parley import Site
from ..peers import transfers
from ..processes import Broken, Process
from ..report import Line
from ..scale import Scale

PEOPLE = 10
MIB = 1024 * 1024
MAX_MEMORY_MIB = 20
LEAST_MIB_S = 50
WATCH_S = 0.1
READY_S = 60
MISSING = "not installed"


def measure(site: Site, scale: Scale):
    """The lines of uploads and downloads, from one worker."""
    folder = site.folder / "transfers"
    with site.worker() as server:
        _upload(site, server.port, PEOPLE, MIB, 4 * MIB)  # a warm-up, with all threads and connections to the database
        yield uploads(site, server, scale, folder)
        yield downloads(site, server, scale, folder)


def uploads(site: Site, server: Process, scale: Scale, folder: Path) -> Line:
    """One person, then ten at once, each with a file of `scale.upload_mib`; in pieces of 1 MiB, as the page does, and
    of 256 KiB, as behind a proxy that accepts no larger bodies."""
    line = Line(
        f"Uploads of {scale.upload_mib} MiB each: MiB/s, memory",
        f"{PEOPLE} people: ≥ {LEAST_MIB_S} MiB/s on one core, ≤ {MAX_MEMORY_MIB} MiB above idle",
    )
    size = scale.upload_mib * MIB
    for people, piece in ((1, MIB), (PEOPLE, MIB), (PEOPLE, MIB // 4)):
        rate, cpu_ms, memory = _watched(server, people * size, lambda: _upload(site, server.port, people, piece, size))  # noqa: B023
        line.figure(
            f"Parley, {people} at once, pieces of {piece // 1024} KiB",
            f"{rate:.0f} MiB/s, {cpu_ms:.1f} ms of CPU per MiB, +{memory:.1f} MiB",
            mib_s=rate,
            cpu_ms_per_mib=cpu_ms,
            memory_mib=memory,
        )
        if (people, piece) == (PEOPLE, MIB):
            line.check(f"{rate:.0f} MiB/s", rate >= LEAST_MIB_S)
            line.check(f"{memory:.1f} MiB above idle", memory <= MAX_MEMORY_MIB)
    peer, name = transfers.nginx(folder / "nginx"), f"nginx, a proxy, {PEOPLE} at once, bodies of {MIB // 1024} KiB"
    if peer is None:
        line.figure(name, MISSING)
        return line
    with peer:
        rate = _rate(PEOPLE * size, lambda: _together(PEOPLE, lambda _person: _send_bodies(peer.port, MIB, size)))
    line.figure(name, f"{rate:.0f} MiB/s (buffers each body in a file; stores nothing)", mib_s=rate)
    return line


def downloads(site: Site, server: Process, scale: Scale, folder: Path) -> Line:
    """One person, then ten at once, each fetches a file of `scale.upload_mib`."""
    line = Line(
        f"Downloads of {scale.upload_mib} MiB each: MiB/s",
        f"{PEOPLE} people: ≥ {LEAST_MIB_S} MiB/s on one core",
    )
    size = scale.upload_mib * MIB
    paths = [f"/files/{_send(server.port, site, number, os.urandom(MIB), size)}/bench.bin" for number in range(PEOPLE)]
    cookies = [_cookie(site, number) for number in range(PEOPLE)]
    for path, cookie in zip(paths, cookies, strict=True):
        _wait_until_ready(server.port, path, cookie)
    for people in (1, PEOPLE):
        rate, cpu_ms, _memory = _watched(
            server,
            people * size,
            lambda: _together(people, lambda each: _fetch(server.port, paths[each], size, cookies[each])),  # noqa: B023
        )
        line.figure(
            f"Parley, {people} at once",
            f"{rate:.0f} MiB/s, {cpu_ms:.1f} ms of CPU per MiB",
            mib_s=rate,
            cpu_ms_per_mib=cpu_ms,
        )
    line.check(f"{rate:.0f} MiB/s", rate >= LEAST_MIB_S)
    public = folder / "public"
    public.mkdir(parents=True)
    peer, name = transfers.caddy(public), f"Caddy's file server, {PEOPLE} at once"
    if peer is None:
        line.figure(name, MISSING)
        return line
    with (public / "bench.bin").open("wb") as file:
        for _mib in range(scale.upload_mib):
            file.write(os.urandom(MIB))
    with peer:
        rate = _rate(PEOPLE * size, lambda: _together(PEOPLE, lambda _each: _fetch(peer.port, "/bench.bin", size)))
    line.figure(name, f"{rate:.0f} MiB/s (asks nobody for permission)", mib_s=rate)
    return line


# --- Measuring


def _watched(server: Process, size: int, work: Callable[[], None]) -> tuple[float, float, float]:
    """MiB per second, milliseconds of CPU per MiB, and the most MiB of memory above that before."""
    idle, ended, most = server.memory_kib(), threading.Event(), [0]

    def watch() -> None:
        while not ended.wait(WATCH_S):
            most[0] = max(most[0], server.memory_kib() - idle)

    watcher = threading.Thread(target=watch)
    watcher.start()
    cpu_s = server.cpu_s()
    try:
        rate = _rate(size, work)
    finally:
        ended.set()
        watcher.join()
    return rate, (server.cpu_s() - cpu_s) * 1000 * MIB / size, most[0] / 1024


def _rate(size: int, work: Callable[[], None]) -> float:
    began = time.monotonic()
    work()
    return size / MIB / (time.monotonic() - began)


def _together(people: int, work: Callable[[int], object]) -> None:
    """Call `work` with each number below `people`, at once. Raises Broken."""
    failed: list[str] = []

    def one(number: int) -> None:
        try:
            work(number)
        except Exception as error:
            failed.append(repr(error))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise Broken(failed[0])


# --- Transfers


def _cookie(site: Site, person: int) -> str:
    return f"sessionid={site.data['sessions'][person]}"


def _upload(site: Site, port: int, people: int, piece: int, size: int) -> None:
    content = os.urandom(piece)
    _together(people, lambda person: _send(port, site, person, content, size))


def _send(port: int, site: Site, person: int, content: bytes, size: int) -> int:
    """Upload a file of `size` bytes that repeats `content`, one piece for each; returns its id. Raises Broken."""
    connection = HTTPConnection("127.0.0.1", port)
    common = {"Cookie": _cookie(site, person), "Tus-Resumable": "1.0.0"}
    name = base64.b64encode(b"bench.bin").decode()
    new = {"Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
    answer = _ask(connection, "POST", f"/rooms/{site.data['rooms'][0]}/files/", b"", common | new, 201)
    for offset in range(0, size, len(content)):
        part = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        _ask(connection, "PATCH", answer, content[: size - offset], common | part, 204)
    connection.close()
    return int(answer.split("/")[-2])


def _send_bodies(port: int, piece: int, size: int) -> None:
    connection, content = HTTPConnection("127.0.0.1", port), os.urandom(piece)
    for _offset in range(0, size, piece):
        _ask(connection, "POST", "/", content, {}, 204)
    connection.close()


def _ask(connection: HTTPConnection, method: str, path: str, body: bytes, headers: dict[str, str], status: int) -> str:
    """Send a request; returns the `Location` of the answer. Raises Broken for another status."""
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    text = response.read()
    if response.status != status:
        raise Broken(f"{method} {path}: {response.status} {text[:200]!r}")
    return response.getheader("Location", "")


def _wait_until_ready(port: int, path: str, cookie: str) -> None:
    deadline = time.monotonic() + READY_S
    while True:
        connection = HTTPConnection("127.0.0.1", port)
        try:
            _ask(connection, "HEAD", path, b"", {"Cookie": cookie}, 200)
        except Broken:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()


def _fetch(port: int, path: str, size: int, cookie: str = "") -> None:
    """Fetch a file and drop it. Raises Broken if it has another size."""
    received, buffer = 0, bytearray(MIB)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n"
        connection.sendall(head.encode())
        while got := connection.recv_into(buffer):
            received += got
    if not size <= received <= size + 4096:
        raise Broken(f"GET {path}: {received} bytes")
