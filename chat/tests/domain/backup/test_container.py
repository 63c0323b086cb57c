"""The file of a native backup: it is read as written; incomplete files and files of other programs are refused."""

import io
import json
import tracemalloc
import zipfile

import pytest

from chat.domain.backup.native.container import HEADER, MANIFEST, Header, Reader, Writer
from chat.domain.errors import Invalid

HEADER_OF_TEST = Header("sqlite", "2026-01-01T00:00:00+00:00", [("chat", "0001_initial")])


def written(contents=b"rows", **about) -> bytes:
    """An archive with one member."""
    stream = io.BytesIO()
    writer = Writer(stream, HEADER_OF_TEST)
    writer.add("data", [contents], about)
    writer.close()
    return stream.getvalue()


def rewritten(change) -> io.BytesIO:
    """An archive with the members that `change` returns for those of `written`: a list of (name, contents)."""
    with zipfile.ZipFile(io.BytesIO(written())) as archive:
        members = change([(name, archive.read(name)) for name in archive.namelist()])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in members:
            archive.writestr(name, contents)
    return stream


def with_json(name: str, **fields) -> io.BytesIO:
    """An archive in which these fields of a JSON member have other values."""

    def change(members):
        return [(own, json.dumps(json.loads(text) | fields) if own == name else text) for own, text in members]

    return rewritten(change)


def refusal(stream: io.BytesIO) -> str:
    with pytest.raises(Invalid) as caught:
        Reader(stream)
    return str(caught.value.detail)


def test_what_was_written_is_read():
    reader = Reader(io.BytesIO(written(b"rows", rows=3)))
    assert reader.header == HEADER_OF_TEST
    assert list(reader.members) == [HEADER, "data"]
    assert b"".join(reader.read(reader.members["data"])) == b"rows"
    assert reader.members["data"].about == {"rows": 3}


def test_an_archive_is_written_to_a_stream_that_cannot_seek():
    class Pipe(io.RawIOBase):
        contents = b""

        def writable(self):
            return True

        def write(self, data):
            self.contents += bytes(data)
            return len(data)

    pipe = Pipe()
    writer = Writer(pipe, HEADER_OF_TEST)
    writer.add("data", [b"rows"])
    writer.close()
    assert Reader(io.BytesIO(pipe.contents)).members["data"].size == 4


def test_a_file_cut_short_at_any_byte_is_refused():
    complete = written()
    for length in range(len(complete)):
        with pytest.raises(Invalid):
            Reader(io.BytesIO(complete[:length]))


def test_a_file_with_any_bit_changed_is_refused_or_has_the_same_contents():
    complete = written()
    for place in range(len(complete)):
        for bit in range(8):
            changed = bytearray(complete)
            changed[place] ^= 1 << bit
            try:
                reader = Reader(io.BytesIO(bytes(changed)))
            except Invalid:
                continue
            # ZIP has fields without meaning for the contents, such as the time of a member.
            assert reader.header == HEADER_OF_TEST
            assert b"".join(reader.read(reader.members["data"])) == b"rows"


def test_an_archive_of_another_program_is_not_a_backup():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("../../etc/passwd", "x")
    assert refusal(stream) == "This is not a backup."
    assert refusal(with_json(HEADER, format="something else")) == "This is not a backup."


def test_a_newer_format_is_refused():
    assert "its format is not known here" in refusal(with_json(HEADER, version=2))


@pytest.mark.parametrize("name", ["extra", "../extra", "/etc/passwd", "tables/../../extra"])
def test_a_member_that_the_manifest_does_not_list_is_refused(name):
    assert "a part that no backup has" in refusal(rewritten(lambda m: [*m[:-1], (name, b"x"), m[-1]]))


def test_a_member_that_is_missing_or_after_the_manifest_is_refused():
    assert "a part that no backup has" in refusal(rewritten(lambda members: [members[0], members[-1]]))
    assert "damaged" in refusal(rewritten(lambda members: members[:-1]))
    assert "damaged" in refusal(rewritten(lambda members: [*members, ("late", b"x")]))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused():
    assert "a part that no backup has" in refusal(rewritten(lambda m: [m[0], m[1], m[1], m[-1]]))


def test_other_contents_than_the_manifest_says_are_refused():
    assert "damaged" in refusal(rewritten(lambda m: [m[0], ("data", b"rowz"), m[-1]]))


@pytest.mark.parametrize(
    "members", [None, 1, "x", [1], [{}], [{"name": "data"}], [{"name": 1, "size": 1, "sha256": ""}]]
)
def test_a_manifest_that_is_not_a_list_of_members_is_refused(members):
    assert "a part that no backup has" in refusal(with_json(MANIFEST, members=members))


@pytest.mark.parametrize("size", ["4", 4.0, None, [4], -1, 3])
def test_a_size_that_is_wrong_is_refused(size):
    listed = json.loads(zipfile.ZipFile(io.BytesIO(written())).read(MANIFEST))["members"]
    listed[1]["size"] = size
    assert refusal(with_json(MANIFEST, members=listed))


@pytest.mark.parametrize(
    "fields", [{"made_at": 1}, {"database": None}, {"migrations": 1}, {"migrations": [["chat"]]}, {"migrations": [1]}]
)
def test_a_header_with_a_wrong_value_is_refused(fields):
    assert "a part that no backup has" in refusal(with_json(HEADER, **fields))


def test_a_header_that_is_deep_or_not_json_is_refused():
    for text in (b"[" * 200_000, b"{", b"\xff", b"[]"):
        assert refusal(rewritten(lambda m, text=text: [(HEADER, text), *m[1:]]))


def test_a_compressed_gigabyte_is_refused_in_little_memory():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(HEADER, b" " * 300_000_000)
        archive.writestr(MANIFEST, b"{}")
    tracemalloc.start()
    try:
        assert refusal(bomb)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def test_an_encrypted_member_is_refused():
    encrypted = bytearray(written())
    # Bit 0 of the flags of the second member, in the directory at the end of the file.
    place = encrypted.index(b"PK\x01\x02", encrypted.index(b"PK\x01\x02") + 1)
    encrypted[place + 8] |= 1
    assert "a part that no backup has" in refusal(io.BytesIO(bytes(encrypted)))


@pytest.mark.parametrize("more", [b"x", b"junk" * 100, b"\0" * 22])
def test_bytes_after_the_end_are_refused(more):
    assert "damaged" in refusal(io.BytesIO(written() + more))
