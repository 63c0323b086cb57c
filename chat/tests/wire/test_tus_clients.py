"""Public clients of tus upload files to a site, continue after a cut, and the files are those that were sent."""

import hashlib
import random
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tusclient.client import TusClient

from chat.tests.services.environment import ROOT

pytestmark = pytest.mark.core

CLIENT = Path(__file__).parent / "tus_client.mjs"
CHUNK_BYTES = 1024 * 1024
SIZE = 5 * CHUNK_BYTES + 7
STORED = """
    import hashlib
    from django.core.files.storage import storages
    from chat.models import Attachment
    file = Attachment.objects.get(pk=upload)
    found = storages["files"].open(file.storage_name).read()
    result = [file.name, hashlib.sha256(found).hexdigest(), file.sha256]
"""


@pytest.fixture
def file(tmp_path) -> Path:
    """A file that is named in Chinese."""
    path = tmp_path / "計劃.bin"
    path.write_bytes(random.Random(5).randbytes(SIZE))
    return path


def check_stored(site, url: str, file: Path) -> None:
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    assert site.python(STORED, upload=int(urlsplit(url).path.split("/")[-2])) == [file.name, sha256, sha256]


def test_tuspy_uploads_a_file_and_continues_after_a_cut(site, file):
    address = f"{site.url}/rooms/{site.add_room()}/files/"
    client = TusClient(address, headers={"Cookie": site.cookie("bob")})
    options = {"chunk_size": CHUNK_BYTES, "metadata": {"filename": file.name}, "upload_checksum": True}
    with file.open("rb") as stream:
        first = client.uploader(file_stream=stream, **options)
        first.upload(stop_at=2 * CHUNK_BYTES)
    with file.open("rb") as stream:
        # Another one, as after a restart of the program: it asks for the offset.
        second = client.uploader(file_stream=stream, url=first.url, **options)
        assert second.offset == 2 * CHUNK_BYTES
        second.upload()
    check_stored(site, second.url, file)


@pytest.mark.parametrize("stop_at", [0, 2 * CHUNK_BYTES])
def test_tus_js_client_uploads_a_file_and_continues_after_a_cut(site, file, stop_at):
    address = f"{site.url}/rooms/{site.add_room()}/files/"
    command = ["node", CLIENT, address, site.cookie("bob"), file, str(CHUNK_BYTES), str(stop_at)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    check_stored(site, run.stdout.strip(), file)
