"""The names of emoji, as people write them between colons: those of GitHub and Slack, and longer ones."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "static/chat/emoji"
"""Where the list is that the page also reads."""
LANGUAGES = ("da", "de", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "uk", "zh", "zh-hant")
"""Languages beside English that a page has words for, to find emoji by."""


def by_name(name: str) -> str | None:
    """The emoji with a name (`wave`, `+1`, `flag-fr`), in its canonical form; None if there is none. Names are in lower
    case."""
    return _emoji_by_name().get(name)


def with_tone(name: str, tone: int) -> str | None:
    """The emoji with a name and a skin tone, as Slack writes them: from 2, the lightest, to 6, the darkest. None if
    there is no such emoji, or it has no skin tones."""
    skins = _skins_by_name().get(name, ())
    return skins[tone - 2] if 2 <= tone < len(skins) + 2 else None


@cache
def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / "emoji.json").read_text("utf-8"))["emoji"]
    return rows


@cache
def _emoji_by_name() -> dict[str, str]:
    return {name: row["emoji"] for row in _rows() for name in row["names"]}


@cache
def _skins_by_name() -> dict[str, list[str]]:
    return {name: row["skins"] for row in _rows() if "skins" in row for name in row["names"]}
