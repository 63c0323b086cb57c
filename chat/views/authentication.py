"""The middleware that sets `request.user`."""

from django.conf import settings
from django.contrib.auth import middleware
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from chat.domain import acting, people, sessions


class AuthenticationMiddleware(middleware.AuthenticationMiddleware):
    """Django's middleware, but `request.user` comes from the same prepared query as the users of sockets. It also says
    who acts during the request: see `acting`."""

    def process_request(self, request):
        """Set `request.user` and `request.auser`, and the language that the user chose."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: sessions.user_of(request.session))
        acting.begin(request.user, request.META.get("REMOTE_ADDR", ""))
        # With one language there is nothing to choose, and a page may read its user together with more.
        if len(settings.LANGUAGES) > 1 and request.user.is_authenticated:
            language = people.profile_of(request.user).language
            if language in dict(settings.LANGUAGES):
                translation.activate(language)
                request.LANGUAGE_CODE = language

    def process_response(self, request, response):
        """End what `process_request` began."""
        acting.end()
        return response
