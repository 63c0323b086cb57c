"""People's accounts: who may be called what, and how one begins and ends. Users are Django's."""

from dataclasses import dataclass, field

from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from chat.events.publish import publish_account_change
from chat.models import Membership, NameKey, Restriction, Room, Session

from . import handles, invites, rooms, sessions
from .errors import Forbidden, Invalid

LOBBY = "lobby"
LEAVES_NO_TRACE = {Membership, NameKey, Restriction, Session}
"""Models whose rows are deleted with an account."""


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
    """Close an account: its owner cannot sign in any more, and their sessions end. What they wrote stays.

    Raises Forbidden for one's own account: nobody might be left to open it again.
    """
    if user.pk == by.pk:
        raise Forbidden(_("You cannot deactivate your own account."))
    user.is_active = False
    # Saved, not updated: `sessions` listens, deletes the sessions and has the sockets closed at once.
    user.save(update_fields=["is_active"])


def reactivate(*, user) -> None:
    """Open a closed account again. Its owner has to sign in."""
    # Whoever closed it may have gone past `deactivate`, by a query for example.
    sessions.end_all(user)
    user.is_active = True
    user.save(update_fields=["is_active"])


def delete(*, user, by) -> None:
    """Delete the account of a person who did nothing: with it go their memberships and sessions.

    Raises Forbidden when `traces_of` finds something, and for one's own account.
    """
    if user.pk == by.pk:
        raise Forbidden(_("You cannot delete your own account."))
    if traces := traces_of(user):
        raise Forbidden(why_kept(user, traces))
    pk = user.pk
    try:
        with transaction.atomic():
            publish_account_change(pk)
            user.delete()
    except (ProtectedError, IntegrityError) as error:
        # They did something just now.
        raise Forbidden(why_kept(user, traces_of(user))) from error


def traces_of(user) -> list[str]:
    """What there is in the database because of this person, as plural names: messages, reactions and so on.

    To delete them would change what others see of a room without a version of the room, or what a moderator did.
    Every model with a key to users counts, other apps' too, but those of LEAVES_NO_TRACE.
    """
    relations = user._meta.get_fields(include_hidden=True)
    models = {
        relation.related_model: relation.field.name
        for relation in relations
        if (relation.one_to_many or relation.one_to_one)
        and relation.auto_created
        and not relation.related_model._meta.auto_created
        and relation.related_model not in LEAVES_NO_TRACE
    }
    traces = [
        str(model._meta.verbose_name_plural)
        for model, name in models.items()
        if model._base_manager.filter(**{name: user.pk}).exists()
    ]
    if Membership.objects.filter(user=user, role=Membership.Role.OWNER).exists():
        traces.append(_("rooms that they own"))
    return traces


def why_kept(user, traces: list[str]) -> str:
    """The sentence that refuses to delete a person, and names what to do instead."""
    return _(
        "“%(name)s” cannot be deleted, because others still see what they did: %(traces)s. Deactivate the account "
        "instead: they are signed out and cannot sign in, and what they wrote stays."
    ) % {"name": user.get_username(), "traces": ", ".join(traces)}
