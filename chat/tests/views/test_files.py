"""Files of messages: who may fetch them, and with which headers."""

import json

import pytest
from django.core.files.storage import storages
from django.test import Client

from chat.domain import guests, members, messages
from chat.models import Attachment, Room
from chat.tests import sample_files
from chat.tests.attached import attach, upload
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db
OCTETS = "application/octet-stream"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


class Reader(Client):
    """A client that reads each response to its end: `response.body`."""

    def request(self, **request):
        response = super().request(**request)
        response.body = response.getvalue()
        return response


@pytest.fixture
def visit():
    """Function that returns a client: `visit(bob)` is signed in as Bob, `visit()` is not signed in."""

    def browse(user=None) -> Reader:
        client = Reader()
        if user:
            client.force_login(user)
        return client

    return browse


@pytest.fixture
def photo(harbour, alice) -> Attachment:
    """A photo that Alice sent to the harbour."""
    return attach(post_message(harbour, alice), sample_files.picture(size=(800, 600)), "photo.jpg")


def path(file: Attachment, name: str = "") -> str:
    return f"/files/{file.pk}/{name or file.name}"


# --- Who


def test_members_may_fetch_a_file_and_what_was_made_of_it(visit, photo, alice, bob):
    for person in (alice, bob):
        browser = visit(person)
        for name in ("photo.jpg", "thumb-360.webp", "thumb-1080.webp", "any other name"):
            assert browser.get(path(photo, name)).status_code == 200


def test_nobody_else_may(visit, photo, charlie, dora):
    for person in (charlie, dora, None):
        for name in ("photo.jpg", "thumb-360.webp", "excerpt.json"):
            assert visit(person).get(path(photo, name)).status_code == 404


def test_a_removed_member_may_no_longer_fetch_it_even_from_a_cache(visit, photo, alice, bob):
    browser = visit(bob)
    known = browser.get(path(photo)).headers["ETag"]
    assert browser.get(path(photo), HTTP_IF_NONE_MATCH=known).status_code == 304
    members.remove(room="harbour", person=bob.pk, by=alice)
    assert browser.get(path(photo), HTTP_IF_NONE_MATCH=known).status_code == 404
    assert browser.get(path(photo), HTTP_RANGE="bytes=0-1").status_code == 404


def test_guests_may_fetch_files_of_rooms_that_are_open_to_them(garden, harbour, photo, alice):
    shown = attach(post_message(garden, alice), b"words", "a.txt")
    assert Reader().get(path(shown)).status_code == 200
    assert Reader().get(path(photo)).status_code == 404
    Room.objects.filter(pk=garden.pk).update(guests="none")
    assert Reader().get(path(shown)).status_code == 404


def test_an_upload_is_its_uploaders_until_it_is_sent(visit, harbour, alice, bob):
    file = upload(harbour, alice, b"words", "a.txt")
    assert visit(alice).get(path(file)).status_code == 200
    assert visit(bob).get(path(file)).status_code == 404


def test_a_guests_upload_is_that_guests(garden):
    first, second = Reader(), Reader()
    for client in (first, second):
        client.get("/rooms/garden/")
    guest = guests.get_guest(first.session)
    file = upload(garden, guest, b"words", "a.txt")
    assert [client.get(path(file)).status_code for client in (first, second, Reader())] == [200, 404, 404]


def test_the_file_of_a_deleted_message_is_nobodys(visit, photo, alice):
    messages.delete(message=photo.message_id, by=alice)
    assert visit(alice).get(path(photo)).status_code == 404


@pytest.mark.parametrize("state", ["uploading", "processing", "refused"])
def test_a_file_that_is_not_ready_cannot_be_fetched(visit, photo, alice, state):
    Attachment.objects.update(state=state)
    assert visit(alice).get(path(photo)).status_code == 404


def test_a_missing_file_is_not_found(visit, photo, alice):
    storages["files"].delete(photo.storage_name)
    assert visit(alice).get(path(photo)).status_code == 404
    assert visit(alice).get("/files/999/a.txt").status_code == 404
    assert visit(alice).post(path(photo)).status_code == 405


def test_permission_takes_one_query(visit, photo, alice, django_assert_max_num_queries):
    browser = visit(alice)
    browser.get(path(photo))
    # The session, the user, the file.
    with django_assert_max_num_queries(3):
        browser.get(path(photo, "thumb-360.webp"))


# --- How

CASES = [
    # Content, name, type that is sent, whether it is shown in the page.
    (sample_files.picture("JPEG"), "a.jpg", "image/jpeg", True),
    (sample_files.picture("PNG"), "a.png", "image/png", True),
    (sample_files.picture("WEBP"), "a.webp", "image/webp", True),
    (sample_files.animation("GIF"), "a.gif", "image/gif", True),
    (sample_files.HEIC, "a.heic", "image/jpeg", True),
    (sample_files.picture("TIFF"), "a.tif", "image/tiff", False),
    (sample_files.video(), "a.mp4", "video/mp4", True),
    (sample_files.sound(), "a.wav", "audio/wav", True),
    (b"words", "a.txt", "text/plain; charset=utf-8", True),
    (b"alert(1)", "a.js", "text/plain; charset=utf-8", True),
    (b"a{}", "a.css", "text/plain; charset=utf-8", True),
    # The name lies.
    (b"<script>alert(1)</script>", "a.png", OCTETS, False),
    (b"MZ\x90\0", "a.jpg", OCTETS, False),
    (sample_files.picture("PNG"), "a.html", "image/png", True),
    # Documents that run scripts, and polyglots.
    (b"<!doctype html><script>alert(1)</script>", "a.html", OCTETS, False),
    (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.svg", OCTETS, False),
    (b'<?xml version="1.0"?><x/>', "a.xml", OCTETS, False),
    (b"GIF89a/*\0\0\0\0\0*/=1;alert(1)", "a.gif", OCTETS, False),
    (sample_files.pdf() + b"<html><script>alert(1)</script>", "a.pdf", "application/pdf", False),
    (sample_files.archive("a"), "a.zip", "application/zip", False),
    (b"", "a.bin", OCTETS, False),
]


@pytest.mark.parametrize(("content", "name", "sent", "is_inline"), CASES, ids=[f"{n}-{t}" for _c, n, t, _i in CASES])
def test_headers_by_type(visit, harbour, alice, content, name, sent, is_inline):
    file = attach(post_message(harbour, alice), content, name)
    answer = visit(alice).get(path(file))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == sent
    kind, _, rest = answer.headers["Content-Disposition"].partition(";")
    assert kind == ("inline" if is_inline else "attachment")
    assert rest.startswith(' filename="a.')
    assert {header: answer.headers[header] for header in EXPECTED} == EXPECTED
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    as_download = visit(alice).get(path(file) + "?download")
    assert as_download.headers["Content-Disposition"].startswith("attachment")


EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "private, no-cache, no-transform",
    "Accept-Ranges": "bytes",
}


def test_what_was_made_has_the_same_headers(visit, photo, harbour, alice):
    code = attach(post_message(harbour, alice), b"x = 1\n", "tide.py")
    for file, name, sent in ((photo, "thumb-360.webp", "image/webp"), (code, "excerpt.json", "application/json")):
        answer = visit(alice).get(path(file, name))
        assert answer.headers["Content-Type"] == sent
        assert {header: answer.headers[header] for header in EXPECTED} == EXPECTED
    assert json.loads(answer.body)["language"] == "Python"


def test_a_browser_that_has_the_file_gets_304(visit, photo, alice):
    browser = visit(alice)
    etags = {name: browser.get(path(photo, name)).headers["ETag"] for name in ("photo.jpg", "thumb-360.webp")}
    assert len(set(etags.values())) == 2
    for name, etag in etags.items():
        answer = browser.get(path(photo, name), HTTP_IF_NONE_MATCH=etag)
        assert (answer.status_code, answer.body, answer.headers["ETag"]) == (304, b"", etag)
    assert browser.get(path(photo), HTTP_IF_NONE_MATCH='"other"').status_code == 200


def test_a_part_of_a_file(visit, harbour, alice):
    browser, content = visit(alice), bytes(range(256)) * 4
    file = attach(post_message(harbour, alice), b"\xff\0" + content, "a.bin")
    content = b"\xff\0" + content
    etag = browser.get(path(file)).headers["ETag"]
    part = browser.get(path(file), HTTP_RANGE="bytes=10-19")
    assert (part.status_code, part.body) == (206, content[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(content)}"
    assert part.headers["Content-Length"] == "10"
    last = browser.get(path(file), HTTP_RANGE="bytes=-5", HTTP_IF_RANGE=etag)
    assert (last.status_code, last.body) == (206, content[-5:])
    assert browser.get(path(file), HTTP_RANGE="bytes=-5", HTTP_IF_RANGE='"older"').body == content
    beyond = browser.get(path(file), HTTP_RANGE="bytes=5000-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(content)}")


def test_head_has_the_headers_and_no_body(visit, photo, alice):
    whole, head = visit(alice).get(path(photo)), visit(alice).head(path(photo), HTTP_RANGE="bytes=0-1")
    assert head.status_code == 200
    assert head.body == b""
    for name in ("Content-Length", "ETag", "Content-Type", "Content-Disposition"):
        assert head.headers[name] == whole.headers[name]
