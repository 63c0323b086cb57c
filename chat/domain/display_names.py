"""Names as people write them: “Ann O’Neil (Sales)”. For display names of users, and for names that guests choose.

They need not be unique, because people share names. But they must not look like the handle of another user, so that
nobody is taken for somebody else. Handles have stricter rules, see `names` and `handles`.
"""

import re
import unicodedata

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat.models import Profile

from . import handles, names
from .errors import Invalid, TooLong
from .types import User
from .unicode import is_invisible

MAX_CHARACTERS = 80
PUNCTUATION = names.PUNCTUATION | frozenset(" ,()&/!\u2018")
TAKEN = gettext_lazy("This name looks like that of another person. Choose another one.")


def clean(name: str, *, owner: User | None = None, field: str = "display_name") -> str:
    """The name as it will be stored, in NFC, with single spaces; "" for none.

    `owner`: the user whose name it will be; None for a guest, whose name must not look like the display name of a user
    either. Raises TooLong, and Invalid for characters that are invisible or misleading, and for a name that is reserved
    or taken.
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name:
        return ""
    if len(name) > MAX_CHARACTERS:
        raise TooLong(_("A name can have at most %(limit)d characters.") % {"limit": MAX_CHARACTERS}, field=field)
    try:
        _check_characters(name)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field=field) from error
    if handles.is_reserved(squashed(name)):
        raise Invalid(_("This name is reserved. Choose another one."), field=field)
    if is_taken(name, owner):
        raise Invalid(TAKEN, field=field)
    return name


def keys(name: str) -> tuple[str, str]:
    """The values of `Profile.name_key` and `Profile.name_look` for a display name."""
    bare = squashed(name)
    return (names.key(bare), names.look_key(bare)) if bare else ("", "")


def squashed(name: str) -> str:
    """The letters, digits and marks of a name: what people notice when they compare two."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name))


def is_taken(name: str, owner: User | None) -> bool:
    """Whether a name can be taken for the handle of a user other than `owner`; for a guest also for a display name."""
    alike = handles.looks_like(squashed(name)) | handles.looks_like(name)
    users = get_user_model()._default_manager.filter(alike)
    if users.exclude(pk=owner and owner.pk).exists():
        return True
    found = set(keys(name))
    return owner is None and Profile.objects.filter(Q(name_key__in=found) | Q(name_look__in=found)).exists()


def _check_characters(name: str) -> None:
    if any(is_invisible(char) for char in name):
        raise ValidationError(_("A name cannot contain invisible characters."))
    if not all(names.is_letter_or_digit(char) or char in PUNCTUATION for char in name):
        raise ValidationError(_("A name can contain only letters, digits, spaces and the characters . , ' - ( ) & / !"))
    if not squashed(name) or not (name[0].isalnum() or name[0] == "("):
        raise ValidationError(_("A name must begin with a letter or a digit."))
    if names.has_too_many_marks(name):
        raise ValidationError(_("A letter of this name has too many accents."))
    # Each word alone: some people write their name in two scripts.
    if any(names.mixes_scripts(word) for word in re.split(r"[\W_]+", unicodedata.normalize("NFKC", name)) if word):
        raise ValidationError(_("A word of this name mixes letters of several scripts."))
