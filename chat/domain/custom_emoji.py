"""The site's own emoji: small pictures with names, for texts and reactions.

Each picture is decoded and encoded again as WebP, also an animated one, so that nothing of the uploaded file is kept.
"""

import re
import secrets
import threading
from collections.abc import Iterable
from io import BytesIO
from typing import IO, Any

from django.core.files.storage import Storage, storages
from django.db import IntegrityError, transaction
from django.db.models import Exists
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageSequence

from chat.dispatch.publish import publish
from chat.models import CustomEmoji, Room
from chat.protocol import events

from . import emoji, site_permissions
from .errors import Forbidden, Invalid, NotFound, TooLong
from .record import record
from .types import AnyPerson

SIDE_PX = 128
"""The longer side of a stored picture."""
FORMATS = ("PNG", "GIF", "WEBP")
"""The accepted formats, by the content of the file; animated PNG is one of PNG. SVG is not: it can have scripts."""
MAX_BYTES = 1024 * 1024
MAX_PIXELS = 4_000_000
MAX_FRAMES = 150
MAX_EMOJI = 2000
FOLDER = "emoji"
NAME = re.compile(rf"{FOLDER}/[0-9a-f]{{32}}\.webp\Z")
"""The names of pictures in the storage."""
WORD = re.compile(r"[a-z0-9][a-z0-9_+-]{0,29}\Z")
"""A name, without colons."""
_REACTION = re.compile(r":([a-z0-9][a-z0-9_+-]{0,29}):\Z")

# One at a time: an animation is decoded as a whole.
_decoding = threading.Lock()


def add(*, name: str, image: bytes, by: AnyPerson) -> CustomEmoji:
    """Add an emoji. Raises Forbidden, Invalid or TooLong with `field`."""
    site_permissions.check(by, site_permissions.ADD_EMOJI)
    name = name.strip().strip(":").lower()
    if not WORD.match(name):
        raise Invalid(_("A name has 1 to 30 letters a to z, digits, or signs of _ + -."), field="name")
    if emoji.by_name(name) is not None:
        raise Invalid(_("An emoji with this name exists."), field="name")
    if CustomEmoji.objects.count() >= MAX_EMOJI:
        raise Invalid(_("This site has %(most)d emoji: remove one first.") % {"most": MAX_EMOJI}, field="name")
    made = encode(image)
    picture = _storage().save(f"{FOLDER}/{secrets.token_hex(16)}.webp", BytesIO(made))
    try:
        with transaction.atomic():
            row = CustomEmoji.objects.create(name=name, picture=picture, added_by=by, added_at=timezone.now())
            record(by, "emoji.add", row)
            publish(events.CustomEmojiChanged())
    except IntegrityError as error:
        _storage().delete(picture)
        raise Invalid(_("An emoji with this name exists."), field="name") from error
    return row


@transaction.atomic
def remove(*, name: str, by: AnyPerson) -> None:
    """Remove an emoji: one that `by` has added, or any as staff. Texts and reactions show its name from then on.

    Raises NotFound, Forbidden.
    """
    row = CustomEmoji.objects.filter(name=name).first()
    if row is None:
        raise NotFound(_("There is no emoji with this name."), field="name")
    if not may_remove(row, by):
        raise Forbidden(_("Only who added an emoji, or an admin of the site, can remove it."))
    record(by, "emoji.remove", row)
    row.delete()
    transaction.on_commit(lambda: _storage().delete(row.picture), robust=True)
    publish(events.CustomEmojiChanged())


def may_remove(row: CustomEmoji, person: AnyPerson) -> bool:
    """Whether `remove` would raise no Forbidden."""
    return bool(person.is_authenticated and (person.is_staff or row.added_by_id == person.pk))


def all_names() -> list[str]:
    """The names of all emoji of the site, sorted."""
    return list(CustomEmoji.objects.values_list("name", flat=True))


def known(names: Iterable[str]) -> set[str]:
    """Those of these names that are emoji of the site. One query, none without names."""
    wanted = {name for name in names if WORD.match(name)}
    return set(CustomEmoji.objects.filter(name__in=wanted).values_list("name", flat=True)) if wanted else set()


def is_reaction(text: str, *, known_only: bool) -> bool:
    """Whether a reaction has the form of a site's own emoji, `:name:`. `known_only`: and there is such an emoji now."""
    match = _REACTION.match(text)
    return match is not None and (not known_only or bool(known([match[1]])))


def open_file(name: str, viewer: AnyPerson) -> tuple[str, IO[bytes]] | None:
    """The picture of an emoji: its name in the storage, and the file, open for reading. None if there is none, and for
    strangers to the site: users see the pictures, and guests while a room is open to them."""
    # What is on the emoji may be as internal as the talk of the team.
    rows = CustomEmoji.objects.filter(name=name)
    if not viewer.is_authenticated:
        rows = rows.filter(Exists(Room.objects.visible_to(viewer)))
    picture = rows.values_list("picture", flat=True).first()
    if picture is None:
        return None
    try:
        return picture, _storage().open(picture, "rb")
    except FileNotFoundError:
        # A restored database may be older than the files.
        return None


def encode(image: bytes) -> bytes:
    """A picture in WebP whose longer side has SIDE_PX at most, with all frames of an animation. Raises Invalid and
    TooLong."""
    if len(image) > MAX_BYTES:
        raise TooLong(_("A picture can have at most %(limit)d MB.") % {"limit": MAX_BYTES // 1024**2}, field="picture")
    with _decoding:
        try:
            with Image.open(BytesIO(image), formats=FORMATS) as opened:
                return _encode(opened)
        except (Invalid, TooLong):
            raise
        except Exception as error:
            # Pillow's plugins raise nearly anything for a damaged file: OSError, SyntaxError, struct.error …
            raise Invalid(_("This file is not a picture: choose a PNG, GIF or WebP."), field="picture") from error


def _encode(image: Any) -> bytes:
    # Known from the header, before anything is decoded.
    count = getattr(image, "n_frames", 1)
    if image.width * image.height > MAX_PIXELS or image.width * image.height * count > 8 * MAX_PIXELS:
        raise TooLong(_("This picture has too many pixels. Make it smaller."), field="picture")
    if count > MAX_FRAMES:
        raise TooLong(_("This animation is too long."), field="picture")
    frames, durations = [], []
    for frame in ImageSequence.Iterator(image):
        drawn = frame.convert("RGBA")
        drawn.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
        # Only the pixels are copied: EXIF data, colour profiles and comments of the file are left out.
        made = Image.new("RGBA", drawn.size)
        made.paste(drawn)
        frames.append(made)
        durations.append(max(20, int(frame.info.get("duration") or 100)))
    out = BytesIO()
    options: dict[str, Any] = {"quality": 85, "method": 4}
    if len(frames) > 1:
        options |= {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": 0}
    frames[0].save(out, "WEBP", **options)
    return out.getvalue()


def _storage() -> Storage:
    return storages["files"]
