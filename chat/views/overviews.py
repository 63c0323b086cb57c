"""The pages over all rooms of a person: unread messages, mentions, threads, and saved messages."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chat.domain import overviews, reading, timeline
from chat.domain import saved as saved_messages
from chat.domain import threads as followed_threads
from chat.domain.errors import Invalid

from .shell import render_overview

MAX_ROOMS = 500
"""Rooms that one request can mark as read."""
MAX_DIGITS = 18
NEWEST = 2**63 - 1
"""Higher than each seq."""
PAGES = {"unread": "chat:unread", "mentions": "chat:mentions"}
"""Where `read` leads back to, by the field `next`."""


@never_cache
@require_safe
@login_required
def unread(request: HttpRequest) -> HttpResponse:
    """All rooms with unread messages, with the first ones of each."""
    welcome = timeline.welcome(request.user)
    return render_overview(request, welcome, "unread", unread_rooms=overviews.unread_rooms(request.user, welcome))


@never_cache
@require_safe
@login_required
def mentions(request: HttpRequest) -> HttpResponse:
    """The messages that mention this person, the newest first. `before` is the id of a message: those before it."""
    before = _number(request.GET.get("before", ""))
    welcome = timeline.welcome(request.user)
    found, more = overviews.mentions(request.user, welcome, before)
    return render_overview(request, welcome, "mentions", mentions=found, before=more, is_first_page=before is None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def threads(request: HttpRequest) -> HttpResponse:
    """The threads that this person follows, those with unread replies first. A POST marks the thread of the message
    whose id is in the field `read` as read.

    `skip`: how many are left out. Raises Invalid, NotFound.
    """
    if request.method == "POST":
        followed_threads.read(message=_posted_number(request, "read"), user=request.user, upto=NEWEST)
        return redirect("chat:threads")
    skip = _number(request.GET.get("skip", "")) or 0
    welcome = timeline.welcome(request.user)
    found, are_more = overviews.threads(request.user, welcome, min(skip, followed_threads.MAX_FOLLOWED))
    return render_overview(
        request, welcome, "threads", threads=found, next_skip=skip + len(found) if are_more else None
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def saved(request: HttpRequest) -> HttpResponse:
    """The messages that this person has saved for later. A POST removes the one whose id is in the field `remove`.

    `skip`: how many are left out. Raises Invalid.
    """
    if request.method == "POST":
        saved_messages.save(message=_posted_number(request, "remove"), user=request.user, on=False)
        return redirect("chat:saved")
    skip = _number(request.GET.get("skip", "")) or 0
    welcome = timeline.welcome(request.user)
    found, are_more = overviews.saved_messages(request.user, welcome, min(skip, saved_messages.MAX_SAVED))
    return render_overview(request, welcome, "saved", saved=found, next_skip=skip + len(found) if are_more else None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def read(request: HttpRequest) -> HttpResponse:
    """Mark rooms as read: each field `room` is a slug and a seq, `lobby:42`. The field `next` names the page to go to.

    A GET, which follows a sign-in on the way, marks nothing: it goes to the page of unread messages. Raises Invalid,
    NotFound.
    """
    places = request.POST.getlist("room")[:MAX_ROOMS]
    for place in places:
        slug, _colon, digits = place.rpartition(":")
        upto = _number(digits)
        if upto is None:
            raise Invalid(field="room")
        reading.read(room=slug, user=request.user, upto=upto)
    return redirect(PAGES.get(request.POST.get("next", ""), "chat:unread"))


def _posted_number(request: HttpRequest, field: str) -> int:
    """The id in a field of a form. Raises Invalid."""
    number = _number(request.POST.get(field, ""))
    if number is None:
        raise Invalid(field=field)
    return number


def _number(text: str) -> int | None:
    """An id or a seq in a request; None if it cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else None
