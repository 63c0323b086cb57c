"""Django's admin, under this site's name and behind this site's sign-in."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from chat.models import Site


class AdminSite(admin.AdminSite):
    """The one admin of the site; see `default_site` in `project.apps`."""

    def each_context(self, request):
        """Django's context, with the site's name in header and title."""
        name = Site.current().name
        return super().each_context(request) | {"site_header": name, "site_title": name}

    def logout(self, request, extra_context=None):
        """Sign out. A GET leads to the site's page with the button: Django's own is an empty 405."""
        if request.method in ("GET", "HEAD"):
            return redirect("logout")
        return super().logout(request, extra_context)

    def login(self, request, extra_context=None):
        """Send people to the site's own sign-in, which counts tries: a second form would be a way around it."""
        following = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(following, {request.get_host()}, request.is_secure()):
            following = reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return redirect(following)
        if request.user.is_authenticated:
            # Not to the sign-in page: it would send them straight back here. Not raised: that logs a traceback.
            return render(request, "403.html", status=403)
        return redirect_to_login(following, settings.LOGIN_URL)
