"""Sessions in the database with a column for the user: the SESSION_ENGINE of the site.

Django keeps the primary key of the user inside the encoded session data, which no query can read. With a column, one
query reads a session and its user (Django documentation, “Extending database-backed session engines”).
"""

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .prepared import prepared


class Session(AbstractBaseSession):
    """A session. `user` is None for a guest."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, editable=False, related_name="sessions"
    )

    class Meta(AbstractBaseSession.Meta):
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        default_permissions = ()

    def __str__(self):
        # Not the session key: the admin lists the sessions of a user whose account is about to be deleted.
        return f"{self.user or _('guest')} · {self.expire_date:%Y-%m-%d}"

    @classmethod
    def get_session_store_class(cls):
        """The class that reads and writes sessions."""
        return SessionStore


class SessionStore(db.SessionStore):
    """Reads a session together with its user, by one prepared query. For pages and sockets.

    `owner` is the user of the row, set when the session is read. It does not mean that the session is still valid for
    this user: `sessions.user_of` checks that.
    """

    owner = None

    @classmethod
    def get_model_class(cls):
        """The model of the rows."""
        return Session

    def create_model_instance(self, data):
        """An unsaved row with `data` and the user in it."""
        return _with_user(super().create_model_instance(data), data)

    async def acreate_model_instance(self, data):
        """Like `create_model_instance`."""
        return _with_user(await super().acreate_model_instance(data), data)

    def use_row(self, data: str, owner) -> None:
        """Use the data and the user of a row that another query has read."""
        self._session_cache = self.decode(data)
        self.owner = owner

    def _get_session_from_db(self):
        session = _active_session.first(session_key=self.session_key) if self.is_valid_key else None
        if session is None:
            self._session_key = None
        else:
            self.owner = session.user
        return session

    @property
    def is_valid_key(self) -> bool:
        """Whether the key can be looked up. A cookie may hold anything, and PostgreSQL raises an error for a NUL."""
        return bool(self.session_key) and self.session_key.isprintable()


def _with_user(session: Session, data: dict) -> Session:
    if SESSION_KEY in data:
        session.user_id = get_user_model()._meta.pk.to_python(data[SESSION_KEY])
    return session


@prepared
def _active_session(*, session_key: str):
    return Session.objects.filter(session_key=session_key, expire_date__gt=Now()).select_related("user__chat_profile")
