"""Backups hold the pictures of people."""

import pytest

PICTURE = """
    from io import BytesIO
    from django.contrib.auth import get_user_model
    from PIL import Image
    from chat.domain import profiles
    out = BytesIO()
    Image.new("RGB", (64, 64), "red").save(out, "PNG")
    alice = get_user_model().objects.get(handle="alice")
    result = profiles.set_picture(user=alice, image=out.getvalue()).avatar.name
"""
STORED = """
    from django.core.files.storage import default_storage
    result = default_storage.open(name).read().hex() if default_storage.exists(name) else None
"""


@pytest.mark.parametrize("options", [(), ("--portable",)])
def test_a_restored_site_has_the_pictures_of_people(own_site, tmp_path, options):
    source, target = own_site(), own_site(with_users=False)
    name = source.python(PICTURE)
    file = tmp_path / "site.backup"
    source.manage("backup", str(file), *options)
    assert target.python(STORED, name=name) is None
    target.manage("restore", str(file))
    assert target.python(STORED, name=name) == source.python(STORED, name=name) is not None


def test_a_file_with_another_name_is_refused(own_site, tmp_path):
    # A portable backup whose picture would be written outside of the folder.
    import gzip
    import hashlib
    import json

    source, target = own_site(), own_site(with_users=False)
    source.python(PICTURE)
    file = tmp_path / "site.backup"
    source.manage("backup", str(file), "--portable")
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    place = lines.index(b'{"table":"files","columns":["name","offset","content"]}\n') + 1
    _name, offset, content = json.loads(lines[place])
    lines[place] = json.dumps(["../escaped.webp", offset, content], separators=(",", ":")).encode() + b"\n"
    end = json.loads(lines[-1]) | {"sha256": hashlib.sha256(b"".join(lines[:-1])).hexdigest()}
    lines[-1] = json.dumps(end, separators=(",", ":")).encode() + b"\n"
    file.write_bytes(gzip.compress(b"".join(lines)))
    refused = target.manage("restore", str(file), check=False)
    assert refused.returncode != 0
    assert not list(target.folder.rglob("escaped.webp"))
