"""The pages of what a person has written and not sent: their drafts, and their scheduled messages."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chat.domain import drafts as own_drafts
from chat.domain import overviews, timeline
from chat.domain import scheduled as own_scheduled
from chat.domain.errors import DomainError, Invalid

from .shell import render_overview


@never_cache
@require_safe
@login_required
def drafts(request: HttpRequest) -> HttpResponse:
    """All drafts of this person, the latest first."""
    welcome = timeline.welcome(request.user)
    found = overviews.named_rooms(own_drafts.rows_of(request.user), request.user, welcome)
    return render_overview(request, welcome, "drafts", drafts=found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def discard_draft(request: HttpRequest, draft: int) -> HttpResponse:
    """Remove a draft. A GET, which follows a sign-in on the way, removes nothing."""
    if request.method == "POST":
        own_drafts.discard(draft=draft, user=request.user)
    return redirect("chat:drafts")


@never_cache
@require_safe
@login_required
def scheduled(request: HttpRequest) -> HttpResponse:
    """All scheduled messages of this person, the next one first; those that could not be sent before the others."""
    return _list_scheduled(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_scheduled(request: HttpRequest, message: int) -> HttpResponse:
    """Change, send or cancel a scheduled message: the field `do` is `change` (with `body`, and `at` in ISO 8601),
    `send` or `cancel`. A GET, which follows a sign-in on the way, changes nothing."""
    if request.method != "POST":
        return redirect("chat:scheduled")
    given = request.POST
    try:
        if given.get("do") == "cancel":
            own_scheduled.cancel(message=message, user=request.user)
        elif given.get("do") == "send":
            own_scheduled.change(message=message, user=request.user, at=timezone.now())
        else:
            own_scheduled.change(
                message=message, user=request.user, body=given.get("body", ""), at=_moment(given.get("at", ""))
            )
    except DomainError as error:
        return _list_scheduled(request, error)
    return redirect("chat:scheduled")


def _list_scheduled(request: HttpRequest, error: DomainError | None = None) -> HttpResponse:
    welcome = timeline.welcome(request.user)
    found = overviews.named_rooms(own_scheduled.rows_of(request.user), request.user, welcome)
    context = {"scheduled": found, "error": error.detail if error else ""}
    return render_overview(request, welcome, "scheduled", status=error.status if error else 200, **context)


def _moment(text: str) -> datetime | None:
    """A time with its zone; None for an empty text: the time stays. Raises Invalid."""
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if text and (at is None or timezone.is_naive(at)):
        raise Invalid(_("Choose a date and a time."), field="at")
    return at
