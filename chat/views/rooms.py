"""The list of rooms, a room's page, joining and leaving, and what `/chat` says to a browser's address line."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from chat.domain import access, guests, policy, rooms, throttle, timeline
from chat.domain.errors import NotFound
from chat.events import shapes
from chat.models import Room, Site

from .accounts import address_of


def person_of(request):
    """The user, or the guest that this session is from now on. Raises SlowDown for one new guest too many."""
    if request.user.is_authenticated:
        return request.user
    if guests.kept_guest(request.session) is None:
        throttle.take_guest(address_of(request))
    return guests.guest_of(request.session)


@never_cache
@require_GET
def home(request):
    """The rooms I may see; before the set-up, where to find its link; a sign-in page when there is nothing to see."""
    site = Site.current()
    if site.set_up_at is None:
        return render(request, "chat/not_set_up.html", {"site": site})
    if not request.user.is_authenticated and not Room.objects.visible_to(request.user).exists():
        return redirect("login")
    others = rooms.joinable(request.user) if request.user.is_authenticated else ()
    return render(request, "chat/home.html", _context(person_of(request), site) | {"others": others})


@never_cache
@require_GET
def room(request, slug: str):
    """A room's page, with its latest messages as data."""
    if not request.user.is_authenticated and not Room.objects.visible_to(request.user).filter(slug=slug).exists():
        # A session is made for those only who have something to see: not for every address that is tried.
        return redirect(f"{reverse('login')}?next={request.path}")
    person = person_of(request)
    try:
        opened = timeline.open_room(person, slug)
    except NotFound as error:
        raise Http404(str(error.detail)) from error
    return render(request, "chat/room.html", _context(person, Site.current(), opened))


@require_POST
@login_required
def join(request, slug: str):
    """Join a public room."""
    rooms.join_public(room=slug, user=request.user)
    return redirect("chat:room", slug)


@require_POST
@login_required
def leave(request, slug: str):
    """Leave a room."""
    rooms.leave(room=access.get_visible(request.user, slug), user=request.user)
    return redirect("chat:home")


def socket(request):
    """What `/chat` is for, to plain HTTP: 426, with the protocol to upgrade to (RFC 9110 §15.5.22)."""
    return HttpResponse(
        _("This address is for WebSockets: connect to it with new WebSocket(…), subprotocol “chat”.\n"),
        status=426,
        content_type="text/plain; charset=utf-8",
        headers={"Upgrade": "websocket", "Connection": "Upgrade"},
    )


class PageData(shapes.Shape):
    """What the modules of a page start with: the shapes that a socket would bring."""

    welcome: shapes.Welcome
    open: shapes.OpenReply | None
    can_post: bool
    urls: dict[str, str]

    def encode(self) -> str:
        """JSON text; the room as its own shape encodes it."""
        room = self.open.encode() if self.open else "null"
        return f'{self.model_dump_json(exclude={"open"})[:-1]},"open":{room}}}'


def _context(person, site: Site, opened: timeline.Opened | None = None) -> dict:
    """What the templates and, as `page`, the modules of a page start with."""
    welcome = timeline.welcome(person)
    page = PageData(
        welcome=welcome,
        open=opened.reply() if opened else None,
        can_post=bool(opened) and policy.may_post(opened.room, person),
        urls={
            "socket": reverse("chat:socket"),
            "room": reverse("chat:room", args=["__slug__"]),
            "login": reverse("login"),
        },
    )
    state = opened.state if opened else None
    return {"site": site, "you": welcome.you, "rooms": welcome.rooms, "room": state, "page": page}
