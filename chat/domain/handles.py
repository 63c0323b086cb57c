"""The names of users: which are allowed, and which are taken.

Forms and verbs that create accounts call `clean`; it works with any user model. A user model can use `validate` as the
validator of its name field, and key fields for `looks_like`: see `project.people`.
"""

import re
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import guest_names, names
from .errors import Invalid
from .types import Rows, User

RESERVED = {"all", "channel", "everyone", "here", "guest", "guests", "room"}
"""Words that no user may have as a handle: they mean several people, or could be mistaken for a guest or a room."""
TAKEN = gettext_lazy("This name, or one that looks like it, is already taken. Choose another one.")
_DELETED = re.compile(r"deleted(person|[0-9]+[0-9a-f]*)")
_RESERVED_KEYS = set().union(*map(names.keys, RESERVED))


def clean(name: str, *, exclude: User | None = None) -> str:
    """The name as it will be stored. `exclude`: the user whose name it is, if they have an account.

    Raises Invalid(field="username") when it breaks a rule of `names`, is too long, reserved or like a guest's, or
    looks like a name that is taken.
    """
    model = get_user_model()
    try:
        name = names.clean(name)
        validate(name)
        field: Any = model._meta.get_field(model.USERNAME_FIELD)
        field.run_validators(name)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="username") from error
    if is_taken(name, exclude=exclude):
        raise Invalid(TAKEN, field="username")
    return name


def validate(name: str) -> None:
    """Raise ValidationError for a name that is not allowed for any user. A Django validator."""
    names.check(name)
    if is_reserved(re.sub(r"[@.+\-_'’·]", "", name)):
        raise ValidationError(_("This name is reserved. Choose another one."))


def is_reserved(bare: str) -> bool:
    """Whether a name without punctuation looks like a reserved word, like the name that the server gives a guest, or
    like that of a deleted account."""
    if _DELETED.fullmatch(bare.casefold()):
        return True
    return bool(names.keys(bare) & _RESERVED_KEYS) or guest_names.looks_like_guest(bare)


def is_taken(name: str, *, exclude: User | None = None) -> bool:
    """Whether a user, other than `exclude`, has this name or one that looks like it."""
    users = get_user_model()._default_manager.filter(looks_like(name))
    return users.exclude(pk=exclude and exclude.pk).exists()


def looks_like(name: str) -> Q:
    """The condition for users whose name can be taken for `name`.

    A user model that stores `names.key` and `names.look_key` of each name lists the two fields in NAME_KEY_FIELDS.
    With other user models, names are compared without regard to case.
    """
    model = get_user_model()
    key_fields = getattr(model, "NAME_KEY_FIELDS", None)
    if key_fields is None:
        return Q(**{f"{model.USERNAME_FIELD}__iexact": name})
    keys = names.keys(name)
    return Q(*(Q(**{f"{field}__in": keys}) for field in key_fields), _connector=Q.OR)


def with_names(wanted: set[str]) -> Rows:
    """Users who may have one of these names, which are given as `markdown.mentions.key`. The result may hold others.

    Compares `names.key` if the user model stores it, else the name in small letters.
    """
    model = get_user_model()
    key_fields = getattr(model, "NAME_KEY_FIELDS", None)
    if key_fields is None:
        users = model._default_manager.annotate(_small=Lower(model.USERNAME_FIELD))
        return users.filter(_small__in=wanted)
    return model._default_manager.filter(**{f"{key_fields[0]}__in": {names.key(name) for name in wanted}})
