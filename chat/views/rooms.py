"""The home page, the page of a room, joining and leaving a room, and the answer of `/chat` to plain HTTP."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chat.domain import (
    access,
    bans,
    direct_rooms,
    guests,
    members,
    room_directory,
    rooms,
    sessions,
    throttle,
    timeline,
)
from chat.domain.errors import NotFound
from chat.models import Room, Site
from chat.protocol import encoding

from . import last_room
from .accounts import client_address, sign_in_url
from .shell import shell_context

# What Django's `never_cache` sets, without `Expires`, which only HTTP/1.0 needs and which costs time.
NEVER_CACHED = "max-age=0, no-cache, no-store, must-revalidate, private"


def current_person(request):
    """The user, or the guest of the session, who is created if necessary. Raises SlowDown for too many new guests of
    one address, and Banned for a banned guest."""
    if request.user.is_authenticated:
        return request.user
    address = client_address(request)
    if guests.get_guest(request.session) is None:
        throttle.take_guest(address)
    guest = guests.with_address(guests.get_or_create_guest(request.session), address)
    bans.check(guest)
    return guest


@never_cache
@require_safe
def start(request):
    """Redirect to the room in which this person was last, on a phone to the list of rooms.

    Before the set-up, a page that says where to find the set-up link.
    """
    if Site.current().set_up_at is None:
        return render(request, "chat/not_set_up.html", {"site": Site.current()})
    slug = None if last_room.is_on_phone(request) else last_room.find(request)
    return redirect("chat:room", slug) if slug else redirect("chat:home")


@never_cache
@require_safe
def home(request):
    """The list of all rooms. A visitor who may see no room is redirected to the sign-in page."""
    site = Site.current()
    if site.set_up_at is None:
        return redirect("chat:start")
    if not request.user.is_authenticated and not Room.objects.visible_to(request.user).exists():
        return redirect("login")
    others = rooms.joinable(request.user) if request.user.is_authenticated else ()
    welcome = timeline.welcome(current_person(request))
    context = shell_context(request, welcome)
    listed = room_directory.browse(current_person(request))
    context |= {"rooms": welcome.rooms, "others": others, "browse_data": mark_safe(encoding.in_script(listed.encode()))}
    return render(request, "chat/home.html", context)


@require_safe
def room(request, slug: str, message: int | None = None):
    """The page of a room, with messages as data: those around its first unread one or, at the permalink of a message,
    around that."""
    listed = sessions.read_with_rooms(request.session)
    # In place of the lazy object, whose attributes cost several times as much: this page reads dozens.
    request.user = sessions.user_of(request.session)
    if not request.user.is_authenticated and not Room.objects.visible_to(request.user).filter(slug=slug).exists():
        # Only visitors who may see the room get a session, not everybody who tries URLs.
        return redirect(sign_in_url(request))
    try:
        at = "unread" if message is None else message
        page = timeline.open_page(current_person(request), slug, listed, at)
    except NotFound as error:
        raise Http404(str(error.detail)) from error
    can_post = page.opened.can_post
    context = shell_context(request, page.welcome, site=page.site, opened=page.opened.reply(), at=message)
    context |= {
        "room": page.opened.state,
        "room_name": direct_rooms.name_for(page.opened.state, page.welcome.you),
        "is_member": bool(page.opened.state.role),
        "can_post": can_post,
        "skip_to": "composer" if can_post else "timeline",
    }
    # Without the request: no part of the page needs what its context processors add.
    response = HttpResponse(render_to_string("chat/room.html", context))
    response.headers["Cache-Control"] = NEVER_CACHED
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def join(request, slug: str):
    """Join a public room. A GET, which follows a sign-in on the way, shows a page with the button."""
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
    """Leave a room. A GET shows a page with the button."""
    seen = access.get_visible(request.user, slug)
    if request.method == "POST":
        members.leave(room=slug, user=request.user)
        messages.success(request, _left(seen))
    elif seen.my_role is not None and seen.kind != Room.Kind.DIRECT:
        return render(request, "chat/leave.html", {"room": seen})
    return redirect("chat:home")


def _left(room: Room) -> str:
    if room.kind == Room.Kind.PUBLIC:
        return _("You left %(name)s. You can join it again at any time.") % {"name": room.name}
    return _("You left %(name)s. It is private: you can come back when somebody in it adds you again.") % {
        "name": room.name
    }


def socket(request):
    """Answer plain HTTP at the address of the socket: 426, and the protocol to use (RFC 9110 section 15.5.22)."""
    return HttpResponse(
        _("This address is for WebSockets: connect to it with new WebSocket(…), subprotocol “chat”.\n"),
        status=426,
        content_type="text/plain; charset=utf-8",
        headers={"Upgrade": "websocket", "Connection": "Upgrade"},
    )
