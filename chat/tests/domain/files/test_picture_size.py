"""The size of a picture is known as soon as it is uploaded."""

import io

import pytest

from chat.domain.files import picture_size
from chat.tests import sample_files
from chat.tests.uploading import complete


def size_of(content: bytes):
    return picture_size.read(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (sample_files.picture("JPEG", icc_profile=sample_files.profile()), ("image/jpeg", 96, 64)),
        (sample_files.picture("JPEG", exif=sample_files.secret_exif(6)), ("image/jpeg", 64, 96)),
        (sample_files.picture("JPEG", exif=sample_files.secret_exif(3), progressive=True), ("image/jpeg", 96, 64)),
        (sample_files.picture("PNG"), ("image/png", 96, 64)),
        (sample_files.picture("WEBP"), ("image/webp", 96, 64)),
        (sample_files.picture("WEBP", lossless=True), ("image/webp", 96, 64)),
        (sample_files.picture("WEBP", icc_profile=sample_files.profile()), ("image/webp", 96, 64)),
        (sample_files.animation("GIF"), ("image/gif", 40, 30)),
        (sample_files.animation("WEBP"), ("image/webp", 40, 30)),
        (b"plain words", None),
        (sample_files.sound(), None),
        (sample_files.png_that_says(0, 10), None),
        (sample_files.png_that_says(70_000, 10), None),
    ],
)
def test_the_first_bytes_say_the_size(content, expected):
    assert size_of(content) == expected


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_cut_picture_is_no_error(format):
    content = sample_files.picture(format, **({"exif": sample_files.secret_exif(6)} if format == "JPEG" else {}))
    for cut in range(200):
        size_of(content[:cut])


@pytest.mark.django_db
@pytest.mark.usefixtures("files_folder")
def test_a_picture_has_its_size_before_it_was_examined(harbour, bob):
    uploaded = complete(harbour, bob, sample_files.picture("JPEG"), name="quay.jpg")
    assert uploaded.state == "processing"
    assert (uploaded.type, uploaded.width, uploaded.height) == ("image/jpeg", 96, 64)
    words = complete(harbour, bob, b"no picture", name="quay.jpg")
    assert (words.width, words.height) == (None, None)
