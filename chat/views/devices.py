"""Device cookies: a signed cookie that lists the accounts that have signed in with this browser.

The cookie gives no access. It only selects the limit for wrong passwords: attempts from a known browser are counted
separately, so that strangers who guess passwords cannot lock the owner out (OWASP, "Slow Down Online Guessing Attacks
with Device Cookies").
"""

import secrets

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from chat.domain import names, throttle

COOKIE = "parley_device"
SALT = "chat.device"
MAX_AGE_S = 60 * 60 * 24 * 365
MAX_ACCOUNTS = 5
MAX_NAME_LENGTH = 300
"""The rest of a name is ignored: no account has a longer one."""


def count_sign_in(request, name: str) -> throttle.Reservation:
    """Count an attempt to sign in as `name` with the browser of `request`. Raises SlowDown above the limit."""
    account = _account(name)
    device = _device(request)
    if account in device["accounts"]:
        return throttle.take_for(throttle.SIGN_IN_ON_DEVICE, f"{device['id']}:{account}")
    return throttle.take_for(throttle.SIGN_IN_BY_STRANGERS, account)


def remember_browser(request, response, name: str) -> None:
    """Add `name` to the accounts in the cookie of this browser."""
    device, account = _device(request), _account(name)
    others = [other for other in device["accounts"] if other != account]
    value = {"id": device["id"], "accounts": [account, *others][:MAX_ACCOUNTS]}
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=SALT),
        max_age=MAX_AGE_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _device(request) -> dict:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MAX_AGE_S)
    except signing.BadSignature:
        return {"id": secrets.token_hex(8), "accounts": []}


def _account(name: str) -> str:
    """A hash that identifies an account in the cookie and in the counters, whether the account exists or not."""
    return salted_hmac(SALT, names.look(name[:MAX_NAME_LENGTH]), algorithm="sha256").hexdigest()[:20]
