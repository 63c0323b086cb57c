"""The common part of the home page and the pages of rooms."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.safestring import mark_safe

from chat.domain import timeline
from chat.protocol import events, replies

from .accounts import sign_in_url
from .context import look_of
from .page_data import BanPages, PageData


def shell_context(
    request,
    welcome: events.Welcome,
    *,
    site: timeline.SiteLook | None = None,
    opened: replies.OpenReply | None = None,
    at: int | None = None,
) -> dict:
    """The context of the sidebar, the form and the data block of a page. One query, unless `site` is given."""
    you, look = welcome.you, look_of(request.user)
    site = site or timeline.site_look()
    page_data = PageData.of(
        welcome,
        opened,
        at,
        sees_edits=site.open_edit_history,
        time_zone=look.time_zone,
        bans=BanPages.of(request.user),
    )
    context = {
        "site_name": site.name,
        "my_name": (you.user or you.guest).name,
        "is_user": you.user is not None,
        "is_staff": request.user.is_staff,
        # Not the lazy objects of the request: a template asks them often.
        "look": look,
        "page_data": mark_safe(page_data.in_script()),
    }
    if you.user is None:
        context["login"] = sign_in_url(request)
    elif settings.CSRF_COOKIE_NAME not in request.COOKIES:
        get_token(request)  # Sets the cookie, from which elements/action_form.js reads the token for its form.
    return context


def render_overview(
    request: HttpRequest, welcome: events.Welcome, name: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page over all rooms of a person, in the shell: the template of this name with this context."""
    shell = shell_context(request, welcome)
    return render(request, f"chat/{name}.html", shell | {"overview": name} | context, status=status)
