"""Reads conversations from files, and generates them.

A file has one JSON object for each line: `{"at": "HH:MM", "who": name, "text": text}`. Lines whose `text` is only white
space are skipped.
"""

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

MINUTES_A_DAY = 24 * 60
MAX_NAME = 80
_AT = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\Z")

SCRIPTS = {
    "Latin": "the room is quiet today müde naïve Ærø żółw does anyone know why déjà vu ok thanks",
    "Greek and Cyrillic": "καλημέρα σε όλους спасибо работает хорошо ещё раз ναι όχι вечером",
    "Arabic": "مرحبا بالجميع هل يعمل هذا الآن شكرا جزيلا نعم غدا",
    "Hebrew": "שלום לכולם האם זה עובד עכשיו תודה רבה כן מחר",
    "CJK": "今日は 静かですね 你好 大家好 这个可以用吗 고맙습니다 내일 봐요 はい",
    "Devanagari": "नमस्ते सबको क्या यह काम करता है धन्यवाद हाँ कल",
    "Emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🧑🏿‍🚀 ❤️‍🔥 🇩🇪 😀 1️⃣",
}
NAMES = "Ada Björn Chloë Дарья Ελένη فاطمة גל はな 이준 कविता José Zoë Nguyễn Ömer Wanjirũ Łukasz".split()


class InvalidLine(ValueError):
    """A line of a conversation file is invalid. The text names the line and the reason."""


@dataclass(frozen=True, slots=True)
class Line:
    """A message. `at`: minutes since the midnight before the first message; more than 24 h on the following days."""

    at: int
    who: str
    text: str


def read(path: Path, longest: int) -> list[Line]:
    """The lines of the file at `path`. `longest`: limit of characters of a text. Raises OSError and InvalidLine."""
    lines: list[Line] = []
    with path.open(encoding="utf-8", errors="surrogateescape") as file:
        for number, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                line = _parse(text, lines[-1].at if lines else 0, longest)
            except ValueError as error:
                raise InvalidLine(f"{path}, line {number}: {error}") from None
            if line.text.strip():
                lines.append(line)
    if not lines:
        raise InvalidLine(f"{path}: there is nothing in it.")
    return lines


def _parse(text: str, before: int, longest: int) -> Line:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("this is not JSON.") from None
    if not isinstance(data, dict):
        raise ValueError("this is not a JSON object.")
    for name in ("at", "who", "text"):
        if not isinstance(data.get(name), str):
            raise ValueError(f'"{name}" is missing, or not a text.')
    at = _AT.match(data["at"])
    if not at:
        raise ValueError(f'"at" is a time like 09:30, not {data["at"]!r}.')
    if not 0 < len(data["who"].strip()) <= MAX_NAME:
        raise ValueError(f'"who" is a name of 1 to {MAX_NAME} characters.')
    if len(data["text"].rstrip()) > longest:
        raise ValueError(f'"text" has at most {longest} characters here, not {len(data["text"].rstrip())}.')
    minutes = int(at[1]) * 60 + int(at[2])
    # A smaller time than before means the next day.
    while minutes < before:
        minutes += MINUTES_A_DAY
    return Line(minutes, data["who"].strip(), data["text"])


def offsets(lines: Iterable[Line]) -> Iterator[tuple[float, Line]]:
    """Yield each line with its offset from the first minute, in seconds. Lines are spread evenly over their minute."""
    first = None
    for at, group in groupby(lines, key=lambda line: line.at):
        first = at if first is None else first
        in_minute = list(group)
        for place, line in enumerate(in_minute):
            yield (at - first + place / len(in_minute)) * 60, line


def generate(count: int, *, people: int = 24, seed: int = 1, longest: int = 2000) -> list[Line]:
    """Generate a conversation of `count` lines: many scripts, texts of 1 to `longest` characters, bursts and pauses.

    The same seed gives the same lines.
    """
    dice = random.Random(seed)
    names = [f"{NAMES[n % len(NAMES)]}{n // len(NAMES) + 1 if n >= len(NAMES) else ''}" for n in range(people)]
    lines: list[Line] = []
    minute = 9 * 60
    while len(lines) < count:
        minute += dice.choice([1, 1, 1, 2, 5])
        present = dice.sample(names, dice.randint(1, min(6, people)))
        burst = min(dice.choice([1, 3, 8, 20]), count - len(lines))
        lines.extend(Line(minute, dice.choice(present), _text(dice, longest)) for _ in range(burst))
    return lines


def _text(dice: random.Random, longest: int) -> str:
    words = SCRIPTS[dice.choice(list(SCRIPTS))].split()
    if dice.random() < 0.2:
        words += SCRIPTS[dice.choice(list(SCRIPTS))].split()
    kind = dice.random()
    if kind < 0.05:
        return dice.choice(words)[0]
    if kind < 0.07:
        return (dice.choice(words) * longest)[:longest]
    length = dice.choice([3, 6, 12, 40]) if kind < 0.97 else 300
    separator = " " if dice.random() < 0.95 else "\n"
    return separator.join(dice.choices(words, k=length))[:longest].strip()
