"""What a message may refer to by name: people, rooms, emoji. The caller looks names up before the text is parsed."""

import re
from collections.abc import Mapping
from itertools import islice

from ..emoji import by_name, with_tone
from . import mentions
from .characters import is_unspaced, is_word

MAX_ROOMS = 50
"""Limit of names of rooms to look up for one message; of custom emoji, too."""
MAX_LINKED = 200
"""Limit of links to rooms in a message; further names stay text."""
MAX_EMOJI = 500
"""Limit of emoji in a message that are written by name; further names stay text."""

_ROOM = re.compile(r"#([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)(?![A-Za-z0-9_])")
_EMOJI = re.compile(r":([A-Za-z0-9_+\-]{1,64}):")
_TONE = re.compile(r":skin-tone-([2-6]):")
_NOT_BEFORE = frozenset("#&/=?.@")


class References:
    """The names that one message may refer to: `people` by `mentions.key`, `rooms` and their paths by slug, custom
    `emoji` and the paths of their pictures by name."""

    def __init__(
        self,
        people: Mapping[str, object],
        rooms: Mapping[str, str] | None = None,
        emoji: Mapping[str, str] | None = None,
    ) -> None:
        self.people = mentions.Known(people)
        self.rooms = rooms or {}
        self.emoji = emoji or {}
        self.rooms_left = MAX_LINKED
        self.emoji_left = MAX_EMOJI


def room_candidates(text: str) -> set[str]:
    """The slugs of all rooms that `text` could name; at most MAX_ROOMS."""
    if "#" not in text:
        return set()
    found = (each[1].lower() for each in _ROOM.finditer(text) if _begins_room(text, each.start()))
    return set(islice(dict.fromkeys(found), MAX_ROOMS))


def emoji_candidates(text: str) -> set[str]:
    """The names between colons in `text` that are no emoji of Unicode; at most MAX_ROOMS."""
    if text.count(":") < 2:
        return set()
    found = (each[1].lower() for each in _EMOJI.finditer(text))
    return set(
        islice((name for name in dict.fromkeys(found) if not by_name(name) and not _TONE.match(f":{name}:")), MAX_ROOMS)
    )


def find_room(text: str, at: int, known: References) -> tuple[int, str] | None:
    """The end of the name of a room after the # at `at`, and its slug; None if the caller knows no such room."""
    found = _ROOM.match(text, at) if known.rooms_left and _begins_room(text, at) else None
    slug = found[1].lower() if found else ""
    if not found or slug not in known.rooms:
        return None
    known.rooms_left -= 1
    return found.end(), slug


def find_emoji(text: str, at: int, known: References) -> tuple[int, str, str] | None:
    """The end of the emoji `:name:` at `at`, its name, and its characters; these are empty for a custom one. A skin
    tone may follow: `:wave::skin-tone-3:`.

    None if there is no such emoji, or inside a word as in `12:30:45`.
    """
    found = _EMOJI.match(text, at)
    before = text[at - 1 : at]
    if not found or not known.emoji_left or (is_word(before) and not is_unspaced(before)):
        return None
    known.emoji_left -= 1
    name = found[1].lower()
    if name in known.emoji:
        return found.end(), name, ""
    tone = _TONE.match(text, found.end())
    toned = with_tone(name, int(tone[1])) if tone else None
    if tone and toned:
        return tone.end(), name, toned
    characters = by_name(name)
    return (found.end(), name, characters) if characters else None


def _begins_room(text: str, at: int) -> bool:
    """Whether a name of a room may begin with the # at `at`: not inside a word or an address."""
    before = text[at - 1 : at]
    return not before or (before not in _NOT_BEFORE and (not is_word(before) or is_unspaced(before)))
