"""What the page `/wire/` asks by HTTP: the accept value of a key, and checks of the site's own public address."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

from django.http import JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chat.doctor import own_site
from chat.doctor.own_site import OwnSite
from chat.doctor.results import Outcome
from chat.doctor.target import BadAddress
from chat.domain import guests, people, throttle
from chat.domain.errors import Forbidden, Invalid, SignedOut, SlowDown
from chat.protocol.handshake import Derivation, derive_accept

from .domain_errors import json_errors

_checking = ThreadPoolExecutor(1, thread_name_prefix="site-checks")


@never_cache
@require_safe
@json_errors
def accept(request):
    """The derivation of `Sec-WebSocket-Accept` from the key in `?key=`, as JSON."""
    throttle.take_for(throttle.ACCEPT_KEYS, _key_of_person(request))
    return JsonResponse(_derivation(request.GET.get("key", "")).model_dump())


@never_cache
@require_POST
@json_errors
def checks(request):
    """Check the address at which this request came, if it is this site's own. Answers with a JSON line for each result.

    The answer is a stream, so that it occupies no thread of pages: one of the checks asks for a page of this very
    worker. The checks themselves run on a thread of their own, because they wait, and parse certificates.
    """
    who = _key_of_person(request)
    try:
        target = own_site.own_target(request.get_host())
    except BadAddress:
        raise Forbidden(_("The server checks only its own public address, the one of SITE_URL.")) from None
    running = throttle.take_for(throttle.SITE_CHECKS_RUNNING, "site")
    try:
        throttle.take_for(throttle.SITE_CHECKS, who)
        throttle.take_for(throttle.SITE_CHECKS_OF_ALL, "site")
    except SlowDown:
        running.give_back()
        raise
    lines = _lines(OwnSite(target, shows_address=request.user.is_staff), running)
    # Against buffering by nginx and compression by Django: each line is shown when it comes.
    headers = {"X-Accel-Buffering": "no", "Content-Encoding": "identity"}
    return StreamingHttpResponse(lines, content_type="application/x-ndjson", headers=headers)


async def _lines(own: OwnSite, running: throttle.Reservation):
    loop = asyncio.get_running_loop()
    try:
        for name, title in own_site.CHECKS.items():
            result = await loop.run_in_executor(_checking, own.check, name)
            line = {"name": name, "title": str(title), "outcome": result.outcome}
            yield json.dumps(line | {"sentence": result.sentence, "advice": result.advice}) + "\n"
            if name == own_site.REQUIRED_CHECK and result.outcome is not Outcome.OK:
                return
    finally:
        # On a thread, because the cache may be Redis. Also when the visitor has gone.
        # Awaited: who has read the last line may ask again at once.
        await loop.run_in_executor(_checking, running.give_back)


def _key_of_person(request) -> str:
    """The key of the user or of the guest of the session. Raises SignedOut for a visitor who has opened no page yet."""
    person = request.user if request.user.is_authenticated else guests.get_guest(request.session)
    if person is None:
        raise SignedOut
    return people.sender_key(person)


def _derivation(key: str) -> Derivation:
    try:
        return derive_accept(key)
    except ValueError:
        raise Invalid(_("A key is 16 bytes in base64: 22 characters, then “==”."), field="key") from None
