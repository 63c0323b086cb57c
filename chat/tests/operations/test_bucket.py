"""A site whose files are in a bucket: they get there, are fetched from there by those who may, and go from there."""

import base64
import hashlib
import http.client
import random
from urllib.parse import parse_qs, urlsplit

import pytest

from chat.tests import sample_files
from chat.tests.services import Bucket, Site, Visitor, wait_until

MIB = 1024 * 1024
SIZE = 18 * MIB + 5
"""More than two parts."""
LISTED = """
    from django.core.files.storage import storages
    result = [name for folder in storages["files"].listdir("attachments")[0]
              for name in storages["files"].listdir(f"attachments/{folder}")[1]]
"""
STATE = """
    from chat.models import Attachment
    result = Attachment.objects.values_list("state", flat=True).get(pk=upload)
"""
POST = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    from chat.protocol.things import PostedFile
    bob = get_user_model().objects.get(handle="bob")
    given = [PostedFile(id=upload)]
    result = messages.post(room=room, author=bob, body="", client_id=uuid.uuid4(), attachments=given).pk
"""
DELETE = """
    from datetime import timedelta
    from django.contrib.auth import get_user_model
    from chat.domain import file_cleaning, messages
    from chat.models import Attachment
    messages.delete(message=message, by=get_user_model().objects.get(handle="bob"))
    for one in Attachment.objects.filter(message=message):
        one.expires_at -= timedelta(hours=1)
        one.save()
    result = file_cleaning.delete_expired()
"""
METADATA = """
    from chat.models import Attachment
    from django.core.files.storage import storages
    stored = storages["files"].bucket.Object(Attachment.objects.get(pk=upload).storage_name)
    result = [stored.content_disposition, stored.content_type]
"""
STORED = """
    import hashlib
    from chat.models import Attachment
    from django.core.files.storage import storages
    with storages["files"].open(Attachment.objects.get(name=name).storage_name) as file:
        result = [type(storages["files"]).__name__, hashlib.file_digest(file, "sha256").hexdigest()]
"""


@pytest.fixture(scope="module")
def site(site_with_bucket) -> Site:
    """The site with a bucket, under the name that other fixtures use."""
    return site_with_bucket


class Sender:
    """Bob, who uploads by tus."""

    def __init__(self, site: Site, room: str):
        self.site, self.room = site, room
        self.address = ""

    def begin(self, name: str, size: int) -> int:
        """Begin an upload; returns its id."""
        metadata = f"filename {base64.b64encode(name.encode()).decode()}"
        answer = self._ask("POST", f"/rooms/{self.room}/files/", {"Upload-Length": size, "Upload-Metadata": metadata})
        self.address = answer.headers["Location"]
        return int(self.address.split("/")[-2])

    def send(self, content: bytes, offset: int = 0) -> int:
        """Send bytes; returns the status of the answer."""
        headers = {"Upload-Offset": offset, "Content-Type": "application/offset+octet-stream"}
        return self._ask("PATCH", self.address, headers, content).status

    def upload(self, name: str, content: bytes) -> int:
        """Upload a file and wait until it is ready; returns its id."""
        upload = self.begin(name, len(content))
        for offset in range(0, len(content), MIB):
            assert self.send(content[offset : offset + MIB], offset) == 204
        wait_until(lambda: self.site.python(STATE, upload=upload) == "ready", "the file to be ready")
        return upload

    def _ask(self, method: str, path: str, headers: dict, body: bytes = b"") -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        common = {"Cookie": self.site.cookie("bob"), "Tus-Resumable": "1.0.0"}
        connection.request(method, path, body, {name: str(value) for name, value in (common | headers).items()})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer


@pytest.fixture
def sender(site) -> Sender:
    return Sender(site, site.add_room())


def test_a_picture_is_sent_by_the_bucket_after_the_check_of_permission(site, bucket, sender):
    upload = sender.upload("Quay at dawn.jpg", sample_files.picture(size=(800, 600)))
    path = f"/files/{upload}/Quay.jpg"
    bob, charlie = site.visitor("bob", follow=False), site.visitor("charlie", follow=False)
    assert charlie.get(path).status == 404
    answer = bob.get(path)
    assert (answer.status, answer.headers["Cache-Control"]) == (302, "private, no-store")
    target = urlsplit(answer.headers["Location"])
    signed = parse_qs(target.query)
    assert f"{target.scheme}://{target.netloc}" == bucket.origin
    assert (signed["X-Amz-Expires"], len(signed["X-Amz-Signature"][0])) == (["60"], 64)
    assert "secret" not in target.query
    shown = site.visitor("bob").get(path)
    assert (shown.status, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert shown.headers["Content-Disposition"] == 'inline; filename="Quay at dawn.jpg"'
    saved = site.visitor("bob").get(path + "?download")
    assert saved.headers["Content-Disposition"] == 'attachment; filename="Quay at dawn.jpg"'
    assert saved.body == shown.body
    assert Visitor(bucket.origin).get(target.path).status == 403
    # A signed address that says nothing else gets a download.
    assert site.python(METADATA, upload=upload) == ["attachment", "application/octet-stream"]
    # What pages show most comes from the site, whose answers browsers may keep.
    thumb = bob.get(f"/files/{upload}/thumb-360.webp")
    assert (thumb.status, thumb.headers["Content-Type"]) == (200, "image/webp")
    assert bob.get(f"/files/{upload}/thumb-360.webp", If_None_Match=thumb.headers["ETag"]).status == 304
    assert charlie.get(f"/files/{upload}/thumb-360.webp").status == 404


def test_modules_of_a_page_get_files_from_the_site_itself(site, sender):
    content = b"one line\n" * 1000
    upload = sender.upload("a.txt", content)
    bob = site.visitor("bob", follow=False)
    answer = bob.get(f"/files/{upload}/a.txt", Sec_Fetch_Dest="empty")
    assert (answer.status, answer.body) == (200, content)
    part = bob.get(f"/files/{upload}/a.txt", Sec_Fetch_Dest="empty", Range="bytes=9-17")
    assert (part.status, part.body) == (206, b"one line\n")


def test_an_address_of_a_video_is_valid_for_as_long_as_people_watch_it(site, sender):
    upload = sender.upload("a.mp4", sample_files.video())
    answer = site.visitor("bob", follow=False).get(f"/files/{upload}/a.mp4")
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["X-Amz-Expires"] == ["3600"]


def test_a_large_file_arrives_byte_for_byte_and_goes_with_its_message(site, sender):
    content = random.Random(3).randbytes(SIZE)
    upload = sender.upload("large.bin", content)
    message = site.python(POST, room=sender.room, upload=upload)
    found = site.visitor("bob").get(f"/files/{upload}/large.bin")
    assert hashlib.sha256(found.body).digest() == hashlib.sha256(content).digest()
    before = len(site.python(LISTED))
    assert site.python(DELETE, message=message) == 1
    assert len(site.python(LISTED)) == before - 1


@pytest.mark.log_may_show("The job .* failed|Service Unavailable|bucket")
@pytest.mark.timeout(180)
def test_nothing_is_lost_while_the_bucket_is_away(site, bucket, sender):
    content = random.Random(4).randbytes(2 * MIB)
    upload = sender.begin("calm.bin", len(content))
    assert sender.send(content[:MIB]) == 204
    other = Sender(site, sender.room)
    shown = other.upload("a.txt", b"words")
    bucket.stop()
    # The file is kept on the disk of the site. Its job tries again until it is in the bucket.
    assert sender.send(content[MIB:], MIB) == 204
    message = site.python(POST, room=sender.room, upload=upload)
    wait_until(lambda: "failed, and runs again" in site.log, "the job to try")
    assert site.python(STATE, upload=upload) == "processing"
    assert site.visitor("bob").get(f"/files/{shown}/a.txt", Sec_Fetch_Dest="empty").status == 503
    bucket.start()
    wait_until(lambda: site.python(STATE, upload=upload) == "ready", "the file to be ready", timeout=90)
    found = site.visitor("bob").get(f"/files/{upload}/calm.bin")
    assert found.body == content
    assert not list((site.folder / "files" / "uploads").iterdir())
    assert site.python(DELETE, message=message) == 1


@pytest.mark.parametrize("to_bucket", [True, False], ids=["into a bucket", "into a folder"])
def test_a_backup_carries_the_files_of_a_bucket(site, bucket, sender, new_site, tmp_path, to_bucket):
    content = random.Random(5).randbytes(3 * MIB)
    name = f"kept-{to_bucket}.bin"
    site.python(POST, room=sender.room, upload=sender.upload(name, content))
    file = tmp_path / "site.backup"
    site.manage("backup", str(file))
    with Bucket(tmp_path) as other:
        target = new_site(with_users=False, **({"STORAGE_URL": other.url} if to_bucket else {}))
        target.manage("restore", str(file))
        kind = "BucketStorage" if to_bucket else "FileSystemStorage"
        assert target.python(STORED, name=name) == [kind, hashlib.sha256(content).hexdigest()]
        target.stop()
