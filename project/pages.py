"""Middleware for pages: the host and origin of a request, judged as `project.origin` judges those of sockets."""

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse
from django.http.request import split_domain_port
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_BAD_REFERER, REASON_NO_CSRF_COOKIE, REASON_NO_REFERER
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import get_language_from_request, override

from . import origin

_SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}  # RFC 9110 section 9.2.1
_CAUSES = {REASON_NO_CSRF_COOKIE: "cookie", REASON_NO_REFERER: "referer"}


class HostMiddleware(MiddlewareMixin):
    """Answers a request for a host that is not in ALLOWED_HOSTS with a 400 that names it. Before what asks for it.

    Django would answer at whatever place first asks, with a traceback in the log each time. Static files are served
    for any host: that page needs them.
    """

    def process_request(self, request):
        """The 400, or None for a host that is ours."""
        try:
            if not request.path_info.startswith(settings.STATIC_URL):
                request.get_host()
        except DisallowedHost:
            host = request.META.get("HTTP_HOST", "")
            origin.log_host(host, 400)
            with override(get_language_from_request(request)):
                # Without the request: nothing of a session or a database is looked up for a stranger.
                name = split_domain_port(host)[0] or host
                page = render_to_string("400_host.html", {"host": name[: origin.MAX_SHOWN]})
            return _logged(HttpResponse(page, status=400, headers={"Content-Length": len(page.encode())}))
        return None


class OriginMiddleware(MiddlewareMixin):
    """Judges the Origin of a form, or its Referer where there is none. Before Django's CsrfViewMiddleware.

    Django compares the texts of origins; the same page could then open a socket and not send a form. What passes here
    is told to Django in its own words, so that it goes on to check the form's token.
    """

    def process_view(self, request, callback, callback_args, callback_kwargs):
        """The 403, or None."""
        exempt = getattr(callback, "csrf_exempt", False) or getattr(request, "_dont_enforce_csrf_checks", False)
        if exempt or request.method in _SAFE:
            return None
        asked, reason = request.META.get("HTTP_ORIGIN"), REASON_BAD_ORIGIN
        if asked is None:
            if not request.is_secure():
                return None
            # Without an Origin, pages by TLS are told from those of a network attacker by the Referer.
            referer = request.META.get("HTTP_REFERER")
            if referer is None:
                return _logged(refused_form(request, REASON_NO_REFERER))
            asked, reason = _origin_of(referer), REASON_BAD_REFERER
        host, secure = request.get_host(), request.is_secure()
        if not origin.is_allowed(asked, host=host, secure=secure, others=settings.CSRF_TRUSTED_ORIGINS):
            origin.log_origin(asked, host, "CSRF_TRUSTED_ORIGINS")
            return _logged(refused_form(request, reason % asked, sent_from=asked))
        request.META["HTTP_ORIGIN"] = f"{request.scheme}://{host}"
        return None


def refused_form(request, reason: str = "", sent_from: str | None = None):
    """The 403 for a form; Django's CSRF_FAILURE_VIEW. `sent_from`: the origin that may not send forms here."""
    asked = getattr(request.resolver_match and request.resolver_match.func, "view_class", object)
    if sent_from is None and issubclass(asked, LoginView) and request.user.is_authenticated:
        # A form from before they signed in, perhaps in another tab: they have what they asked for.
        view = asked()
        view.setup(request)
        return redirect(view.get_success_url())
    cause = "origin" if sent_from is not None else _CAUSES.get(reason, "token")
    known = {"cause": cause, "sent_from": (sent_from or "")[: origin.MAX_SHOWN], "host": request.get_host()}
    return render(request, "403_csrf.html", known, status=403)


def _origin_of(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return scheme + separator + rest.partition("/")[0].partition("?")[0].partition("#")[0]


def _logged(response):
    # Django's handler would write a second line about it, at each request.
    response._has_been_logged = True
    return response
