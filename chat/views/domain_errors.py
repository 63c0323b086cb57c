"""Responses for DomainError: the only place where an error of the domain becomes an HTTP status."""

from functools import wraps

from django.http import JsonResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from chat.domain.errors import DomainError
from chat.protocol.errors import Error


class DomainErrorMiddleware(MiddlewareMixin):
    """Answers a view that raised DomainError with an error page; `Retry-After` says when to try again."""

    def process_exception(self, request, exception):
        """The page for a DomainError, or None for any other exception, which Django then handles."""
        if not isinstance(exception, DomainError):
            return None
        response = render(request, "chat/domain_error.html", {"error": exception}, status=exception.status)
        return _with_retry_after(response, exception)


def json_errors(view):
    """Decorator for a view that modules of a page ask: its DomainErrors are answered as JSON, like on the socket."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            body = Error(code=error.code, detail=str(error.detail), field=error.field, retry_after=error.retry_after)
            response = JsonResponse(body.model_dump(), status=error.status)
            return _with_retry_after(response, error)

    return answer


def _with_retry_after(response, error: DomainError):
    if error.retry_after is not None:
        # An integer number of seconds (RFC 9110 section 10.2.3).
        response["Retry-After"] = str(max(1, round(error.retry_after)))
    return response
