"""Messages of many scripts, and queries for them. The same seed gives the same messages.

The words are made of syllables or characters of each script, and are as frequent as the words of a language: the
frequency of a word is about the inverse of its rank.
"""

import random
from collections.abc import Iterator
from itertools import accumulate

SHARES = {"latin": 55, "chinese": 20, "japanese": 8, "russian": 6, "korean": 4, "arabic": 4, "thai": 3}
"""Messages of a script, in per cent."""
WORDS = 20_000
_SYLLABLES = {
    "latin": [a + b for a in "bcdfghklmnprstvw" for b in ("a", "e", "i", "o", "u", "ar", "en", "ol")],
    "russian": [a + b for a in "бвгдзклмнпрст" for b in "аеиоуя"],
    "arabic": list("ابتثجحخدرزسشصطعفقكلمنهوي"),
    "korean": [chr(0xAC00 + 29 * number) for number in range(380)],
    "thai": [chr(code) for code in range(0x0E01, 0x0E2F)],
    "japanese": [chr(code) for code in (*range(0x3042, 0x3094), *range(0x4E00, 0x4E00 + 900, 3))],
    "chinese": [chr(0x4E00 + 2 * number) for number in range(3000)],
}
_WITHOUT_SPACES = {"chinese", "japanese", "thai"}
_ENDINGS = ("", "", "", "s", "ed", "ing")
HIDDEN_WORD, MISSING_WORD = "xyhidden", "xymissing"
"""A word of many messages of rooms that the reader is not in and of no other room, and one of no message."""


class Corpus:
    """Words of all scripts, by their rank."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        self.words = {script: self._words(script) for script in SHARES}
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(WORDS)))

    def texts(self, count: int) -> Iterator[str]:
        """The texts of `count` messages."""
        draw = self._random
        scripts = draw.choices(list(SHARES), list(SHARES.values()), k=count)
        for number, script in enumerate(scripts):
            length = min(120, max(1, round(draw.lognormvariate(2.2, 0.7))))
            words = draw.choices(self.words[script], cum_weights=self._weights, k=length)
            if script == "latin":
                words = [word + draw.choice(_ENDINGS) for word in words]
            text = ("" if script in _WITHOUT_SPACES else " ").join(words)
            if number % 20 == 0:
                text += f" https://example.com/{words[0]}/{number % 997}.html"
            elif number % 33 == 0:
                text += f" `{words[0]}_{words[-1]}.run()`"
            yield text

    def queries(self) -> dict[str, list[str]]:
        """Queries of each kind, twelve of those with words."""
        latin, chinese = self.words["latin"], self.words["chinese"]
        two = [word for word in chinese if len(word) == 2]
        frequent, rare = range(2, 26, 2), range(9_000, 15_000, 500)
        return {
            "common word": [latin[at] for at in frequent],
            "rare word": [latin[at] for at in rare],
            "two common words": [f"{latin[at]} {latin[at + 1]}" for at in frequent],
            "common and rare word": [f"{latin[a]} {latin[b]}" for a, b in zip(frequent, rare, strict=True)],
            "two rare words": [f"{latin[at]} {latin[at + 1]}" for at in rare],
            "beginning of a word": [latin[at][:3] + "*" for at in range(20, 260, 20)],
            "phrase of two words": [f'"{latin[at]} {latin[at + 1]}"' for at in frequent],
            "Chinese, one character": [word[0] for word in chinese[2:14]],
            "Chinese, one rare character": [word[-1] for word in chinese[9_000:15_000:500]],
            "Chinese, two characters": two[2:26:2],
            "Chinese, two rare characters": two[3000:4200:100],
            "common word, in a room": [f"{latin[at]} in:room-{4 * at:03}" for at in frequent],
            "common word, of a person": [f"{latin[at]} from:person-{at:03}" for at in frequent],
            "common word, in a month": [f"{latin[at]} during:2025-{1 + at % 12:02}" for at in frequent],
            "common word, with a link": [f"{latin[at]} has:link" for at in frequent],
            "filters without words": ["is:saved", "has:pin", "has:reaction", "is:unread"],
            "word of hidden rooms": [HIDDEN_WORD],
            "word of no message": [MISSING_WORD],
        }

    def _words(self, script: str) -> list[str]:
        syllables = _SYLLABLES[script]
        lengths = (1, 2, 2, 2, 3) if script in ("chinese", "japanese") else (2, 3, 3, 4)
        found: dict[str, None] = {}
        while len(found) < WORDS:
            found["".join(self._random.choices(syllables, k=self._random.choice(lengths)))] = None
        return list(found)
