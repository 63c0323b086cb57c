"""Names of rooms, and the slugs that are made from them. Nothing here uses the database.

A name may be in any script, with spaces and emoji. A slug is ASCII, because it is part of addresses.
"""

import re
import secrets
import unicodedata

from django.utils.translation import gettext as _

from .errors import Invalid
from .markdown.characters import is_visible
from .names import MAX_MARKS
from .unicode import is_invisible

MAX_STEM = 48
"""Of the 64 characters of a slug; the rest is for a number or a random end."""
RESERVED = frozenset("all archived browse direct files here home join leave lobby me new rooms search".split())
"""Words that may be pages beside the rooms' addresses, now or later. `lobby` is the room that new accounts join."""
FALLBACK = "room"
"""The stem for names without any letter that ASCII can show."""

# They make up emoji, or are needed in some scripts (Persian, Malayalam): joiners, variation selectors, tags of flags.
_JOINERS = re.compile("[\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f]")
# Letters that Unicode does not decompose.
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h"})
_RANDOM = "abcdefghjkmnpqrstuvwxyz23456789"


def clean(name: str) -> str:
    """The name as it is stored: in NFC, without control and invisible characters, with single spaces.

    Raises Invalid(field="name") when nothing in it is visible, or when a letter has more than MAX_MARKS marks.
    """
    name = one_line(name)
    if not is_visible(name):
        raise Invalid(_("Choose a name."), field="name")
    if _has_too_many_marks(name):
        raise Invalid(_("A letter of this name has too many accents."), field="name")
    return name


def one_line(text: str) -> str:
    """A name or a topic: in NFC, on one line, without control and invisible characters around single spaces."""
    kept = (char for char in unicodedata.normalize("NFC", text) if char.isspace() or not _is_unwanted(char))
    return " ".join("".join(kept).split())


def stem_of(name: str) -> str:
    """What a slug for this name begins with: never empty, never reserved, at most MAX_STEM characters."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    words = re.findall("[a-z0-9]+", letters)
    stem = "-".join(words)[:MAX_STEM].strip("-") or FALLBACK
    return f"{stem}-room" if stem in RESERVED else stem


def random_end() -> str:
    """Six random characters, without those that are easily confused."""
    return "".join(secrets.choice(_RANDOM) for _number in range(6))


def _is_unwanted(char: str) -> bool:
    # Directional controls could turn the text around the name; they are invisible, too.
    is_control = unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn")
    return (is_control or is_invisible(char)) and not _JOINERS.match(char)


def _has_too_many_marks(name: str) -> bool:
    row = 0
    for char in unicodedata.normalize("NFD", name):
        row = row + 1 if unicodedata.category(char) in ("Mn", "Me") and not _JOINERS.match(char) else 0
        if row > MAX_MARKS:
            return True
    return False
