"""Which characters a name may contain, and which names look alike. Nothing here uses the database.

The rules are those of UTS #39 (Unicode Security Mechanisms), in its restriction level "highly restrictive".
"""

import hashlib
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .markdown.mentions import is_mentionable
from .unicode import COMMON, is_invisible, scripts_of, skeleton

PUNCTUATION = frozenset("@.+-_'\u2019\u00b7")
"""Allowed between letters: O'Brien, erin.o-neil, erin@example.org, Gal·la."""
MAX_MARKS = 4
"""Limit of marks on one letter (UTS #39 section 5.4)."""
# Sets of scripts that are used together (UTS #39, section 5.2), and the sets that a script belongs to.
_EAST_ASIAN = ({"Jpan"}, {"Kore"}, {"Hanb"})
_USED_BY = {"Hani": {"Hanb", "Jpan", "Kore"}, "Hira": {"Jpan"}, "Kana": {"Jpan"}, "Hang": {"Kore"}, "Bopo": {"Hanb"}}


def clean(name: str) -> str:
    """The name as it will be stored: in NFKC, as Django stores names, without white space around it.

    Raises ValidationError for a name that is empty, cannot be mentioned, mixes scripts, or contains invisible
    characters.
    """
    name = unicodedata.normalize("NFKC", name).strip()
    check(name)
    return name


def check(name: str) -> None:
    """Raise ValidationError unless `name`, in NFKC, follows the rules of `clean`."""
    if not name:
        raise ValidationError(_("Choose a name."))
    if any(is_invisible(char) for char in name):
        raise ValidationError(_("A name cannot contain invisible characters."))
    if not all(is_letter_or_digit(char) or char in PUNCTUATION for char in name):
        raise ValidationError(_("A name can contain only letters, digits and the characters @ . + - _ '"))
    if name[0] != "_" and not name[0].isalnum():
        raise ValidationError(_("A name must begin with a letter, a digit or _."))
    if not is_mentionable(name):
        raise ValidationError(_("People could not mention this name. End it with a letter or digit, or shorten it."))
    if has_too_many_marks(name):
        raise ValidationError(_("A letter of this name has too many accents."))
    if mixes_scripts(name):
        raise ValidationError(_("A name must be written in one script. This one mixes several."))


def keys(name: str) -> set[str]:
    """The digests `key` and `look_key` of a name, which may be equal. Names that share one look alike."""
    return {key(name), look_key(name)}


def key(name: str) -> str:
    """A digest of the look of `name` in lower case. Equal for names that differ in case only."""
    return _digest(look(name))


def look_key(name: str) -> str:
    """A digest of the look of `name` as it is written. Some letters look alike in one case only: "Ian" looks like
    "lan", "ian" does not. The digit 1 stands for i here, and for l in `key`: "al1ce" looks like "alice", "b0b" and
    "a1i" like "bob" and "ali"."""
    return _digest(skeleton(unicodedata.normalize("NFKC", name).replace("1", "i")).casefold())


def look(name: str) -> str:
    """The look of `name` in lower case: a text for comparisons only."""
    return skeleton(unicodedata.normalize("NFKC", name).casefold()).casefold()


def _digest(text: str) -> str:
    # A digest has a fixed length; the look of one character may have eighteen.
    return hashlib.sha256(text.encode()).hexdigest()


def is_letter_or_digit(char: str) -> bool:
    """Whether a character is a letter, a digit, or a mark on one."""
    category = unicodedata.category(char)
    return category[0] in "LN" or category in ("Mn", "Mc")


def has_too_many_marks(name: str) -> bool:
    """Whether a letter has more than MAX_MARKS marks, or the same one twice."""
    former, row = "", 0
    for char in unicodedata.normalize("NFD", name):
        row = row + 1 if unicodedata.category(char) == "Mn" else 0
        if row > MAX_MARKS or (row > 1 and char == former):
            return True
        former = char
    return False


def mixes_scripts(name: str) -> bool:
    """UTS #39 sections 5.1 to 5.3: more than one script, except Latin with Chinese, Japanese or Korean; or digits
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
    # A script and the writing systems that use it: kanji are used with kana.
    return scripts.union(*(_USED_BY.get(script, ()) for script in scripts))
