"""Pictures are examined: their thumbnails, their metadata, and which ones are refused."""

import io

import pytest
from PIL import Image

from chat.domain.files import examination, thumbnails
from chat.domain.files.findings import Refused
from chat.domain.files.metadata import without_metadata
from chat.tests import sample_files
from chat.tests.sample_files import SECRET


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_gets_thumbnails_in_two_sizes(examine, format):
    found, folder = examine(sample_files.picture(format, size=(2000, 1000)))
    assert (found.width, found.height, found.duration_ms) == (2000, 1000, None)
    assert found.made == ["thumb-360", "thumb-1080"]
    sizes = [
        (sample_files.opened(folder / kind).format, sample_files.opened(folder / kind).size) for kind in found.made
    ]
    assert sizes == [("WEBP", (360, 180)), ("WEBP", (1080, 540))]


def test_a_small_picture_is_not_made_larger(examine):
    found, folder = examine(sample_files.picture(size=(96, 64)))
    assert found.made == ["thumb-360"]
    assert sample_files.opened(folder / "thumb-360").size == (96, 64)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_exif_data_are_removed_and_pixels_stay(examine, format):
    options = {"lossless": True} if format == "WEBP" else {}
    content = sample_files.picture(
        format, exif=sample_files.secret_exif(), icc_profile=sample_files.profile(), **options
    )
    assert SECRET in content
    found, folder = examine(content + b"<script>alert(1)</script>")
    kept = (folder / "original").read_bytes()
    assert found.has_original
    assert SECRET not in kept
    assert b"script" not in kept
    assert not dict(sample_files.opened(folder / "original").getexif())
    assert sample_files.opened(folder / "original").info["icc_profile"] == sample_files.profile()
    assert sample_files.opened(folder / "thumb-360").info["icc_profile"] == sample_files.profile()
    assert (
        sample_files.opened(folder / "original").convert("RGB").tobytes()
        == Image.open(io.BytesIO(content)).convert("RGB").tobytes()
    )


def test_xmp_data_and_comments_are_removed(examine):
    xmp = b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
    for content in (
        sample_files.picture("JPEG", xmp=xmp, comment=SECRET),
        sample_files.picture("WEBP", xmp=xmp),
        sample_files.animation("GIF"),
    ):
        assert SECRET in content
        _found, folder = examine(content)
        for made in folder.iterdir():
            assert SECRET not in made.read_bytes()


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_picture_is_turned_as_its_exif_data_say(examine, format, orientation):
    found, folder = examine(sample_files.picture(format, exif=sample_files.secret_exif(orientation)))
    is_upright = orientation == 3
    assert (found.width, found.height) == ((96, 64) if is_upright else (64, 96))
    thumb = sample_files.opened(folder / "thumb-360").convert("RGB")
    assert thumb.size == (found.width, found.height)
    # The yellow half was at the left.
    place = {3: (90, 32), 6: (32, 5), 8: (32, 90)}[orientation]
    red, _green, blue = thumb.getpixel(place)
    assert red > 200 > blue
    # The original keeps its pixels as they are, and says how to turn them: nothing else.
    assert dict(sample_files.opened(folder / "original").getexif()) == {0x0112: orientation}


def test_a_heic_picture_becomes_a_jpeg_without_metadata(examine):
    found, folder = examine(sample_files.HEIC)
    assert (found.type, found.width, found.height) == ("image/jpeg", 96, 64)
    kept = sample_files.opened(folder / "original")
    assert (kept.format, kept.size) == ("JPEG", (96, 64))
    assert kept.getpixel((10, 30))[0] > 180
    assert SECRET not in (folder / "original").read_bytes()


def test_an_avif_picture_becomes_a_webp_with_its_transparency(examine):
    out = io.BytesIO()
    Image.new("RGBA", (50, 40), (255, 0, 0, 0)).save(out, "AVIF", exif=sample_files.secret_exif())
    found, folder = examine(out.getvalue())
    assert found.type == "image/webp"
    assert sample_files.opened(folder / "original").mode == "RGBA"
    assert SECRET not in (folder / "original").read_bytes()


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_an_animation_keeps_its_frames(examine, format):
    found, folder = examine(sample_files.animation(format))
    assert found.duration_ms == 300
    assert sample_files.opened(folder / "original").n_frames == 3
    assert sample_files.opened(folder / "thumb-360").size == (40, 30)


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "I;16"])
def test_every_colour_mode_gets_a_thumbnail(examine, mode):
    format = "JPEG" if mode == "CMYK" else "PNG"
    found, folder = examine(sample_files.picture(format, mode=mode))
    assert found.made == ["thumb-360"]
    assert sample_files.opened(folder / "thumb-360").mode == "RGB"


def test_the_thumbnail_of_a_16_bit_grey_picture_is_grey(examine):
    out = io.BytesIO()
    Image.new("I;16", (20, 20), 0x8000).save(out, "PNG")
    _found, folder = examine(out.getvalue())
    assert 120 < sample_files.opened(folder / "thumb-360").convert("L").getpixel((10, 10)) < 136


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (sample_files.png_that_says(10_000, 10_000), "too_many_pixels"),
        (sample_files.png_that_says(50_000, 50_000), "too_many_pixels"),
        (sample_files.png_that_says(40_000, 1), "too_many_pixels"),
        (b"GIF89a\xff\xff\xff\xff\0\0\0" + b",\0\0\0\0\xff\xff\xff\xff\0\2\2\x4c\1\0;", "too_many_pixels"),
        (sample_files.animation("GIF", frames=1001, size=(1, 1)), "too_many_frames"),
        (sample_files.picture("JPEG")[:300], "damaged"),
        (sample_files.picture("PNG")[:-30], "damaged"),
        (sample_files.picture("WEBP")[:60], "damaged"),
        (sample_files.HEIC[:400], "damaged"),
        (sample_files.png_that_says(300, 300), "damaged"),
        (b"GIF89a", "damaged"),
        (b"\xff\xd8\xff\xe0", "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"RIFF\xff\xff\xff\xffWEBPVP8 ", "damaged"),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else value,
)
def test_too_large_and_damaged_pictures_are_refused(examine, content, code, monkeypatch):
    if code.startswith("too_many"):
        monkeypatch.setattr(thumbnails, "_examine", lambda *_args: pytest.fail("it was decoded"))
    with pytest.raises(Refused) as refused:
        examine(content)
    assert refused.value.code == code


def test_a_picture_of_100_million_pixels_is_refused_quickly(examine):
    content = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(content, "PNG")
    assert len(content.getvalue()) < 20_000
    with pytest.raises(Refused, match="too_many_pixels"):
        examine(content.getvalue(), examine=examination.examine)


def test_removing_metadata_from_a_truncated_picture_raises_value_error():
    whole = sample_files.picture("JPEG", exif=sample_files.secret_exif())
    for length in range(len(whole) - 1):
        with pytest.raises(ValueError, match=r"."):
            without_metadata(whole[:length], "image/jpeg", 1)
