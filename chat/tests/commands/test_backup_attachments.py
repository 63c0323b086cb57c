"""Backups hold the files of messages, and the pictures of previews."""

import pytest

from chat.domain.backup import files
from chat.domain.errors import Forbidden

CONTENT_BYTES = 3 * 1024 * 1024 + 5
SEND = """
    import hashlib, random, uuid
    from io import BytesIO
    from django.contrib.auth import get_user_model
    from django.core.files.base import ContentFile
    from django.core.files.storage import storages
    from chat.domain import attachments, messages, uploads
    from chat.domain.previews import files as previews
    from chat.models import Attachment, Message
    from chat.protocol.things import PostedFile
    alice = get_user_model().objects.get(handle="alice")
    content = random.Random(1).randbytes(size)
    upload = uploads.create(room="lobby", by=alice, size=size, name="plan.bin")
    uploads.append(room="lobby", upload=upload.id, by=alice, offset=0, source=BytesIO(content))
    file = Attachment.objects.get(pk=upload.id)
    storages["files"].save(attachments.picture_name(file.storage_name, "thumb-360"), ContentFile(b"webp"))
    attachments.change(attachment=file.pk, thumbs=["thumb-360"])
    given = [PostedFile(id=file.pk, alt="The plan")]
    message = messages.post(room="lobby", author=alice, body="", client_id=uuid.uuid4(), attachments=given)
    token = previews.store(message.id, "https://example.org/", "picture", b"a picture")
    preview = {"url": "https://example.org/", "title": "", "description": "", "site": "", "icon": None}
    preview["picture"] = {"token": token, "width": 1, "height": 1}
    Message.objects.filter(pk=message.id).update(previews=[preview])
    uploads.create(room="lobby", by=alice, size=10, name="unfinished.bin")
    result = hashlib.sha256(content).hexdigest()
"""
READ = """
    import hashlib
    from django.core.files.storage import storages
    from chat.domain import attachments
    from chat.domain.previews import files as previews
    from chat.models import Attachment, Message
    file = Attachment.objects.get(name="plan.bin")
    thumb = storages["files"].open(attachments.picture_name(file.storage_name, "thumb-360")).read().decode()
    message = Message.objects.get(pk=file.message_id)
    shown = message.attachments[0]["alt"]
    picture = previews.open_file(message.pk, message.previews[0]["picture"]["token"]).read().decode()
    content = storages["files"].open(file.storage_name)
    digest = hashlib.sha256()
    while piece := content.read(65536):
        digest.update(piece)
    result = [digest.hexdigest(), thumb, shown, picture]
"""


@pytest.mark.parametrize("kind", ["native", "portable", "postgresql"])
def test_a_restored_site_has_the_files_of_messages(own_site, tmp_path, kind):
    postgres = {"postgres": True} if kind == "postgresql" else {}
    source, target = own_site(**postgres), own_site(with_users=False, **postgres)
    sha256 = source.python(SEND, size=CONTENT_BYTES)
    file = tmp_path / "site.backup"
    source.manage("backup", str(file), *(["--portable"] if kind == "portable" else []))
    target.manage("restore", str(file))
    assert target.python(READ) == [sha256, "webp", "The plan", "a picture"]
    assert not list(target.folder.glob("files/.restore-*"))


def test_a_restore_without_room_for_the_files_says_so(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    with pytest.raises(Forbidden, match=r"they need 1125.9 TB, and .* are free"):
        files.check_room(total=2**50, largest=1)
    files.check_room(total=1, largest=1)


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "attachments/ab/../../x",
        "attachments/ab/" + "0" * 31,
        "/etc/passwd",
        "attachments/ab/" + "0" * 32 + ".py",
        "previews/../1-" + "0" * 32 + ".webp",
        5,
    ],
)
def test_a_file_that_the_site_would_not_name_so_is_refused(settings, tmp_path, name):
    settings.MEDIA_ROOT = tmp_path / "files"
    with pytest.raises(Exception, match="not of this site"), files.restoring() as restorer:
        restorer.store(name, [b"content"])
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_with_a_missing_piece_is_refused_and_nothing_is_kept(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    name = "attachments/ab/" + "0" * 32
    first, _second, third = files.rows_of(name, [b"one", b"two", b"three"])
    with pytest.raises(Exception, match="missing"):
        restore_rows(first, third)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def restore_rows(*rows):
    with files.restoring() as restorer:
        for row in rows:
            restorer.store_row(files.COLUMNS, row)
