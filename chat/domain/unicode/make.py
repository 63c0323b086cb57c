"""Generates the data of this folder from files of https://www.unicode.org/Public/:

    python -m chat.domain.unicode.make FOLDER

It needs confusables.txt (from `security`), Scripts.txt, ScriptExtensions.txt, PropertyValueAliases.txt and
DerivedCoreProperties.txt (from `UCD`), all of one version. Names are compared by what is made of them here, and the
outcome is stored: when the data change, a migration must compute the keys of all users again.
"""

import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
IGNORABLE = "Default_Ignorable_Code_Point"
# Cn: assigned since the Unicode of this Python.
CATEGORIES = ("L", "M", "N", "Cn")
PUNCTUATION = set("@.+-_'\u2019\u00b7")


def main(folder: Path) -> None:
    """Write the three files."""
    ignorable = (points for points, name, *_ in _rows(folder / "DerivedCoreProperties.txt") if name == IGNORABLE)
    invisible = " ".join(_joined(sorted(point for points in ignorable for point in points)))
    version = (folder / "Scripts.txt").read_text("utf-8-sig").split()[1].removeprefix("Scripts-").removesuffix(".txt")
    head = f"# Unicode Character Database, version {version}, cut by make.py. Copyright Unicode, Inc.: see LICENSE.txt."
    for name, lines in {
        "confusables.txt": _confusables(folder),
        "scripts.txt": _scripts(folder),
        "invisible.txt": [invisible],
    }.items():
        (HERE / name).write_text("".join(f"{line}\n" for line in (head, *lines)), "ascii")


def _confusables(folder: Path) -> Iterable[str]:
    """One line for each prototype: the text, and the characters that look like it. Only those that NFKC keeps."""
    alike = defaultdict(list)
    for points, prototype, *_ in _rows(folder / "confusables.txt"):
        for point in points:
            if _is_of_names(point) and unicodedata.normalize("NFKC", chr(point)) == chr(point):
                alike[prototype].append(point)
    for prototype, points in sorted(alike.items(), key=lambda item: min(item[1])):
        yield f"{prototype.lower()}:{' '.join(f'{point:x}' for point in sorted(points))}"


def _scripts(folder: Path) -> Iterable[str]:
    """A line for each set of scripts: their codes, and the ranges of characters that have it."""
    aliases = _rows_of_names(folder / "PropertyValueAliases.txt")
    codes = {long: short for kind, short, long, *_ in aliases if kind == "sc"}
    scripts = {point: codes[name] for points, name, *_ in _rows(folder / "Scripts.txt") for point in points}
    for points, names, *_ in _rows(folder / "ScriptExtensions.txt"):
        scripts |= dict.fromkeys(points, " ".join(sorted(names.split())))
    ranges: defaultdict[str | None, list[list[int]]] = defaultdict(list)
    former = None
    for point in sorted(scripts):
        if not _is_of_names(point):
            continue
        if scripts[point] == former:
            # The code points between have no script or are in no name.
            ranges[former][-1][1] = point
        else:
            former = scripts[point]
            ranges[former].append([point, point])
    for names, parts in sorted(ranges.items()):
        yield f"{names}:{' '.join(_range(*part) for part in parts)}"


def _is_of_names(point: int) -> bool:
    char = chr(point)
    return char in PUNCTUATION or unicodedata.category(char).startswith(CATEGORIES)


def _joined(points: list[int]) -> Iterable[str]:
    first = last = points[0]
    for point in points[1:]:
        if point != last + 1:
            yield _range(first, last)
            first = point
        last = point
    yield _range(first, last)


def _range(first: int, last: int) -> str:
    return f"{first:x}" if first == last else f"{first:x}-{last:x}"


def _rows(path: Path) -> Iterable[list[Any]]:
    """The fields of each line, the first one as a range of code points."""
    for first, *rest in _rows_of_names(path):
        low, _dots, high = first.partition("..")
        yield [range(int(low, 16), int(high or low, 16) + 1), *rest]


def _rows_of_names(path: Path) -> Iterable[list[str]]:
    for line in path.read_text("utf-8-sig").splitlines():
        if fields := line.partition("#")[0].strip():
            yield [field.strip() for field in fields.split(";")]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
