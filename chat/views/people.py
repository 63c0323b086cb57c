"""Who asks for a page."""

from django.contrib.auth import middleware
from django.utils.functional import SimpleLazyObject

from chat.domain import sessions


class AuthenticationMiddleware(middleware.AuthenticationMiddleware):
    """Django's own, with `request.user` read as sockets read theirs: by a query that is compiled once."""

    def process_request(self, request):
        """Set `request.user` and `request.auser`."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: sessions.user_of(request.session))
