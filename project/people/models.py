"""The user model of the site: settings.AUTH_USER_MODEL."""

from asgiref.sync import sync_to_async
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.domain import handles, names


def validate_handle(handle: str) -> None:
    """Raise ValidationError for a handle that nobody may have. Migrations name this function."""
    handles.validate(handle)


class UserManager(BaseUserManager):
    """Creates users, and finds them by their handle."""

    def create_user(self, handle: str, email: str | None = None, password: str | None = None, **fields):
        """Store a new user and return it. Without `password` nobody can sign in by one.

        Raises ValidationError when the handle is taken or looks like one that is, IntegrityError when another
        transaction took it in the meantime. The other rules for handles are checked by `full_clean`, as in forms.
        """
        if not handle:
            raise ValueError("A user needs a handle.")
        handle = self.model.normalize_username(handle)
        user = self.model(handle=handle, email=self.normalize_email(email), **fields)
        user.password = make_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, handle: str, email: str | None = None, password: str | None = None, **fields):
        """Like `create_user`, with all permissions."""
        return self.create_user(handle, email, password, **{"is_staff": True, "is_superuser": True} | fields)

    def get_by_natural_key(self, handle: str):
        """The user with this handle, whatever its case. Raises DoesNotExist."""
        try:
            return self.get(handle=handle)
        except self.model.DoesNotExist:
            return self.get(handle_key=names.key(handle))

    async def aget_by_natural_key(self, handle: str):
        """Like `get_by_natural_key`."""
        return await sync_to_async(self.get_by_natural_key)(handle)

    def bulk_create(self, objs, *args, **kwargs):
        """Like Django's, with the keys of the handles. IntegrityError is the only check that a handle is free."""
        objs = list(objs)
        for user in objs:
            user.set_handle_keys()
        return super().bulk_create(objs, *args, **kwargs)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, or a program (`is_bot`), with an account.

    `handle` is the unique name that others see and mention, and that the user signs in with. No two handles look alike:
    `handle_key` and `handle_look` are digests of how it looks (see `chat.domain.names.keys`), and both are unique.
    `save` and `bulk_create` set them; `QuerySet.update` does not, so it must not be used to change a handle.
    Only `save` and forms compare the key of one user with the look of another (“Ian” and, in Greek, “ιΑΝ”).
    """

    handle = models.CharField(
        _("username"),
        max_length=150,
        unique=True,
        validators=[validate_handle],
        help_text=_("At most 150 characters: letters and digits of one script, and @ . + - _ '"),
        error_messages={"unique": handles.TAKEN},
    )
    handle_key = models.CharField(max_length=64, editable=False)
    handle_look = models.CharField(max_length=64, editable=False)
    email = models.EmailField(_("email address"), blank=True)
    is_bot = models.BooleanField(_("bot"), default=False, help_text=_("A program uses this account, not a person."))
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Uncheck this to close the account instead of deleting it.")
    )
    is_staff = models.BooleanField(_("staff"), default=False, help_text=_("May open these admin pages."))
    date_joined = models.DateTimeField(_("date joined"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "handle"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]
    NAME_KEY_FIELDS = ("handle_key", "handle_look")
    """How `chat` finds names that look alike, see `chat.domain.handles.looks_like`."""

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(fields=["handle_key"], name="user_handle_key_once"),
            models.UniqueConstraint(fields=["handle_look"], name="user_handle_look_once"),
        ]

    def set_handle_keys(self) -> None:
        """Set the keys that belong to the handle."""
        self.handle_key, self.handle_look = names.key(self.handle), names.look_key(self.handle)

    def clean(self):
        """Normalise the handle and the address. Raises ValidationError when a new handle looks like another user's."""
        super().clean()
        self.email = type(self).objects.normalize_email(self.email)
        if self._handle_changed():
            self._check_handle_is_free()

    def save(self, *args, update_fields=None, **kwargs):
        """Store the user. Raises ValidationError when a new handle looks like another user's, and IntegrityError when
        another transaction took it in the meantime."""
        if (update_fields is None or "handle" in update_fields) and self._handle_changed():
            self._check_handle_is_free()
            self.set_handle_keys()
            if update_fields is not None:
                update_fields = {*update_fields, *self.NAME_KEY_FIELDS}
        super().save(*args, update_fields=update_fields, **kwargs)

    def _handle_changed(self) -> bool:
        # Asked of the database: a restored user may have a handle that the rules no longer allow, and keeps it.
        return not type(self).objects.filter(pk=self.pk, handle=self.handle).exists()

    def _check_handle_is_free(self) -> None:
        if type(self).objects.filter(handles.looks_like(self.handle)).exclude(pk=self.pk).exists():
            raise ValidationError({"handle": handles.TAKEN})
