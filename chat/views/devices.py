"""Browsers that an account has signed in on: a signed cookie that outlives the session.

It opens nothing. Wrong passwords from such a browser are counted apart from everybody else's, so that strangers who
guess at an account cannot keep its owner out (OWASP: "device cookies").
"""

import secrets

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from chat.domain import names, throttle

COOKIE = "parley_device"
SALT = "chat.device"
KEPT_S = 60 * 60 * 24 * 365
ACCOUNTS_MOST = 5
NAME_MOST = 300
"""Characters of a name that are looked at: no name is longer."""


def take_sign_in(request, name: str) -> throttle.Turn:
    """Count a try to sign in as `name` on the browser of `request`. Raises SlowDown when it is one too many."""
    account = _account(name)
    device = _device(request)
    if account in device["accounts"]:
        return throttle.take_for(throttle.SIGN_IN_ON_DEVICE, f"{device['id']}:{account}")
    return throttle.take_for(throttle.SIGN_IN_BY_STRANGERS, account)


def remember(request, response, name: str) -> None:
    """Have the browser remembered as one that `name` has signed in on."""
    device, account = _device(request), _account(name)
    others = [other for other in device["accounts"] if other != account]
    told = {"id": device["id"], "accounts": [account, *others][:ACCOUNTS_MOST]}
    response.set_cookie(
        COOKIE,
        signing.dumps(told, salt=SALT),
        max_age=KEPT_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _device(request) -> dict:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_S)
    except signing.BadSignature:
        return {"id": secrets.token_hex(8), "accounts": []}


def _account(name: str) -> str:
    """What stands for an account in the cookie and in counts, whether it exists or not."""
    return salted_hmac(SALT, names.look(name[:NAME_MOST]), algorithm="sha256").hexdigest()[:20]
