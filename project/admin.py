"""Django's admin with the name and the sign-in page of the site."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from chat.models import Site


class AdminSite(admin.AdminSite):
    """The admin of the site, set in `project.apps`."""

    def each_context(self, request):
        """Django's context, with the name of the site in header and title, and the sections of the navigation."""
        # Here, because Django loads the models' admin classes after this module.
        from chat.admin import navigation

        name = Site.current().name
        context = super().each_context(request)
        sections = navigation.sections(request, context["available_apps"])
        return context | {"site_header": name, "site_title": name, "navigation": sections}

    def get_urls(self):
        """Django's addresses, and those of our own pages."""
        from chat.admin import live, opened

        own = [
            path("live/", self.admin_view(live.page), name="live"),
            path("open/room/<slug:slug>/", self.admin_view(opened.room), name="open_room"),
            path("open/person/<int:user_id>/", self.admin_view(opened.person), name="open_person"),
        ]
        return own + super().get_urls()

    def index(self, request, extra_context=None):
        """The front page: what needs attention, and the numbers of today."""
        from chat.admin import front_page

        return super().index(request, front_page.context(request) | (extra_context or {}))

    def logout(self, request, extra_context=None):
        """Sign out. A GET is redirected to the page with the button; Django would answer with an empty 405."""
        if request.method in ("GET", "HEAD"):
            return redirect("logout")
        return super().logout(request, extra_context)

    def login(self, request, extra_context=None):
        """Redirect to the sign-in page of the site, which limits attempts. A second form would bypass the limit."""
        following = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(following, {request.get_host()}, request.is_secure()):
            following = reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return redirect(following)
        if request.user.is_authenticated:
            # Not the sign-in page: it would redirect back here. Not PermissionDenied: Django logs a traceback.
            return render(request, "403.html", status=403)
        return redirect_to_login(following, settings.LOGIN_URL)
