"""Uploads over HTTP, by the rules of tus 1.0. The rules of uploads are tested in chat/tests/domain/test_uploads.py."""

import base64
import hashlib

import pytest
from django.test import Client

from chat.domain import throttle
from chat.models import Attachment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]

FILES = "/rooms/harbour/files/"
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = "application/offset+octet-stream"
CONTENT = b"Ahoy there"


@pytest.fixture
def bobs(visit, harbour, bob) -> Client:
    return visit(bob)


def metadata(**values: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def create(client: Client, size: object = len(CONTENT), path: str = FILES, body: bytes = b"", **headers):
    headers = TUS | {"Upload-Length": str(size), "Upload-Metadata": metadata(filename="notes.txt")} | headers
    return client.post(path, body, content_type=BYTES if body else "text/plain", headers=headers)


def patch(client: Client, path: str, body: bytes, offset: object = 0, content_type: str = BYTES, **headers):
    return client.patch(path, body, content_type=content_type, headers=TUS | {"Upload-Offset": str(offset)} | headers)


def test_a_client_asks_what_the_server_can_do(bobs):
    answer = bobs.options(FILES)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) >= {"creation", "termination", "expiration", "checksum"}
    assert answer["Tus-Max-Size"] == "100000000"
    assert "sha1" in answer["Tus-Checksum-Algorithm"].split(",")


def test_an_upload_is_created_continued_and_complete(bobs):
    created = create(bobs)
    assert (created.status_code, created["Upload-Offset"]) == (201, "0")
    path = created["Location"]
    assert created["Upload-Expires"].endswith("GMT")
    assert patch(bobs, path, CONTENT[:4])["Upload-Offset"] == "4"
    state = bobs.head(path, headers=TUS)
    assert (state["Upload-Offset"], state["Upload-Length"], state["Cache-Control"]) == ("4", "10", "no-store")
    done = patch(bobs, path, CONTENT[4:], 4)
    assert (done.status_code, done["Upload-Offset"], done["Tus-Resumable"]) == (204, "10", "1.0.0")
    assert Attachment.objects.get().name == "notes.txt"


def test_a_small_file_is_sent_with_its_creation(bobs):
    created = create(bobs, body=CONTENT)
    assert (created.status_code, created["Upload-Offset"]) == (201, "10")
    assert Attachment.objects.get().state == "processing"


def test_an_upload_is_deleted(bobs):
    path = create(bobs)["Location"]
    assert bobs.delete(path, headers=TUS).status_code == 204
    for answer in (bobs.head(path, headers=TUS), bobs.delete(path, headers=TUS), patch(bobs, path, CONTENT)):
        assert (answer.status_code, answer["Tus-Resumable"]) == (404, "1.0.0")


def test_a_browser_without_patch_sends_its_method_in_a_header(bobs):
    path = create(bobs)["Location"]
    headers = TUS | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert bobs.post(path, CONTENT, content_type=BYTES, headers=headers)["Upload-Offset"] == "10"


@pytest.mark.parametrize("version", [None, "0.2.2"])
def test_a_request_of_another_version_is_refused(bobs, version):
    headers = {"Upload-Length": "10"} | ({"Tus-Resumable": version} if version else {})
    answer = bobs.post(FILES, headers=headers)
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("size", ["", "-1", "1.5", "x", "٣", "9" * 19, "0"])
def test_a_length_that_cannot_be_is_refused(bobs, size):
    answer = create(bobs, size)
    assert (answer.status_code, answer.json()["field"]) == (400, "Upload-Length")


def test_a_file_above_the_limit_is_refused_before_any_byte(bobs, settings):
    settings.MAX_FILE_BYTES = 2_000_000
    answer = create(bobs, 2_000_001)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer.json()["detail"] == "A file can have at most 2 MB."


@pytest.mark.parametrize("header", ["filename", "filename !", "filename /w==", "filename " + "A" * 5000])
def test_metadata_that_cannot_be_read_are_refused(bobs, header):
    answer = create(bobs, **{"Upload-Metadata": header})
    if header == "filename":
        assert (answer.status_code, Attachment.objects.get().name) == (201, "file")
    else:
        assert (answer.status_code, answer.json()["field"]) == (400, "Upload-Metadata")


def test_another_offset_and_another_content_type_are_refused(bobs):
    path = create(bobs)["Location"]
    assert (patch(bobs, path, CONTENT, 3).status_code, patch(bobs, path, CONTENT, 3).json()["code"]) == (
        409,
        "conflict",
    )
    assert patch(bobs, path, CONTENT, "x").status_code == 400
    assert patch(bobs, path, CONTENT, content_type="text/plain").status_code == 415
    assert patch(bobs, path, CONTENT + b"!").status_code == 413
    assert bobs.head(path, headers=TUS)["Upload-Offset"] == "0"


def test_damaged_bytes_are_refused(bobs):
    path = create(bobs)["Location"]
    good, bad = (base64.b64encode(hashlib.sha1(text).digest()).decode() for text in (CONTENT, b"other"))
    assert patch(bobs, path, CONTENT, **{"Upload-Checksum": f"sha1 {bad}"}).status_code == 460
    for header in ("sha1", "sha1 !", "md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha1 AAAA"):
        assert patch(bobs, path, CONTENT, **{"Upload-Checksum": header}).status_code == 400
    assert patch(bobs, path, CONTENT, **{"Upload-Checksum": f"sha1 {good}"}).status_code == 204


def test_a_stranger_gets_the_answer_of_a_room_that_does_not_exist(bobs, visit, charlie):
    path = create(bobs)["Location"]
    hers = visit(charlie)
    assert create(hers).json() == create(hers, path="/rooms/nowhere/files/").json()
    for answer in (hers.head(path, headers=TUS), patch(hers, path, CONTENT), hers.delete(path, headers=TUS)):
        assert answer.status_code == 404


def test_a_visitor_without_a_session_is_signed_out_and_a_guest_uploads(visit, harbour, garden):
    visitor = visit()
    assert create(visitor, path="/rooms/garden/files/").status_code == 401
    assert visitor.get("/rooms/garden/").status_code == 200
    created = create(visitor, path="/rooms/garden/files/")
    assert patch(visitor, created["Location"], CONTENT)["Upload-Offset"] == "10"
    assert create(visitor).status_code == 404


def test_a_page_of_another_site_cannot_upload(harbour, bob):
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob)
    assert create(client, Origin="https://evil.example").status_code == 403
    assert client.post(FILES, headers={"Upload-Length": "10"}).status_code == 412
    assert create(client, Origin="http://testserver").status_code == 201
    # A program sends no Origin.
    assert create(client).status_code == 201


def test_too_many_new_uploads_are_refused_for_a_while(bobs, monkeypatch):
    monkeypatch.setattr(throttle, "UPLOAD", throttle.Rule("upload", (throttle.Limit(2, 60),)))
    answers = [create(bobs) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert int(answers[2]["Retry-After"]) > 0
