"""Generates the data in chat/static/chat/emoji from the npm package emojibase-data, version 17.0.0:

    npm pack emojibase-data@17.0.0 && tar -xzf emojibase-data-17.0.0.tgz
    python -m chat.domain.emoji.make package

The package is not a dependency: it has 49 MB, of which 2 % are used here.

- emoji.json: `groups`, and `emoji` in Unicode's order. Each has its `group` (an index), its `names` (unique, the best
  known one first), its `words` to find it by (English, the first one is its label) and its five `skins`, if it has
  them, from the lightest to the darkest.
- words/LANGUAGE.json: the words in another language, by emoji.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .forms import canonical
from .names import FOLDER, LANGUAGES

NEWEST_VERSION = 15.1
"""Newer emoji are left out: many systems have no picture of them yet."""
SOURCES = ("github", "iamcal", "emojibase")
"""Lists of names, the one that wins first. Slack uses iamcal's."""
COMPONENT = 2
"""The group of what is no emoji by itself: skin tones and hair."""
SKIN_TONES = 5
MAX_WORDS = 24

Row = dict[str, Any]


def main(folder: Path) -> None:
    """Write the list, and the words of each language."""
    rows = [row for row in _read(folder / "en/data.json") if _is_wanted(row)]
    rows.sort(key=lambda row: row["order"])
    names = _names(folder, rows)
    groups = [key for number, key in _groups(folder) if number != COMPONENT]
    numbers = [number for number, _ in _groups(folder) if number != COMPONENT]
    lines = (_entry(row, names[row["hexcode"]], numbers.index(row["group"])) for row in rows)
    listed = ",\n".join(_compact(line) for line in lines)
    (FOLDER / "emoji.json").write_text(f'{{"groups":{_compact(groups)},"emoji":[\n{listed}\n]}}\n', "utf-8")
    wanted = {row["hexcode"] for row in rows}
    for language in LANGUAGES:
        words = {
            canonical(row["emoji"]): _words(row)
            for row in _read(folder / language / "data.json")
            if row["hexcode"] in wanted
        }
        listed = ",\n".join(f"{_compact(emoji)}:{_compact(found)}" for emoji, found in words.items())
        (FOLDER / "words" / f"{language}.json").write_text(f"{{\n{listed}\n}}\n", "utf-8")


def _is_wanted(row: Row) -> bool:
    # Letters of flags have no group.
    return row.get("group") not in (None, COMPONENT) and row["version"] <= NEWEST_VERSION


def _names(folder: Path, rows: Iterable[Row]) -> dict[str, list[str]]:
    """The names of each emoji. A name that two sources give to different emoji belongs to that of the first source."""
    names: dict[str, list[str]] = {row["hexcode"]: [] for row in rows}
    taken: set[str] = set()
    for source in SOURCES:
        for code, given in _read(folder / f"en/shortcodes/{source}.json").items():
            found = [given] if isinstance(given, str) else given
            new = [name for name in found if code in names and name not in taken]
            names.get(code, []).extend(new)
            taken.update(new)
    return names


def _entry(row: Row, names: list[str], group: int) -> Row:
    entry = {"emoji": canonical(row["emoji"]), "group": group, "names": names, "words": _words(row)}
    # Emoji of two people also have forms with two different skin tones. Those have a list as their tone.
    skins = [canonical(skin["emoji"]) for skin in row.get("skins", ()) if isinstance(skin["tone"], int)]
    return entry | ({"skins": skins} if len(skins) == SKIN_TONES else {})


def _words(row: Row) -> list[str]:
    return list(dict.fromkeys(word.lower() for word in (row["label"], *row.get("tags", ()))))[:MAX_WORDS]


def _groups(folder: Path) -> list[tuple[int, str]]:
    return [(int(number), key) for number, key in _read(folder / "meta/groups.json")["groups"].items()]


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
