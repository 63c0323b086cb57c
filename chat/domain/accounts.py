"""People's accounts: who may be called what, and how one begins and ends. Users are Django's."""

from dataclasses import dataclass, field

from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chat.models import Room

from . import handles, invites, rooms
from .errors import Forbidden, Invalid

LOBBY = "lobby"


def check_password(password: str, *, username: str = "", email: str = "") -> None:
    """Raise Invalid(field="password") unless Django's validators (AUTH_PASSWORD_VALIDATORS) accept `password`."""
    model = get_user_model()
    # A user that is never saved: the validators compare the password with its fields.
    nobody = model(**{model.USERNAME_FIELD: username, model.get_email_field_name(): email})
    try:
        if not password:
            raise ValidationError(_("Choose a password."))
        password_validation.validate_password(password, nobody)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Someone about to get an account: all is checked but whether the name is free, and the password is hashed."""

    username: str
    email: str
    hashed: str = field(repr=False)


def prepare(*, username: str, password: str, email: str = "") -> Newcomer:
    """Check what a newcomer gave. Raises Invalid with `field`.

    Call it outside a transaction: a good hash takes long on purpose, and nobody should wait for a lock meanwhile.
    """
    check_password(password, username=username, email=email)
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise Invalid(error.message, field="email") from error
    return Newcomer(handles.clean(username), email, make_password(password))


@transaction.atomic
def make(newcomer: Newcomer, *, admin: bool = False):
    """Make the account and return the user; `admin` makes a superuser. Raises Invalid when the name is taken by now."""
    users = get_user_model()._default_manager
    create_user = users.create_superuser if admin else users.create_user
    try:
        user = create_user(handles.clean(newcomer.username), newcomer.email, None)
    except (IntegrityError, ValidationError) as error:
        # Someone else took it since it was checked. The table of users has an index of its own.
        raise Invalid(handles.TAKEN, field="username") from error
    user.password = newcomer.hashed
    user.save(update_fields=["password"])
    return user


def create(*, username: str, password: str, email: str = ""):
    """Make an account and return the user. Raises Invalid with `field`."""
    return make(prepare(username=username, password=password, email=email))


def accept_invite(*, token: str, username: str, password: str, email: str = ""):
    """Make an account through an invitation. Returns the user, and the room to show first: None if there is none.

    The newcomer joins the Lobby and the room of the invitation. Raises NotFound when the invitation does not stand,
    Invalid with `field` for a name or password that will not do: then no use is taken.
    """
    invites.find(token)
    newcomer = prepare(username=username, password=password, email=email)
    with transaction.atomic():
        user = make(newcomer)
        lobby = Room.objects.current().filter(slug=LOBBY, kind=Room.Kind.PUBLIC).first()
        if lobby is not None:
            rooms.join(room=lobby, user=user)
        return user, invites.use(token, user=user) or lobby


def deactivate(*, user, by) -> None:
    """Close an account: its owner can no longer sign in, and open sessions end. What they said stays.

    Raises Forbidden for one's own account: nobody might be left to open it again.
    """
    if user.pk == by.pk:
        raise Forbidden(_("You cannot deactivate your own account."))
    user.is_active = False
    # Saved, not updated: `sessions` listens, and the sockets of this account are closed at once.
    user.save(update_fields=["is_active"])


def reactivate(*, user) -> None:
    """Open a closed account again."""
    user.is_active = True
    user.save(update_fields=["is_active"])
