"""Sessions in the database with a column for their user: a site's SESSION_ENGINE.

Django keeps the user's key inside the session's data, where no query can see it. With a column of its own, one query
tells who has a session and what is theirs (Django documentation, “Extending database-backed session engines”).
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
    """A session; `user` is the one who signed in with it, None for a guest's."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, editable=False, related_name="sessions"
    )

    class Meta(AbstractBaseSession.Meta):
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        default_permissions = ()

    def __str__(self):
        # Django's own says the key: who deletes an account in the admin is shown all that goes with it.
        return f"{self.user or _('guest')} · {self.expire_date:%Y-%m-%d}"

    @classmethod
    def get_session_store_class(cls):
        """The class that reads and writes sessions."""
        return SessionStore


class SessionStore(db.SessionStore):
    """A session store for every page and socket: reads a session and its user by one compiled query.

    `owner` is its user as the database has them, once the session is read; whether they may still use it is another
    question: see `sessions.user_of`.
    """

    owner = None

    @classmethod
    def get_model_class(cls):
        """The model."""
        return Session

    def create_model_instance(self, data):
        """An unsaved row with `data` and its user."""
        return _owned(super().create_model_instance(data), data)

    async def acreate_model_instance(self, data):
        """The same, for callers that await."""
        return _owned(await super().acreate_model_instance(data), data)

    def take(self, data: str, owner) -> None:
        """Use this row's data and user instead of reading them."""
        self._session_cache = self.decode(data)
        self.owner = owner

    def _get_session_from_db(self):
        session = _standing.first(session_key=self.session_key) if self.is_sound else None
        if session is None:
            self._session_key = None
        else:
            self.owner = session.user
        return session

    @property
    def is_sound(self) -> bool:
        """Whether the key may be looked up. Cookies hold anything: PostgreSQL raises an error for a NUL in a text."""
        return bool(self.session_key) and self.session_key.isprintable()


def _owned(session: Session, data: dict) -> Session:
    if SESSION_KEY in data:
        session.user_id = get_user_model()._meta.pk.to_python(data[SESSION_KEY])
    return session


@prepared
def _standing(*, session_key: str):
    return Session.objects.filter(session_key=session_key, expire_date__gt=Now()).select_related("user")
