"""The text of one paragraph, heading or list item to HTML: CommonMark 0.31, section 6, with the changes of `grammar`.

One pass over the text; each construct is read where it begins, and what is not one stays as it was typed.
"""

import re
from bisect import bisect_right
from html import escape

from markdown_it.common.entities import entities
from markdown_it.common.utils import fromCodePoint, isValidEntityCode

from . import addresses, emphasis, mentions
from .characters import ASCII_PUNCTUATION, is_cjk, is_space, is_visible, is_word

_SIGNS = mentions.SIGNS
_URL = r"(?P<url>(?<![A-Za-z0-9])(?:[hH][tT]{2}[pP][sS]?://|[wW]{3}\.))"
_MAIL = (
    r"(?P<mail>(?<![A-Za-z0-9._%+-])[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_+-])?"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?){1,9})"
)
_MARKS = r"[\n\\`*_~\[\]&<]"
_NEXT = re.compile(f"{_URL}|{_MARKS}")
_NEXT_WITH_SIGNS = re.compile(f"{_MAIL}|{_URL}|{_MARKS}|[{_SIGNS}]")
_INDENT = re.compile(r"[ \t]*")
_BACKTICKS = re.compile("`+")
_ENTITY = re.compile(r"&(?:#[xX]([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z][A-Za-z0-9]{1,31}));")
_ORDINAL = re.compile(r"[0-9]{1,9}\Z")
_TAG = re.compile("<[^>]*>")
_OPENING = "([{\"'<*_~|"
_CLOSING = ")]}\"'>*_~|.,:;!?\\"


class Inline:
    """One text on its way to HTML. `named` are the values of `names` that it mentions, in their order."""

    def __init__(self, src: str, names: mentions.Known):
        self._src = src
        self._names = names
        self._out: list[str] = []
        self._typed = 0  # from here on, the text was not put out yet
        self._runs: list[emphasis.Run] = []
        self._brackets: list[tuple[int, int]] = []  # places in _out and numbers of runs at each open `[`
        self._spans: list[tuple[int, str, object]] = []  # links and mentions: place in _out, their text, who
        self._backticks: dict[int, list[int]] | None = None
        self._has_link = "](" in src

    @property
    def named(self) -> list:
        """Who is mentioned."""
        return [who for _place, _text, who in self._spans if who is not None]

    def html(self) -> str:
        """The HTML of the text."""
        src = self._src
        search = (_NEXT_WITH_SIGNS if "@" in src or "＠" in src or "﹫" in src else _NEXT).search
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
        """Put out what was typed before `at`, and `html` for what stands up to `end`. Returns `end`."""
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
        end = _INDENT.match(self._src, at + 1).end()
        text = self._src[self._typed : at].rstrip(" \t")
        return self._put(self._typed + len(text), end, "<br>\n")

    def _backslash(self, at: int) -> int:
        escaped = self._src[at + 1 : at + 2]
        if escaped not in ASCII_PUNCTUATION:
            return at + 1
        if self._is_in_use(at, escaped):
            return self._put(at, at + 2, escape(escaped, quote=False))
        # It stays, and so does what follows: "¯\_(ツ)_/¯" is no emphasis.
        return at + 1 if escaped == "\\" else at + 2

    def _is_in_use(self, at: int, escaped: str) -> bool:
        """Whether `escaped`, after the backslash at `at`, would mean something without it."""
        src = self._src
        before, after = src[at - 1 : at], src[at + 2 : at + 3]
        match escaped:
            case "`":
                return True
            case "*" | "_":
                opens = (is_space(before) or before in _OPENING or is_cjk(before)) and not is_space(after)
                closes = not is_space(before) and (is_space(after) or after in _CLOSING or is_cjk(after))
                return opens or closes or (escaped == "*" and self._is_line_start(at))
            case "~":
                return after == "~"
            case "[" | "]":
                return self._has_link
            case "<":
                return addresses.in_angle_brackets(src, at + 1) is not None
            case "&":
                return _ENTITY.match(src, at + 1) is not None
            case "@":
                return mentions.find(src, at + 1, self._names) is not None or is_word(before)
            case "#" | ">" | "-" | "+":
                return self._is_line_start(at)
            case "." | ")":
                line = (
                    src[src.rfind("\n", max(0, at - 10), at) + 1 : at] if at <= 9 or "\n" in src[at - 10 : at] else ""
                )
                return _ORDINAL.match(line) is not None and is_space(after)
            case "\\":
                return bool(after) and after in "*_`[<~&"
        return False

    def _is_line_start(self, at: int) -> bool:
        return at == 0 or self._src[at - 1] == "\n"

    def _code(self, at: int) -> int:
        src = self._src
        opening = _BACKTICKS.match(src, at).end()
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
        if marker == "~" and end - at != 2:
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
            # No link inside a link, and no mention: it would be a second thing to click on.
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
        found = _ENTITY.match(self._src, at)
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
        found = mentions.find(self._src, at, self._names)
        if found is None:
            return at + 1
        end, who = found
        text = escape(self._src[at:end], quote=False)
        return self._span(at, end, f"{mention_tag(who)}{text}</span>", text, who)


def mention_tag(who: object) -> str:
    """The tag that opens a mention: of a person by their id, or of `all` or `here`."""
    return f'<span class="mention" data-person="{who}">' if isinstance(who, int) else f'<span class="mention {who}">'


_READERS = {
    "\n": Inline._newline,
    "\\": Inline._backslash,
    "`": Inline._code,
    "*": Inline._markers,
    "_": Inline._markers,
    "~": Inline._markers,
    "[": Inline._opening_bracket,
    "]": Inline._closing_bracket,
    "<": Inline._angle,
    "&": Inline._entity,
    **dict.fromkeys(_SIGNS, Inline._mention),
}
