"""What a name may be made of, and which names look alike. Pure: nothing here knows who exists.

The rules are those of UTS #39 (Unicode Security Mechanisms), in its restriction level "highly restrictive".
"""

import hashlib
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .markdown.mentions import is_mentionable
from .unicode import COMMON, is_invisible, scripts_of, skeleton

PUNCTUATION = frozenset("@.+-_'\u2019\u00b7")
"""What may stand between letters: O'Brien, erin.o-neil, erin@example.org, Gal·la."""
MARKS_MOST = 4
"""Marks on one letter (UTS #39 section 5.4)."""
_EAST_ASIAN = ({"Jpan"}, {"Kore"}, {"Hanb"})
_USED_BY = {"Hani": {"Hanb", "Jpan", "Kore"}, "Hira": {"Jpan"}, "Kana": {"Jpan"}, "Hang": {"Kore"}, "Bopo": {"Hanb"}}


def clean(name: str) -> str:
    """The name as it will be stored: in NFKC, as Django stores names, without white space around it.

    Raises ValidationError for a name that is empty, that nobody could mention, that mixes scripts, or that holds
    characters which are not seen.
    """
    name = unicodedata.normalize("NFKC", name).strip()
    check(name)
    return name


def check(name: str) -> None:
    """Raise ValidationError unless `name`, in NFKC, follows the rules of `clean`."""
    if not name:
        raise ValidationError(_("Choose a name."))
    if any(is_invisible(char) for char in name):
        raise ValidationError(_("A name cannot have characters that nobody sees."))
    if not all(_may_be_in_name(char) for char in name):
        raise ValidationError(_("A name has letters, digits and the characters @ . + - _ ' only."))
    if name[0] != "_" and not name[0].isalnum():
        raise ValidationError(_("A name begins with a letter or a digit."))
    if not is_mentionable(name):
        raise ValidationError(_("Nobody could mention this name. Let it end with a letter or a digit, or be shorter."))
    if _has_heap_of_marks(name):
        raise ValidationError(_("There are too many marks on one letter of this name."))
    if _mixes_scripts(name):
        raise ValidationError(_("A name is written in one script: this one mixes letters of several."))


def keys(name: str) -> set[str]:
    """One or two digests of what `name` looks like: two names that share one can be taken for each other.

    One is that of its small letters, since case makes no difference; the other that of the name as it is shown, for
    letters that look like another one in one case only: "Ian" looks like "lan", "ian" does not.
    """
    return {_digest(look(name)), _digest(skeleton(unicodedata.normalize("NFKC", name)).casefold())}


def key(name: str) -> str:
    """The one of `keys` that does not depend on the case of `name`."""
    return _digest(look(name))


def look(name: str) -> str:
    """What the small letters of `name` look like: for comparing only."""
    return skeleton(unicodedata.normalize("NFKC", name).casefold()).casefold()


def _digest(text: str) -> str:
    # Of fixed length: one character may look like eighteen.
    return hashlib.sha256(text.encode()).hexdigest()


def _may_be_in_name(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LN" or category in ("Mn", "Mc") or char in PUNCTUATION


def _has_heap_of_marks(name: str) -> bool:
    former, row = "", 0
    for char in unicodedata.normalize("NFD", name):
        row = row + 1 if unicodedata.category(char) == "Mn" else 0
        if row > MARKS_MOST or (row > 1 and char == former):
            return True
        former = char
    return False


def _mixes_scripts(name: str) -> bool:
    """UTS #39 sections 5.1 to 5.3: more than one script, but for Latin beside Chinese, Japanese or Korean; or digits
    of more than one system."""
    zeros = {ord(char) - unicodedata.decimal(char) for char in name if char.isdecimal()}
    sets = [_augmented(scripts) for scripts in map(scripts_of, name) if not scripts & COMMON]
    if len(zeros) > 1:
        return True
    if not sets or frozenset.intersection(*sets):
        return False
    others = [scripts for scripts in sets if "Latn" not in scripts]
    return not any(all(allowed <= scripts for scripts in others) for allowed in _EAST_ASIAN)


def _augmented(scripts: frozenset[str]) -> frozenset[str]:
    # A script and the writing systems that use it: kanji stand beside kana.
    return scripts.union(*(_USED_BY.get(script, ()) for script in scripts))
