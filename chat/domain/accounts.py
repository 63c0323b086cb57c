"""Verbs of accounts: create, deactivate, reactivate, delete, end their sessions. Users are Django's."""

import re
import secrets
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chat.dispatch import queueing
from chat.dispatch.publish import publish_account_change
from chat.models import AccountBan, InviteUse, Membership, Profile, Restriction, Room, RoomOpening, Session, Sidebar

from . import account_rules, default_rooms, handles, invites, people, pictures, sessions
from .errors import Forbidden, Invalid
from .record import record
from .types import AnyPerson, User

LOBBY = "lobby"
_OF_DELETED = re.compile(r"deleted-[0-9]+(-[0-9a-f]+)?")
LEAVES_NO_TRACE = {AccountBan, InviteUse, Membership, Profile, Restriction, RoomOpening, Session, Sidebar}
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
    """The checked data of a new account, with the hash of the password. The name may be taken meanwhile."""

    username: str
    email: str
    hashed: str = field(repr=False)


def prepare(*, username: str, password: str, email: str = "") -> Newcomer:
    """Check the data of a new account. Raises Invalid with `field`.

    Call it outside a transaction: hashing a password is slow on purpose, and a lock would make others wait.
    """
    check_password(password, username=username, email=email)
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise Invalid(error.message, field="email") from error
    return Newcomer(handles.clean(username), email, make_password(password))


@transaction.atomic
def make(newcomer: Newcomer, *, admin: bool = False) -> User:
    """Create the account and return the user; with `admin`, a superuser. Raises Invalid when the name is taken."""
    users = get_user_model()._default_manager
    create_user = users.create_superuser if admin else users.create_user
    try:
        user = create_user(handles.clean(newcomer.username), newcomer.email, None)
    except (IntegrityError, ValidationError) as error:
        # The name was taken after the check. The table of users has a unique index.
        raise Invalid(handles.TAKEN, field="username") from error
    user.password = newcomer.hashed
    user.save(update_fields=["password"])
    return user


def create(*, username: str, password: str, email: str = "") -> User:
    """Create an account and return the user, who joins the rooms for newcomers. Raises Invalid with `field`."""
    newcomer = prepare(username=username, password=password, email=email)
    with transaction.atomic():
        user = make(newcomer)
        default_rooms.join_all(user=user)
        return user


def accept_invite(*, token: str, username: str, password: str, email: str = "") -> tuple[User, Room | None]:
    """Create an account through an invitation. Returns the user and the room to show first, or None.

    The user joins the rooms for newcomers and those of the invitation. Raises NotFound when the invitation is not
    valid, Invalid with `field` for a name or password that is refused: then no use of the invitation is consumed.
    """
    invites.find(token)
    newcomer = prepare(username=username, password=password, email=email)
    with transaction.atomic():
        user = make(newcomer)
        first = default_rooms.join_all(user=user)
        return user, invites.use(token, user=user) or first


@transaction.atomic
def deactivate(*, user: User, by: AnyPerson) -> None:
    """Deactivate an account: its owner cannot sign in, their sessions and sockets end, and so do their invites. Their
    messages stay; scheduled ones are not sent. A ban of theirs becomes a deactivation without an end.

    Raises Forbidden for one's own account, the last admin, and a superuser if `by` is none; NotFound if it is gone.
    """
    stored = account_rules.lock(user, by)
    lifted, _rows = AccountBan.objects.filter(user=stored).delete()
    if stored.is_active or lifted:
        record(by, "person.deactivate", stored)
    if stored.is_active:
        close(stored)
    user.is_active = False


@transaction.atomic
def reactivate(*, user: User, by: AnyPerson = None) -> None:
    """Reactivate an account, also a banned one. Its owner has to sign in again. Raises Forbidden, NotFound."""
    stored = account_rules.lock(user, by)
    if is_deleted(stored):
        raise Forbidden(_("This account was deleted."))
    if not stored.is_active:
        record(by, "person.reactivate", stored)
    open_again(stored)
    user.is_active = True


@transaction.atomic
def sign_out_everywhere(*, user: User, by: AnyPerson) -> None:
    """End all sessions and sockets of a person, who may sign in again. Raises Forbidden, NotFound."""
    stored = account_rules.lock(user, by)
    record(by, "person.sign_out", stored)
    sessions.end_all(stored)
    publish_account_change(stored.pk)


def require_new_password(*, user: User, by: AnyPerson) -> str:
    """Let the present password of a person no longer count, and end their sessions. Returns the path of a page on which
    they choose a new one; it works once, for PASSWORD_RESET_TIMEOUT. They get it by mail, too, if they have an address.

    Raises Forbidden, NotFound.
    """
    # One that nobody knows, rather than none: with it, people can ask for the mail again. Outside the transaction,
    # because hashing is slow on purpose.
    unknown = make_password(secrets.token_urlsafe(32))
    with transaction.atomic():
        stored = account_rules.lock(user, by)
        if not stored.is_active:
            raise Forbidden(_("This account is closed."))
        record(by, "person.new_password", stored)
        stored.password = unknown
        # The signal handler in `sessions` closes the sockets.
        stored.save(update_fields=["password"])
        sessions.end_all(stored)
        if getattr(stored, stored.get_email_field_name()):
            queueing.enqueue("mail.send_password_reset", stored.pk, get_language() or settings.LANGUAGE_CODE)
    uid = urlsafe_base64_encode(force_bytes(stored.pk))
    return reverse("password_reset_confirm", args=[uid, default_token_generator.make_token(stored)])


def is_deleted(user: User) -> bool:
    """Whether an account was deleted, and stays only because messages refer to it: see `erasing`."""
    return not user.is_active and bool(_OF_DELETED.fullmatch(user.get_username()))


def close(stored: User) -> None:
    """Make an account inactive. The caller has locked it and checked the permission."""
    stored.is_active = False
    # `save`, not `update`: the signal handler in `sessions` deletes the sessions and closes the sockets at once.
    stored.save(update_fields=["is_active"])


def open_again(stored: User) -> None:
    """Make an account active, and forget its ban. The caller has locked it and checked the permission."""
    AccountBan.objects.filter(user=stored).delete()
    # The account may have been deactivated without `deactivate`, for example by a query.
    sessions.end_all(stored)
    stored.is_active = True
    stored.save(update_fields=["is_active"])


def delete(*, user: User, by: AnyPerson) -> None:
    """Delete the account of a person who left no traces, with their memberships and sessions.

    Raises Forbidden when `traces_of` finds something, and for one's own account.
    """
    account_rules.check(user, by)
    name = user.get_username()
    if traces := traces_of(user):
        raise Forbidden(why_kept(user, traces))
    pk = user.pk
    try:
        with transaction.atomic():
            publish_account_change(pk)
            record(by, "person.delete", ("person", pk, name))
            if picture := people.profile_of(user).avatar.name:
                transaction.on_commit(lambda: pictures.delete(picture), robust=True)
            user.delete()
    except (ProtectedError, IntegrityError) as error:
        # A trace was added after the check.
        raise Forbidden(why_kept(user, traces_of(user))) from error


def traces_of(user: User) -> list[str]:
    """The rows that refer to this person, as plural names: messages, reactions and so on.

    Deleting them would change what others see of a room without a version of the room, or what a moderator did.
    Every model with a foreign key to users counts, also of other apps, except LEAVES_NO_TRACE.
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


def why_kept(user: User, traces: list[str]) -> str:
    """The text of the error when a person cannot be deleted. It says what to do instead."""
    return _(
        "“%(name)s” cannot be deleted without a trace, because others still see what they did: %(traces)s. "
        "Deactivate the account instead, or delete it on its own page."
    ) % {"name": user.get_username(), "traces": ", ".join(traces)}
