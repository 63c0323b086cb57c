"""Files on a running site: sent whole, in parts, to slow readers, and ended when the reader may no longer see them."""

import hashlib
import http.client
import random
import socket
import threading
import time
from contextlib import closing, suppress
from urllib.parse import urlsplit

import pytest

from chat.tests.attached import encoded, post_files

pytestmark = pytest.mark.extended

MIB = 1024 * 1024
CONTENT = b"\xff\0" + random.Random(4).randbytes(12 * MIB)


@pytest.fixture(params=["site", "site_postgres_redis"])
def site(request):
    """A site of each kind."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def sent(site):
    """The room, the file and its path."""
    room = site.add_room()
    (file,) = site.call(post_files, room=room, author="alice", body="large", files=[encoded(CONTENT, "large.bin")])
    return room, file, f"/files/{file}/large.bin"


def remove_bob(room: str) -> None:
    from django.contrib.auth import get_user_model

    from chat.domain import members

    people = {user.handle: user for user in get_user_model()._default_manager.filter(handle__in=["alice", "bob"])}
    members.remove(room=room, by=people["alice"], person=people["bob"].pk)


def begin(site, path: str, *, receive_buffer: int = 0) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    """The response to a request, its body not read yet. `receive_buffer`: bytes that may be on their way."""
    parts = urlsplit(site.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    if receive_buffer:
        connection.sock = socket.socket()
        # Before it is connected, or the other side may already send more.
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.sock.settimeout(20)
        connection.sock.connect((parts.hostname, parts.port))
    connection.request("GET", path, headers={"Cookie": site.cookie("bob")})
    return connection, connection.getresponse()


def test_a_file_arrives_byte_for_byte_and_uncompressed(site, sent):
    answer = site.visitor("bob").get(sent[2], Accept_Encoding="gzip")
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, None)
    assert hashlib.sha256(answer.body).digest() == hashlib.sha256(CONTENT).digest()
    part = site.visitor("bob").get(sent[2], Range=f"bytes={5 * MIB}-{6 * MIB}")
    assert (part.status, part.body) == (206, CONTENT[5 * MIB : 6 * MIB + 1])


def test_a_download_ends_within_a_second_of_leaving_the_room(site, sent):
    room, _file, path = sent
    # Few bytes are on their way, so that the end of the connection is seen when it happens.
    connection, answer = begin(site, path, receive_buffer=64 * 1024)
    with closing(connection):
        received = len(answer.read(MIB))
        ended = []

        def read() -> None:
            nonlocal received
            # At 2 MB a second: much of the file is still to be sent when Bob is removed.
            with suppress(http.client.IncompleteRead, ConnectionError):
                while piece := answer.read1(64 * 1024):
                    received += len(piece)
                    time.sleep(len(piece) / 2_000_000)
            ended.append(time.monotonic())

        reader = threading.Thread(target=read)
        reader.start()
        site.call(remove_bob, room=room)
        removed_at = time.monotonic()
        reader.join()
    after = ended[0] - removed_at
    print(f"The download ended {after:.2f} s after the removal, at {received / len(CONTENT):.0%} of the file.")
    assert received < len(CONTENT), f"the whole file arrived, {after:.2f} s after the removal"
    # One second by design; the rest is for a busy machine.
    assert after < 10, f"the download ended {after:.2f} s after the removal"
    assert site.visitor("bob").get(path).status == 404


def test_readers_who_stop_reading_do_not_delay_others(site, sent):
    stopped = [begin(site, sent[2]) for _number in range(8)]
    bob = site.visitor("bob")
    started = time.monotonic()
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(bob.get(sent[2]))) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(answer.body) for answer in answers] == [len(CONTENT)] * 3
    assert time.monotonic() - started < 60
    for connection, _answer in stopped:
        connection.close()
    assert bob.get(sent[2], Range="bytes=0-9").body == CONTENT[:10]
