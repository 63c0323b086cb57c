"""Small files of all kinds, made in memory: pictures with metadata, broken ones, ones that lie."""

import base64
import io
import struct
import zipfile
import zlib
from functools import cache
from pathlib import Path

from PIL import Image, ImageCms

SECRET = b"taken at home"
"""Is in the metadata of pictures that were made with `secret_exif`."""
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAYBtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAA"
    "AAAAABAAAANGlsb2MAAAAAREAAAgABAAAAAAGkAAEAAAAAAAAAMwACAAAAAAHXAAEAAAAAAAAAegAAADhpaW5mAAAAAAACAAAAFWluZmUCAAAA"
    "AAEAAGh2YzEAAAAAFWluZmUCAAABAAIAAEV4aWYAAAAAv2lwcnAAAAChaXBjbwAAAHVodmNDAQNwAAAAAAAAAAAAHvAA/P34+AAADwMgAAEAGE"
    "ABDAH//wNwAAADAJAAAAMAAAMAHroCQCEAAQAoQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbqSSmubAgAAAMACAAAAwAIQCIAAQAHRAHBcrAiQAAA"
    "ABRpc3BlAAAAAAAAAGAAAABAAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAAAAEAAQOBAoMAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQ"
    "AAALVtZGF0AAAALygBrxmAxrzWL3fqvkfVhV/6WHS62zWbhV/x8MT5uyllhy9B8vBJ8zaeZFyGkkmAAAAAAE1NACoAAAAIAAMBDgACAAAADgAA"
    "ADIBEgADAAAAAQABAACIJQAEAAAAAQAAAEAAAAAAdGFrZW4gYXQgaG9tZQAAAgABAAIAAAACTgAAAAACAAUAAAADAAAAXgAAAAAAAAA0AAAAAQ"
    "AAAB4AAAABAAAAAAAAAAE="
)
"""A picture of 96 by 64 pixels, the left half yellow, with SECRET and a place in its EXIF data."""


def picture(format: str = "JPEG", size=(96, 64), mode: str = "RGB", **options) -> bytes:
    """A picture with a yellow left half and a green right one."""
    image = Image.new("RGB", size, "#1a7f5a")
    image.paste("#e8b04a", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.convert(mode).save(out, format, **options)
    return out.getvalue()


def secret_exif(orientation: int = 1) -> Image.Exif:
    """EXIF data with SECRET and a place."""
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 0.0), 3: "E", 4: (13.0, 24.0, 0.0)})
    return exif


@cache
def profile() -> bytes:
    """A colour profile. Always the same: its header has the second in which it was made."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def animation(format: str = "GIF", frames: int = 3, size=(40, 30)) -> bytes:
    """An animation with a comment, if the format has comments."""
    images = [Image.new("RGB", size, (80 * number % 256, 60, 90)) for number in range(frames)]
    out = io.BytesIO()
    comment = {"comment": SECRET} if format == "GIF" else {}
    images[0].save(out, format, save_all=True, append_images=images[1:], duration=100, loop=0, **comment)
    return out.getvalue()


def png_that_says(width: int, height: int) -> bytes:
    """A small PNG whose header says that it has this size."""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + png_chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + png_chunk(b"IEND", b"")


def png_chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def archive(*names: str) -> bytes:
    """A ZIP with these files in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "content")
    return out.getvalue()


def box(name: bytes, *contents: bytes) -> bytes:
    """One box of an MP4."""
    content = b"".join(contents)
    return struct.pack(">I", len(content) + 8) + name + content


def video(
    *, width: int = 640, height: int = 360, turned: bool = False, brand: bytes = b"isom", seconds: int = 5
) -> bytes:
    """An MP4 without pictures: enough to tell its size, and with SECRET as the place where it was taken."""
    matrix = (
        (0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30) if turned else (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    )
    mvhd = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000), b"\0" * 80)
    tkhd = box(b"tkhd", b"\0" * 40, struct.pack(">9iII", *matrix, width << 16, height << 16))
    hdlr = box(b"hdlr", b"\0" * 8, b"vide", b"\0" * 13)
    moov = box(b"moov", mvhd, box(b"trak", tkhd, box(b"mdia", hdlr)), box(b"udta", box(b"\xa9xyz", SECRET)))
    return box(b"ftyp", brand, b"\0\0\2\0", brand) + moov + box(b"mdat", b"\1" * 64)


def sound(seconds: int = 1, rate: int = 8000) -> bytes:
    """A WAV with a tone."""
    samples = b"".join(struct.pack("<h", 8000 if count // 20 % 2 else -8000) for count in range(seconds * rate))
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + len(samples),
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        rate,
        2 * rate,
        2,
        16,
        b"data",
        len(samples),
    )
    return head + samples


def pdf(text: str = "Harbour plan") -> bytes:
    """A PDF of one page with a line of text."""
    stream = f"BT /F1 48 Tf 60 700 Td ({text}) Tj ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    made, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(made))
        made += b"%d 0 obj%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + table + end


def opened(file: Path) -> Image.Image:
    """The picture in a file, decoded when it is needed. The file may be removed meanwhile."""
    return Image.open(io.BytesIO(file.read_bytes()))
