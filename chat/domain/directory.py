"""The directory: finds people of the site by the beginnings of their names, by initials, or despite a typing error."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from string import ascii_lowercase
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from chat.protocol import people_commands, things

from . import people, text
from .errors import Forbidden, Invalid
from .markdown.characters import is_unspaced
from .types import AnyPerson

TYPO_LENGTHS = range(3, 21)
"""Lengths of a query for which names with one other letter are found. Shorter ones would fit nearly all names."""
INITIALS_LENGTHS = range(2, 5)
_LATIN = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
_SEPARATORS = r"[ ._+@'’-]"
_REST_OF_WORD = rf"[^{_SEPARATORS[1:-1]}]*"
_BETWEEN_WORDS = rf"{_REST_OF_WORD}{_SEPARATORS}+"


def search_people(*, by: AnyPerson, query: str, limit: int = people_commands.PEOPLE_PAGE) -> list[things.Person]:
    """At most `limit` (1 to 50) people with an active account whose name fits `query`, the best first.

    The order: names that begin with the query, names of which a word begins with it (“sm” finds ann.smith), names in a
    script without spaces that contain it (“明” finds 王小明), initials (“as”), names with one typing error. Accents do
    not matter. An empty query finds everyone, by name. One query, or two when nothing fits.
    Only for users of the site. Raises Forbidden, Invalid.
    """
    if not by.is_authenticated:
        raise Forbidden(_("Sign in to see who is here."))
    if not 1 <= limit <= people_commands.PEOPLE_LARGEST_PAGE:
        raise Invalid(field="limit")
    wanted = unicodedata.normalize("NFKC", text.clean(query)).strip().lstrip("@")
    words = wanted.split()
    found = _find(_ranks(words), limit)
    if not found and len(wanted) in TYPO_LENGTHS:
        found = _find([_with_typo(wanted)], limit)
    return [people.as_person(user) for user in found]


def _ranks(words: list[str]) -> list[str]:
    """Regular expressions for names that fit, the best fit first."""
    beginning = _BETWEEN_WORDS.join(_literal(word) for word in words)
    ranks = [f"^{beginning}", f"{_SEPARATORS}{beginning}"]
    if any(is_unspaced(letter) for word in words for letter in word):
        ranks.append(beginning)
    if len(words) == 1 and len(words[0]) in INITIALS_LENGTHS:
        ranks.append(f"^{_BETWEEN_WORDS.join(_literal(letter) for letter in words[0])}")
    return ranks


def _with_typo(wanted: str) -> str:
    """A regular expression for names that begin with `wanted` after one change: a letter more, less or other, or two
    neighbours exchanged."""
    forms = {f".{_literal(wanted, {})}"}
    for at in range(len(wanted)):
        before, after = _literal(wanted[:at], {}), _literal(wanted[at + 1 :], {})
        forms |= {f"{before}.?{after}", f"{before}{_literal(wanted[at], {})}.{after}"}
        exchanged = wanted[at + 1 : at + 2] + wanted[at]
        forms.add(f"{before}{_literal(exchanged, {})}{_literal(wanted[at + 2 :], {})}")
    # A query that is wrong in its last letter alone would fit all names with the same beginning.
    return f"^({'|'.join(sorted(forms))})"


def _literal(part: str, accented: Mapping[str, set[str]] | None = None) -> str:
    """A regular expression for this text in any case. Not by a flag: databases know the case of ASCII letters only.
    `accented`: letters that count as the same, by their base; all by default."""
    return "".join(_letter(letter, _accented() if accented is None else accented) for letter in part)


def _letter(letter: str, accented: Mapping[str, set[str]]) -> str:
    base = unicodedata.normalize("NFD", letter)[:1].lower()
    forms = sorted({letter, letter.lower(), letter.upper()} | accented.get(base, set()))
    return f"[{''.join(forms)}]" if len(forms) > 1 and all(map(str.isalpha, forms)) else re.escape(letter)


@cache
def _accented() -> dict[str, set[str]]:
    """The Latin letters with accents, and without them, by their base: a small letter of ASCII."""
    found: dict[str, set[str]] = {letter: {letter, letter.upper()} for letter in ascii_lowercase}
    for letter in map(chr, _LATIN):
        base = unicodedata.normalize("NFD", letter)[0].lower()
        if base in found:
            found[base].add(letter)
    return found


def _find(ranks: list[str], limit: int) -> list[Any]:
    model = get_user_model()
    fits = [Q(**{f"{model.USERNAME_FIELD}__regex": rank}) | Q(chat_profile__display_name__regex=rank) for rank in ranks]
    place = Case(*(When(fit, Value(at)) for at, fit in enumerate(fits)), output_field=IntegerField())
    active = model._default_manager.filter(is_active=True).annotate(_place=place).exclude(_place=None)
    return list(people.with_profile(active).order_by("_place", Lower(model.USERNAME_FIELD), "pk")[:limit])
