"""Converts the text of a paragraph, heading or list item to HTML: CommonMark 0.31, section 6, changed as in `grammar`.

One pass over the text. Each construct is read where it begins; text that is no construct stays as it was typed.
"""

import re
from bisect import bisect_right
from html import escape

from markdown_it.common.entities import entities
from markdown_it.common.utils import fromCodePoint, isValidEntityCode

from . import addresses, emphasis, escapes, mentions, references, starts, tags, times
from .characters import ASCII_PUNCTUATION, is_visible, match_end

_INDENT = re.compile(r"[ \t]*")
_BACKTICKS = re.compile("`+")
_TAG = re.compile("<[^>]*>")


class Inline:
    """Converts one text to HTML. `named`: what the text refers to, in its order: the values of `known.people`, and the
    slugs of rooms with a `#` before them."""

    def __init__(self, src: str, known: references.References) -> None:
        self._src = src
        self._known = known
        self._out: list[str] = []
        self._typed = 0  # the text from here on is not in _out yet
        self._runs: list[emphasis.Run] = []
        self._brackets: list[tuple[int, int]] = []  # at each open `[`: its place in _out, and the number of runs
        self._spans: list[tuple[int, str, object]] = []  # links and mentions: place in _out, text, mentioned person
        self._backticks: dict[int, list[int]] | None = None
        self._has_link = "](" in src

    @property
    def named(self) -> list[object]:
        """The values of the mentioned names."""
        return [who for _place, _text, who in self._spans if who is not None]

    def html(self) -> str:
        """The HTML of the text."""
        src = self._src
        has_signs = "@" in src or "＠" in src or "﹫" in src
        more = "|" * ("||" in src) + "#" * bool(self._known.rooms) + ":" * (src.count(":") > 1)
        search = starts.pattern(has_signs=has_signs, more=more).search
        found = search(src)
        while found:
            kind = found.lastgroup
            at = found.start()
            if kind is None:
                at = _READERS[src[at]](self, at)
            elif kind == "url":
                at = self._address(at)
            else:
                at = self._link(at, found.end(), addresses.opening_tag(f"mailto:{found[0]}"))
            found = search(src, at)
        self._put_text(len(src))
        self._pair(0)
        return "".join(self._out)

    def _put_text(self, end: int) -> None:
        if end > self._typed:
            self._out.append(escape(self._src[self._typed : end], quote=False))

    def _put(self, at: int, end: int, html: str) -> int:
        """Output the text before `at`, then `html` in place of the text from `at` to `end`. Returns `end`."""
        self._put_text(at)
        self._out.append(html)
        self._typed = end
        return end

    def _pair(self, first: int) -> None:
        runs = self._runs[first:]
        emphasis.pair(runs)
        for run in runs:
            self._out[run.place] = run.html()
        del self._runs[first:]

    def _newline(self, at: int) -> int:
        end = match_end(_INDENT, self._src, at + 1)
        text = self._src[self._typed : at].rstrip(" \t")
        return self._put(self._typed + len(text), end, "<br>\n")

    def _backslash(self, at: int) -> int:
        escaped = self._src[at + 1 : at + 2]
        if escaped not in ASCII_PUNCTUATION:
            return at + 1
        if escapes.has_effect(self._src, at, self._known, has_link=self._has_link):
            return self._put(at, at + 2, escape(escaped, quote=False))
        # The backslash stays, and so does the next character: "¯\_(ツ)_/¯" is no emphasis.
        return at + 1 if escaped == "\\" else at + 2

    def _code(self, at: int) -> int:
        src = self._src
        opening = match_end(_BACKTICKS, src, at)
        if self._backticks is None:
            self._backticks = {}
            for run in _BACKTICKS.finditer(src):
                self._backticks.setdefault(run.end() - run.start(), []).append(run.start())
        length = opening - at
        places = self._backticks.get(length, ())
        following = bisect_right(places, opening)
        if following == len(places):
            return opening
        closing = places[following]
        code = src[opening:closing].replace("\n", " ")
        if code[0] == code[-1] == " " and code.strip(" "):
            code = code[1:-1]
        return self._put(at, closing + length, f"<code>{escape(code, quote=False)}</code>")

    def _markers(self, at: int) -> int:
        src = self._src
        marker = src[at]
        end = at + 1
        while src.startswith(marker, end):
            end += 1
        if marker in "~|" and end - at != 2:
            return end
        if marker == "_" and end - at == 2 and emphasis.is_name(src, at):
            return src.index("__", end) + 2
        can_open, can_close = emphasis.flanking(src, at, end)
        if can_open or can_close:
            self._put(at, end, "")
            self._runs.append(emphasis.Run(marker, end - at, len(self._out) - 1, can_open, can_close))
        return end

    def _opening_bracket(self, at: int) -> int:
        self._put(at, at + 1, "[")
        self._brackets.append((len(self._out) - 1, len(self._runs)))
        return at + 1

    def _closing_bracket(self, at: int) -> int:
        if not self._brackets:
            return at + 1
        place, runs = self._brackets.pop()
        target = addresses.destination(self._src, at + 1) if self._src.startswith("(", at + 1) else None
        if target is None:
            return at + 1
        self._put_text(at)
        self._pair(runs)
        while self._spans and self._spans[-1][0] > place:
            # No link and no mention inside a link: only one thing can be clicked.
            inner, text, _who = self._spans.pop()
            self._out[inner] = text
        if not is_visible(_TAG.sub("", "".join(self._out[place + 1 :]))):
            self._out.append(escape(target.address, quote=False))
        self._out[place] = target.tag
        self._out.append("</a>")
        self._typed = target.end
        # One pair of brackets around another: the inner one is the link (section 6.3).
        self._brackets.clear()
        return target.end

    def _angle(self, at: int) -> int:
        time = times.find(self._src, at)
        if time is not None:
            end, html, text = time
            return self._span(at, end, html, text, None)
        target = addresses.in_angle_brackets(self._src, at)
        if target is None:
            return at + 1
        return self._link(at, target.end, target.tag, target.address)

    def _address(self, at: int) -> int:
        end = addresses.bare(self._src, at)
        if end == at:
            return at + 1
        address = self._src[at:end]
        return self._link(at, end, addresses.opening_tag(address if "://" in address[:8] else f"http://{address}"))

    def _link(self, at: int, end: int, tag: str | None, text: str | None = None) -> int:
        if tag is None:
            return at + 1
        text = escape(self._src[at:end] if text is None else text, quote=False)
        return self._span(at, end, f"{tag}{text}</a>", text, None)

    def _span(self, at: int, end: int, html: str, text: str, who: object) -> int:
        self._put(at, end, html)
        self._spans.append((len(self._out) - 1, text, who))
        return end

    def _entity(self, at: int) -> int:
        found = escapes.ENTITY.match(self._src, at)
        if not found:
            return at + 1
        hexadecimal, decimal, name = found.groups()
        if name:
            text = entities.get(name)
        else:
            code = int(hexadecimal, 16) if hexadecimal else int(decimal)
            text = fromCodePoint(code) if isValidEntityCode(code) else "\ufffd"
        return self._put(at, found.end(), escape(text, quote=False)) if text else at + 1

    def _mention(self, at: int) -> int:
        found = mentions.find(self._src, at, self._known.people)
        if found is None:
            return at + 1
        end, who = found
        text = escape(self._src[at:end], quote=False)
        return self._span(at, end, f"{tags.mention_tag(who)}{text}</span>", text, who)

    def _room(self, at: int) -> int:
        found = references.find_room(self._src, at, self._known)
        if found is None:
            return at + 1
        end, slug = found
        tag = f'<a class="room-mention" href="{escape(self._known.rooms[slug])}" data-room="{slug}">'
        return self._span(at, end, f"{tag}#{slug}</a>", f"#{slug}", f"#{slug}")

    def _emoji(self, at: int) -> int:
        found = references.find_emoji(self._src, at, self._known)
        if found is None:
            return at + 1
        end, name, characters = found
        return self._put(at, end, characters or tags.emoji_picture(name, self._known.emoji[name]))


_READERS = {
    "\n": Inline._newline,
    "\\": Inline._backslash,
    "`": Inline._code,
    "*": Inline._markers,
    "_": Inline._markers,
    "~": Inline._markers,
    "|": Inline._markers,
    "[": Inline._opening_bracket,
    "]": Inline._closing_bracket,
    "<": Inline._angle,
    "&": Inline._entity,
    "#": Inline._room,
    ":": Inline._emoji,
    **dict.fromkeys(mentions.SIGNS, Inline._mention),
}
