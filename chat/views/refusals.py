"""What the domain refuses, as a page: the one place where an error of the domain becomes an HTTP status."""

from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from chat.domain.errors import Refused


class RefusedMiddleware(MiddlewareMixin):
    """Answers a view that raised Refused with a page that says why, and `Retry-After` when it is a matter of time."""

    def process_exception(self, request, exception):
        """The page for a Refused; None, which lets it pass, for any other exception."""
        if not isinstance(exception, Refused):
            return None
        response = render(request, "chat/refused.html", {"refusal": exception}, status=exception.status)
        if exception.retry_after is not None:
            # Whole seconds: RFC 9110 section 10.2.3.
            response["Retry-After"] = str(max(1, round(exception.retry_after)))
        return response
