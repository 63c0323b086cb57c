"""Whether a text meets a filter. No database.

Regular expressions are those of RE2: their time is linear in the length of the text, so no pattern can stop a worker
(`(a+)+$` needs exponential time in Python's `re`). RE2 has neither look-around nor back-references.
https://github.com/google/re2/wiki/Syntax
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import re2
from django.utils.translation import gettext as _

from ..errors import Invalid, TooLong

MAX_VALUE = 20_000
"""Characters of the lines of one filter."""
MAX_ENTRIES = {"words": 1000, "domains": 1000, "pattern": 50}
MAX_ENTRY = 500
"""Characters of one line."""
MAX_LIMIT = 100
"""Of repeated texts and of people mentioned."""
MAX_HOURS = 365 * 24
_MEMORY = 4 * 1024 * 1024
"""Bytes that one compiled expression may use; a larger one is refused."""
_MEMORY_IN_ROOM = 1024 * 1024
"""The same for filters of a room, which people make who are no staff."""
_HREF = re.compile(r'<a href="(https?://[^"]+)"')
_LETTER = r"[\pL\pN_]"
# Languages that put no spaces between words: a word is found anywhere.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Text:
    """A message to be checked. `repeats` counts the author's messages with the same text within so many hours, this one
    not included; `is_new` says whether their account is younger than so many hours. Both may ask the database, so they
    are functions."""

    text: str
    html: str
    mentioned: int
    repeats: Callable[[int, int], int]
    is_new: Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A filter that is ready to be used. `find` returns what it found in a text, in a few words; None: nothing."""

    id: int
    name: str
    action: str
    room_id: int | None
    find: Callable[[Text], str | None]


def compile_filter(stored: Any) -> Compiled:
    """Compile a `MessageFilter`. Raises Invalid or TooLong with `field`."""
    find = _FINDERS[stored.kind](stored)
    return Compiled(stored.pk or 0, stored.name, stored.action, stored.room_id, find)


def _find_words(stored: Any) -> Callable[[Text], str | None]:
    words = [_word(entry) for entry in _entries(stored)]
    compiled = _compile("|".join(words), _memory(stored))

    def find(message: Text) -> str | None:
        match = compiled.search(_plain(message.text))
        return next((str(group) for group in match.groups() if group is not None), None) if match else None

    return find


def _word(entry: str) -> str:
    """The expression for a word; `*` in it stands for any letters."""
    plain = _plain(entry)
    body = f"{_LETTER}*".join(re2.escape(part) for part in plain.split("*"))
    before = "" if _UNSPACED.match(plain) else r"(?:^|[^\pL\pN_])"
    after = "" if _UNSPACED.match(plain[-1:]) else r"(?:$|[^\pL\pN_])"
    return f"{before}({body}){after}"


def _find_patterns(stored: Any) -> Callable[[Text], str | None]:
    memory = _memory(stored)
    patterns = [_compile(entry, memory, at) for at, entry in enumerate(_entries(stored), 1)]

    def find(message: Text) -> str | None:
        matches = (pattern.search(message.text) for pattern in patterns)
        return next((match.group()[:MAX_ENTRY] for match in matches if match), None)

    return find


def _find_domains(stored: Any) -> Callable[[Text], str | None]:
    domains = {_domain(entry) for entry in _entries(stored)}

    def find(message: Text) -> str | None:
        for host in hosts_of(message.html):
            labels = host.split(".")
            # The domain itself, and those that it is a part of.
            if any(".".join(labels[at:]) in domains for at in range(len(labels))):
                return host
        return None

    return find


def _domain(entry: str) -> str:
    try:
        host = urlsplit(entry if "//" in entry else f"//{entry}").hostname or ""
    except ValueError:
        host = ""
    host = _ascii(host.removeprefix("*."))
    if not host or " " in host:
        raise Invalid(_("“%(entry)s” is not a domain.") % {"entry": entry}, field="value")
    return host


def _find_repeated(stored: Any) -> Callable[[Text], str | None]:
    limit, hours = _number(stored, "limit", 1, MAX_LIMIT), _number(stored, "hours", 1, MAX_HOURS)

    def find(message: Text) -> str | None:
        if not message.text.strip() or message.repeats(hours, limit) < limit:
            return None
        return _("the same text more than %(limit)d times") % {"limit": limit}

    return find


def _find_mentions(stored: Any) -> Callable[[Text], str | None]:
    limit = _number(stored, "limit", 0, MAX_LIMIT)

    def find(message: Text) -> str | None:
        if message.mentioned <= limit:
            return None
        return _("%(number)d people mentioned") % {"number": message.mentioned}

    return find


def _find_new_links(stored: Any) -> Callable[[Text], str | None]:
    hours = _number(stored, "hours", 1, MAX_HOURS)

    def find(message: Text) -> str | None:
        hosts = hosts_of(message.html)
        return hosts[0] if hosts and message.is_new(hours) else None

    return find


_FINDERS: dict[str, Callable[[Any], Callable[[Text], str | None]]] = {
    "words": _find_words,
    "pattern": _find_patterns,
    "domains": _find_domains,
    "repeated": _find_repeated,
    "mentions": _find_mentions,
    "new_links": _find_new_links,
}


def hosts_of(html: str) -> list[str]:
    """The hosts of all links in the HTML of a message, in ASCII."""
    if "<a " not in html:
        return []
    hosts = []
    for address in _HREF.findall(html):
        try:
            hosts.append(_ascii(urlsplit(unescape(address)).hostname or ""))
        except ValueError:
            continue
    return [host for host in hosts if host]


def _ascii(host: str) -> str:
    host = host.rstrip(".").lower()
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _plain(text: str) -> str:
    """The text without the differences by which people get around a list of words: other forms of letters, case, and
    characters that are not seen."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if unicodedata.category(char) != "Cf")


def _number(stored: Any, field: str, least: int, most: int) -> int:
    """A number of a filter. No post may compute with a time that is before the year 1: it would fail."""
    given: int = getattr(stored, field)
    if not least <= given <= most:
        raise Invalid(_("Choose a number from %(least)d to %(most)d.") % {"least": least, "most": most}, field=field)
    return given


def _entries(stored: Any) -> list[str]:
    if len(stored.value) > MAX_VALUE:
        raise TooLong(_("At most %(most)d characters.") % {"most": MAX_VALUE}, field="value")
    entries = [line.strip() for line in stored.value.splitlines() if line.strip()]
    most = MAX_ENTRIES[stored.kind]
    if not entries:
        raise Invalid(_("Write at least one line."), field="value")
    if len(entries) > most:
        raise TooLong(_("At most %(most)d lines.") % {"most": most}, field="value")
    for at, entry in enumerate(entries, 1):
        if len(entry) > MAX_ENTRY:
            raise TooLong(_("Line %(line)d is too long.") % {"line": at}, field="value")
        if stored.kind == "words" and not _plain(entry).strip("* "):
            raise Invalid(_("Line %(line)d would meet every message.") % {"line": at}, field="value")
    return entries


def _memory(stored: Any) -> int:
    return _MEMORY if stored.room_id is None else _MEMORY_IN_ROOM


def _compile(pattern: str, memory: int, line: int = 1) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = memory
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        why = error.args[0] if error.args else ""
        why = why.decode(errors="replace") if isinstance(why, bytes) else str(why)
        text = _("Line %(line)d is not a regular expression that RE2 knows: %(why)s")
        raise Invalid(text % {"line": line, "why": why}, field="value") from error
