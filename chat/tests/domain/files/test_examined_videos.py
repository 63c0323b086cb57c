"""Videos are examined: their size and duration, and their metadata."""

import struct

import pytest

from chat.tests import sample_files
from chat.tests.sample_files import SECRET


def test_the_size_of_a_video_is_found_and_its_place_is_removed(examine):
    content = sample_files.video(width=1920, height=1080, seconds=7)
    found, folder = examine(content)
    assert (found.type, found.width, found.height, found.duration_ms) == ("video/mp4", 1920, 1080, 7000)
    kept = (folder / "original").read_bytes()
    assert len(kept) == len(content)
    assert SECRET in content
    assert SECRET not in kept
    # The pictures are where they were.
    assert kept.endswith(content[content.index(b"mdat") :])


def test_the_size_of_a_turned_video_is_that_which_is_shown(examine):
    found, _folder = examine(sample_files.video(width=1920, height=1080, turned=True))
    assert (found.width, found.height) == (1080, 1920)


@pytest.mark.parametrize("cut", [40, 100, 200, 300])
def test_a_truncated_video_is_a_file_of_unknown_type(examine, cut):
    found, folder = examine(sample_files.video()[:cut])
    assert found.type == "application/octet-stream"
    assert not list(folder.iterdir())


def element(identifier: str, content: bytes) -> bytes:
    return bytes.fromhex(identifier) + (0x4000 | len(content)).to_bytes(2) + content


def webm(duration: bytes = b"") -> bytes:
    """What a browser records: a segment of unknown size, and no duration until somebody adds it."""
    video = element("e0", element("b0", (640).to_bytes(2)) + element("ba", (360).to_bytes(2)))
    track = element("ae", element("d7", b"\1") + element("86", b"V_VP8") + video)
    info = element("1549a966", element("2ad7b1", (1_000_000).to_bytes(3)) + duration)
    segment = bytes.fromhex("18538067") + b"\x01" + b"\xff" * 7
    cluster = element("1f43b675", element("b0", (9999).to_bytes(2)))
    return element("1a45dfa3", element("4282", b"webm")) + segment + info + element("1654ae6b", track) + cluster


def test_the_size_and_the_duration_of_a_webm_video_are_found(examine):
    found, _folder = examine(webm())
    assert (found.type, found.width, found.height, found.duration_ms) == ("video/webm", 640, 360, None)
    found, _folder = examine(webm(element("4489", struct.pack(">d", 2500.0))))
    assert found.duration_ms == 2500


@pytest.mark.parametrize("cut", range(5, 80, 5))
def test_a_truncated_webm_video_raises_no_error(examine, cut):
    found, _folder = examine(webm()[:cut])
    assert found.width is None or found.height is None or found.width == 640
