"""The list of rooms, a room's page, joining and leaving, and what `/chat` says to a browser's address line."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chat.domain import access, bars, guests, rooms, sessions, throttle, timeline
from chat.domain.errors import NotFound
from chat.models import Room, Site

from . import room_page
from .accounts import address_of, sign_in_address
from .page_data import PageData

# What `never_cache` says, but for the date in the past that HTTP/1.0 wanted.
NEVER_CACHED = {"Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private"}


def person_of(request):
    """The user, or the guest that this session is from now on. Raises SlowDown for one new guest too many, Barred for
    one who may not come in."""
    if request.user.is_authenticated:
        return request.user
    address = address_of(request)
    if guests.kept_guest(request.session) is None:
        throttle.take_guest(address)
    guest = guests.at(guests.guest_of(request.session), address)
    bars.check(guest)
    return guest


@never_cache
@require_safe
def home(request):
    """The rooms I may see; before the set-up, where to find its link; a sign-in page when there is nothing to see."""
    site = Site.current()
    if site.set_up_at is None:
        return render(request, "chat/not_set_up.html", {"site": site})
    ahead = sessions.look_ahead(request.session)
    if not request.user.is_authenticated and not Room.objects.visible_to(request.user).exists():
        return redirect("login")
    others = rooms.joinable(request.user) if request.user.is_authenticated else ()
    welcome = timeline.welcome(person_of(request), ahead)
    context = {"site": site, "you": welcome.you, "rooms": welcome.rooms, "others": others}
    context |= {"page_data": mark_safe(PageData.of(welcome).in_script().decode()), "login": sign_in_address(request)}
    return render(request, "chat/home.html", context)


@require_safe
def room(request, slug: str):
    """A room's page, with its latest messages as data."""
    ahead = sessions.look_ahead(request.session)
    if not request.user.is_authenticated and not Room.objects.visible_to(request.user).filter(slug=slug).exists():
        # A session is made for those only who have something to see: not for every address that is tried.
        return redirect(sign_in_address(request))
    try:
        html = room_page.render(request, timeline.open_page(person_of(request), slug, ahead))
        return HttpResponse(html, headers=NEVER_CACHED)
    except NotFound as error:
        raise Http404(str(error.detail)) from error


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def join(request, slug: str):
    """Join a public room. By GET, which comes after a sign-in in between, the button that does."""
    if request.method == "POST":
        rooms.join_public(room=slug, user=request.user)
    else:
        seen = access.get_visible(request.user, slug)
        if seen.my_role is None:
            return render(request, "chat/join.html", {"room": seen})
    return redirect("chat:room", slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leave(request, slug: str):
    """Leave a room. By GET the button that does."""
    seen = access.get_visible(request.user, slug)
    if request.method == "POST":
        rooms.leave(room=seen, user=request.user)
    elif seen.my_role is not None:
        return render(request, "chat/leave.html", {"room": seen})
    return redirect("chat:home")


def socket(request):
    """What `/chat` is for, to plain HTTP: 426, with the protocol to upgrade to (RFC 9110 §15.5.22)."""
    return HttpResponse(
        _("This address is for WebSockets: connect to it with new WebSocket(…), subprotocol “chat”.\n"),
        status=426,
        content_type="text/plain; charset=utf-8",
        headers={"Upgrade": "websocket", "Connection": "Upgrade"},
    )
