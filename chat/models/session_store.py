"""Django's sessions in the database, read by a query that is compiled once: a site's SESSION_ENGINE."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from .prepared import prepared


class SessionStore(db.SessionStore):
    """A session that is read on every page and by every socket."""

    def _get_session_from_db(self):
        # A cookie is whatever somebody sent; a NUL or half a character in it would be an error of the database.
        session = _standing.first(session_key=self.session_key) if self.session_key.isprintable() else None
        if session is None:
            self._session_key = None
        return session


@prepared
def _standing(*, session_key: str):
    return Session.objects.filter(session_key=session_key, expire_date__gt=Now())
