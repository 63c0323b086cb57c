"""Pictures: whatever is uploaded, a small square WebP without anything else of the file is stored, or it is refused."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from chat.domain import people, pictures, profiles
from chat.domain.errors import Invalid, TooLong


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def file_of(format: str, size=(300, 200), mode="RGB", **options) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "red").save(out, format, **options)
    return out.getvalue()


def opened(picture: bytes) -> Image.Image:
    return Image.open(BytesIO(picture))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_becomes_a_square_webp(format):
    made = opened(pictures.encode(file_of(format)))
    assert (made.format, made.size) == ("WEBP", (256, 256))


def test_exif_data_and_everything_behind_the_image_are_gone():
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    made = pictures.encode(file_of("JPEG", exif=exif, comment=b"secret") + b"<script>alert(1)</script>")
    assert not opened(made).getexif()
    assert b"taken" not in made
    assert b"secret" not in made
    assert b"script" not in made


def test_a_picture_is_turned_as_its_exif_data_say():
    image = Image.new("RGB", (256, 256), "red")
    image.paste("blue", (0, 128, 256, 256))
    exif = Image.Exif()
    exif[0x0112] = 3  # Upside down.
    out = BytesIO()
    image.save(out, "JPEG", exif=exif)
    red, _green, blue = opened(pictures.encode(out.getvalue())).convert("RGB").getpixel((128, 20))
    assert blue > 200 > red


def test_transparency_is_kept():
    made = opened(pictures.encode(file_of("PNG", mode="RGBA")))
    assert made.mode == "RGB"
    out = BytesIO()
    Image.new("RGBA", (64, 64), (255, 0, 0, 0)).save(out, "PNG")
    assert opened(pictures.encode(out.getvalue())).mode == "RGBA"


def png_of(width: int, height: int) -> bytes:
    """A PNG file that says it has this size, and is small."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(50_000, 50_000), (12_000_001, 1), (4000, 4000)])
def test_an_image_with_too_many_pixels_is_refused_before_it_is_decoded(size, monkeypatch):
    monkeypatch.setattr(pictures, "_encode", lambda image: pytest.fail("it was decoded"))
    with pytest.raises(Invalid):
        pictures.encode(png_of(*size))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"not an image",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"%PDF-1.7",
        b"<html><body>",
        file_of("JPEG")[:200],
        png_of(300, 300),
        file_of("BMP"),
        file_of("TIFF"),
        file_of("PNG", size=(8, 8)),
    ],
    ids=["empty", "head", "text", "svg", "pdf", "html", "cut off", "broken", "bmp", "tiff", "tiny"],
)
def test_other_files_are_refused(content):
    with pytest.raises(Invalid) as refused:
        pictures.encode(content)
    assert refused.value.field == "picture"


def test_a_file_of_more_than_5_mb_is_refused():
    with pytest.raises(TooLong):
        pictures.encode(file_of("PNG") + b"\0" * pictures.MAX_BYTES)


@pytest.mark.django_db(transaction=True)
def test_another_picture_has_another_path_and_the_former_file_is_deleted(alice):
    profiles.set_picture(user=alice, image=file_of("PNG"))
    first = alice.chat_profile.avatar.name
    path = people.as_person(alice).avatar
    assert pictures.NAME.fullmatch(first)
    assert default_storage.exists(first)
    profiles.set_picture(user=alice, image=file_of("PNG"))
    assert people.as_person(alice).avatar != path
    assert not default_storage.exists(first)
    second = alice.chat_profile.avatar.name
    profiles.remove_picture(user=alice)
    assert people.as_person(alice).avatar is None
    assert not default_storage.exists(second)
