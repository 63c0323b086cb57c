"""The names of the site's users: which ones are free, on every way that leads to an account.

Forms ask `clean`. Whatever else saves users (the admin, createsuperuser, a script, another app's sign-up) meets the
same rules by `install`: through the validators of the model's field, and when a user is saved.
"""

import re
from contextlib import suppress

from django.contrib.auth import get_user_model, user_logged_in
from django.contrib.auth.validators import ASCIIUsernameValidator, UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.signals import post_save, pre_save
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat.models import NameKey

from . import guests, names
from .errors import Invalid

# Words that mean many people, or nobody in particular, when they stand after an @.
RESERVED = {"all", "channel", "everyone", "here", "guest", "guests", "room"}
TAKEN = gettext_lazy("Someone has this name already, or one that looks like it. Choose another one.")
_RESERVED_KEYS = set().union(*map(names.keys, RESERVED))


def clean(name: str, *, but_not=None) -> str:
    """The name as it will be stored. `but_not`: the user who has it already.

    Raises Invalid(field="username") when it breaks a rule of `names`, is too long, reserved or like a guest's, or
    looks like a name that is taken.
    """
    model = get_user_model()
    try:
        name = names.clean(name)
        model._meta.get_field(model.USERNAME_FIELD).run_validators(name)
        _check_free(name, but_not and but_not.pk)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="username") from error
    return name


def validate(name: str) -> None:
    """Raise ValidationError for a name that nobody may have: a validator of Django."""
    names.check(name)
    bare = re.sub(r"[@.+\-_'’·]", "", name)
    if names.keys(bare) & _RESERVED_KEYS or guests.looks_like_guest(name):
        raise ValidationError(_("This name is kept for other uses. Choose another one."))


def claim(user) -> None:
    """Store what this user's name looks like, in place of what is stored. Raises Invalid(field="username") when
    another one has such a name by now: of two at the same moment one succeeds."""
    wanted = names.keys(user.get_username())
    try:
        with transaction.atomic():
            user.name_keys.exclude(key__in=wanted).delete()
            kept = set(user.name_keys.values_list("key", flat=True))
            NameKey.objects.bulk_create(NameKey(user=user, key=key) for key in sorted(wanted - kept))
    except IntegrityError as error:
        raise Invalid(TAKEN, field="username") from error


def is_taken(name: str, *, but_not: int | None = None) -> bool:
    """Whether someone, other than the user with the key `but_not`, has this name or one that looks like it."""
    wanted = names.keys(name)
    if NameKey.objects.filter(key__in=wanted).exclude(user=but_not).exists():
        return True
    model = get_user_model()
    # Made by a worker of an older version, or like another one before there were keys.
    keyless = model._default_manager.filter(name_keys=None).exclude(pk=but_not)
    return any(names.keys(other) & wanted for other in keyless.values_list(model.USERNAME_FIELD, flat=True))


def install() -> None:
    """Make the user model of the site keep to these rules. Called once, when all models are loaded."""
    model = get_user_model()
    field = model._meta.get_field(model.USERNAME_FIELD)
    # Django's own refuse vowel signs, and accept look-alikes. The attribute, not `_validators`: that one is in
    # Django's migrations, and would ask for a new one.
    stay = [own for own in field.validators if not isinstance(own, UnicodeUsernameValidator | ASCIIUsernameValidator)]
    field.validators = [*stay, validate]
    pre_save.connect(_before_save, sender=model, dispatch_uid="chat.handles_before")
    post_save.connect(_after_save, sender=model, dispatch_uid="chat.handles_after")
    user_logged_in.connect(_after_login, dispatch_uid="chat.handles_login")


def _before_save(instance, raw, update_fields, **kwargs) -> None:
    model = type(instance)
    if raw or (update_fields is not None and model.USERNAME_FIELD not in update_fields):
        return
    stored = model._default_manager.filter(pk=instance.pk).values_list(model.USERNAME_FIELD, flat=True).first()
    instance._name_changes = stored != instance.get_username()
    if instance._name_changes:
        # Before the row is there: whoever saves outside of a transaction would be left with it.
        _check_free(instance.get_username(), instance.pk)


def _after_save(instance, raw, **kwargs) -> None:
    if not raw and instance.__dict__.pop("_name_changes", False):
        claim(instance)


def _after_login(user, **kwargs) -> None:
    # Made by a worker of an older version, or by an import that saves no single user.
    if not user.name_keys.exists():
        with suppress(Invalid):
            claim(user)


def _check_free(name: str, user_id: int | None) -> None:
    if is_taken(name, but_not=user_id):
        raise ValidationError(TAKEN)
