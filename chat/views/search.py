"""The page of the search, and the answers that its modules ask for while a person types."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chat.domain import guests, text, throttle, timeline
from chat.domain.errors import Invalid
from chat.domain.search import results as found
from chat.models import Room

from .accounts import client_address, sign_in_url
from .domain_errors import json_errors
from .rooms import current_person
from .shell import shell_context

ORDERS = ("newest", "best")
MAX_QUERY = 8_000
"""Characters of a query that is read. The query language reads fewer."""
MAX_DIGITS = 17
"""Of the id of a message."""
MAX_VALUE = 200
"""Characters of the other parameters."""


@never_cache
@require_safe
def page(request):
    """The page of the search. Its modules read the query from the address, and ask for the results."""
    if not request.user.is_authenticated and not Room.objects.visible_to(request.user).exists():
        # Only visitors who may see a room get a session.
        return redirect(sign_in_url(request, with_query=True))
    welcome = timeline.welcome(current_person(request))
    return render(request, "chat/search.html", shell_context(request, welcome))


@never_cache
@require_safe
@json_errors
def results(request):
    """A page of what this person finds with the query `q`, as JSON: `chat.protocol.search.SearchResults`.

    `order` is newest or best, `after` is `next` of the page before, `zone` the time zone of the device. `message`
    is the id of a message: then it is the only one that may be found. Raises Invalid, SlowDown.
    """
    person = _person(request)
    values = {name: text.clean(request.GET.get(name, "")[:MAX_VALUE]) for name in ("order", "after", "zone", "message")}
    order = values["order"] or "newest"
    if order not in ORDERS:
        raise Invalid(field="order")
    query = text.clean(request.GET.get("q", "")[:MAX_QUERY])
    message = values["message"]
    if message and not (message.isascii() and message.isdigit() and len(message) <= MAX_DIGITS):
        raise Invalid(field="message")
    asked = {"order": order, "after": values["after"] or None, "zone": values["zone"]}
    answer = found.search(query, person, **asked, message=int(message) if message else None)
    return HttpResponse(answer.encode(), content_type="application/json")


def _person(request):
    """The user or the guest, counted first. A search makes no guest: a visitor without one is a guest without a key."""
    if request.user.is_authenticated:
        throttle.take_for(throttle.SEARCH, str(request.user.pk))
        return request.user
    address = client_address(request)
    throttle.take(throttle.SEARCH_OF_GUEST, address)
    guest = guests.get_guest(request.session) or guests.Guest(key="", name="")
    return guests.with_address(guest, address)
