"""Middleware that checks host and origin of requests for pages, by the rules of `project.origin`."""

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

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}  # RFC 9110 section 9.2.1
_CAUSES = {REASON_NO_CSRF_COOKIE: "cookie", REASON_NO_REFERER: "referer"}


class HostMiddleware(MiddlewareMixin):
    """Answers a request for a host that is not in ALLOWED_HOSTS with a 400 page that shows the host.

    It must be the first middleware. Otherwise Django raises where the host is first used, and logs a traceback each
    time. Static files are served for any host, because the 400 page needs them.
    """

    def process_request(self, request):
        """The 400 response, or None for a known host."""
        try:
            if not request.path_info.startswith(settings.STATIC_URL):
                request.get_host()
        except DisallowedHost:
            host = request.META.get("HTTP_HOST", "")
            origin.log_host(host, 400)
            with override(get_language_from_request(request)):
                # Without the request, so that no session or database is read.
                name = split_domain_port(host)[0] or host
                page = render_to_string("400_host.html", {"host": name[: origin.MAX_SHOWN]})
            return _without_log(HttpResponse(page, status=400, headers={"Content-Length": len(page.encode())}))
        return None


class OriginMiddleware(MiddlewareMixin):
    """Checks the Origin of a form, or its Referer if it has no Origin. It comes before Django's CsrfViewMiddleware.

    Django compares origins as strings: it would refuse the forms of some pages whose sockets are allowed. So an origin
    that is allowed here is replaced by the notation that Django accepts. Django then checks the form's CSRF token.
    A view without a token may still have its Origin checked: it has the attribute `checks_origin`.
    """

    def process_view(self, request, callback, callback_args, callback_kwargs):
        """The 403 response, or None."""
        exempt = getattr(callback, "csrf_exempt", False) or getattr(request, "_dont_enforce_csrf_checks", False)
        sent_from, reason = request.META.get("HTTP_ORIGIN"), REASON_BAD_ORIGIN
        if exempt and not (sent_from and getattr(callback, "checks_origin", False)):
            return None
        if request.method in _SAFE_METHODS:
            return None
        if sent_from is None:
            if not request.is_secure():
                return None
            # Without an Origin, only the Referer distinguishes our pages from those of an attacker in the network.
            referer = request.META.get("HTTP_REFERER")
            if referer is None:
                return _without_log(refused_form(request, REASON_NO_REFERER))
            sent_from, reason = _origin_of(referer), REASON_BAD_REFERER
        host, secure = request.get_host(), request.is_secure()
        if not origin.is_allowed(sent_from, host=host, secure=secure, others=settings.CSRF_TRUSTED_ORIGINS):
            origin.log_origin(sent_from, host, "CSRF_TRUSTED_ORIGINS")
            return _without_log(refused_form(request, reason % sent_from, sent_from=sent_from))
        request.META["HTTP_ORIGIN"] = f"{request.scheme}://{host}"
        return None


def refused_form(request, reason: str = "", sent_from: str | None = None):
    """The 403 page for a form (Django's CSRF_FAILURE_VIEW). `sent_from`: the origin that may not send forms here."""
    view_class = getattr(request.resolver_match and request.resolver_match.func, "view_class", object)
    if sent_from is None and issubclass(view_class, LoginView) and request.user.is_authenticated:
        # The form is from before the person signed in, perhaps in another tab: there is nothing left to do.
        view = view_class()
        view.setup(request)
        return redirect(view.get_success_url())
    cause = "origin" if sent_from is not None else _CAUSES.get(reason, "token")
    context = {"cause": cause, "sent_from": (sent_from or "")[: origin.MAX_SHOWN], "host": request.get_host()}
    return render(request, "403_csrf.html", context, status=403)


def _origin_of(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return scheme + separator + rest.partition("/")[0].partition("?")[0].partition("#")[0]


def _without_log(response):
    # `origin` has logged the refusal. Django's handler would log each one again.
    response._has_been_logged = True
    return response
