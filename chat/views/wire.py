"""The page `/wire/`: the handshake and the frames of the connection that this very page has."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chat.domain import timeline
from chat.models import Room

from .accounts import sign_in_url
from .rooms import current_person
from .shell import shell_context

IDLE_MARGIN_S = 5
"""How much longer than two pings of the site the connection doctor keeps a socket quiet."""


@never_cache
@require_safe
def wire(request):
    """The page of the connection, for everyone who may see a room. It shows only the connection of the page itself.

    The page's modules (`static/chat/wire`) observe the connection in the browser, and ask the server on that connection
    for what only the server knows.
    """
    if not request.user.is_authenticated and not Room.objects.visible_to(request.user).exists():
        # Only visitors who may see a room get a session.
        return redirect(sign_in_url(request))
    welcome = timeline.welcome(current_person(request))
    context = shell_context(request, welcome)
    context |= {"rooms": welcome.rooms, "idle_s": 2 * settings.PING_INTERVAL_S + IDLE_MARGIN_S}
    return render(request, "chat/wire/page.html", context)
