"""Files are scanned by ClamAV, if the site has it: nobody can fetch one before that. Here a socket speaks for clamd."""

import socket
import socketserver
import struct
import threading

import pytest

from chat.domain.files import processing, virus_scan
from chat.domain.files.findings import Refused
from chat.tests.attached import attach
from chat.tests.talk import post_message

VIRUS = b"X5O!P%@AP-EICAR"
LIMIT = 300_000


class Scanner(socketserver.StreamRequestHandler):
    """Answers INSTREAM as clamd does: a virus is found by its text, and there is a limit."""

    def handle(self):
        """Read one file, and answer."""
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > LIMIT:
                return self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        if content == b"broken":
            return self.wfile.write(b"stream: Can't open file ERROR\0")
        return self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if VIRUS in content else b"stream: OK\0")


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Clamd's stand-in."""

    daemon_threads = True


@pytest.fixture
def scanner(tmp_path, settings):
    """A scanner that runs."""
    settings.CLAMD_URL = f"unix://{tmp_path}/clamd"
    with Server(f"{tmp_path}/clamd", Scanner) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def file(tmp_path):
    """Function that writes a file."""

    def write(content: bytes):
        path = tmp_path / "file"
        path.write_bytes(content)
        return path

    return write


def test_a_clean_file_passes_and_a_virus_is_refused(scanner, file):
    virus_scan.check(file(b"words" * 50_000))
    virus_scan.check(file(b""))
    with pytest.raises(Refused, match="infected"):
        virus_scan.check(file(b"\0" * 200_000 + VIRUS))


def test_a_file_that_is_too_large_for_the_scanner_is_refused(scanner, file):
    with pytest.raises(Refused, match="not_scanned"):
        virus_scan.check(file(b"\0" * (LIMIT + 10)))


@pytest.mark.parametrize("url", ["unix:///nowhere/clamd", "tcp://127.0.0.1:1"])
def test_a_scanner_that_does_not_answer_is_no_permission(file, settings, url):
    settings.CLAMD_URL = url
    with pytest.raises(virus_scan.ScannerFailed):
        virus_scan.check(file(b"words"))


def test_a_scanner_that_cannot_scan_is_no_permission(scanner, file):
    with pytest.raises(virus_scan.ScannerFailed):
        virus_scan.check(file(b"broken"))


def test_a_scanner_may_be_on_another_machine(file, settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Scanner) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
        with pytest.raises(Refused, match="infected"):
            virus_scan.check(file(VIRUS))
        server.shutdown()


@pytest.mark.django_db
def test_a_file_waits_until_it_was_scanned(harbour, alice, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    settings.CLAMD_URL = f"unix://{tmp_path}/clamd"
    waiting = attach(post_message(harbour, alice), b"words", "a.txt", is_processed=False)
    with pytest.raises(virus_scan.ScannerFailed):
        processing.process(attachment=waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "processing"
    with Server(f"{tmp_path}/clamd", Scanner) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        processing.process(attachment=waiting.pk)
        virus = attach(post_message(harbour, alice), VIRUS, "b.txt")
        server.shutdown()
    waiting.refresh_from_db()
    assert waiting.state == "ready"
    assert (virus.state, virus.refusal) == ("refused", "infected")


def test_sites_have_no_scanner_unless_they_say_so(file, settings, monkeypatch):
    assert settings.CLAMD_URL == ""
    monkeypatch.setattr(socket, "create_connection", lambda *_args, **_options: pytest.fail("it was asked"))
    virus_scan.check(file(VIRUS))
