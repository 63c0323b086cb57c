"""The types of settings. Each parses a text, and describes in words what it expects."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from project.serving.forwarded import TrustedProxies

from . import addresses, secret_key, urls

_SWITCHES = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_WHOLE = re.compile(r"[+-]?[0-9]{1,20}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?")
_SENDER = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class Kind:
    """`parse` turns a text into a value, or raises ValueError; `expected` completes “Expected: …”.

    The value of a `secret` kind is not shown in errors.
    """

    expected: str
    parse: Callable[[str], Any]
    secret: bool = False


def whole_number(low: int, high: int) -> Kind:
    """A whole number from `low` to `high`."""
    return Kind(f"a whole number from {low} to {high}", lambda text: _number(text, _WHOLE, int, low, high))


def number(low: float, high: float) -> Kind:
    """A number from `low` to `high`, with a decimal point or without."""
    return Kind(f"a number from {low} to {high}", lambda text: _number(text, _DECIMAL, float, low, high))


def one_of(*words: str) -> Kind:
    """One of these words, in upper or lower case; the value has the case that is given here."""
    values = {word.lower(): word for word in words}
    expected = " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
    return Kind(expected, lambda text: _looked_up(text, values))


def _number(text: str, pattern: re.Pattern, convert: Callable, low: float, high: float) -> Any:
    if not pattern.fullmatch(text) or not low <= (value := convert(text)) <= high:
        raise ValueError(text)
    return value


def _looked_up(text: str, values: dict[str, Any]) -> Any:
    try:
        return values[text.lower()]
    except KeyError:
        raise ValueError(text) from None


def _matching(pattern: str, text: str) -> str:
    if not re.fullmatch(pattern, text, re.ASCII):
        raise ValueError(text)
    return text


def _proxy(text: str) -> str:
    TrustedProxies([text])
    return text


def _sender(text: str) -> str:
    if not _SENDER.fullmatch(parseaddr(text)[1]):
        raise ValueError(text)
    return text


def _time_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (LookupError, OSError) as error:  # "Europe" is a folder, "Mars/Olympus" does not exist.
        raise ValueError(text) from error
    return text


TEXT = Kind("a text", str)
FOLDER = Kind("a folder that this user may write to", str)
SECRET = Kind("a long random text", str, secret=True)
STRONG_SECRET = Kind("at least 50 random characters", secret_key.require_strong, secret=True)
SWITCH = Kind("true or false", partial(_looked_up, values=_SWITCHES))
PORT = whole_number(1, 65535)
MEDIA_TYPE = Kind(
    "a media type, such as application/pdf or image/*",
    partial(_matching, r"[a-z]+/(\*|[a-z0-9][a-z0-9.+-]{0,100})"),
)
LANGUAGE = Kind("the two letters of a language, such as en", partial(_matching, "[a-z]{2}"))
PREFIX = Kind("letters, digits and . _ : - without spaces", partial(_matching, r"[\w.:-]{1,100}"))
LOG_LEVEL = one_of(*_LOG_LEVELS)
TIME_ZONE = Kind("a name of the time zone database, such as Europe/Berlin", _time_zone)
SENDER = Kind("an e-mail address, with a name before it or without", _sender)

LISTEN_ADDRESS = Kind("a name or an IP address of this machine, or * for all of them", addresses.listen_address)
HOST_PATTERN = Kind(
    "a name or an IP address without scheme and port; .example.com for a name and all below it", addresses.host_pattern
)
SITE_ADDRESS = Kind("a name or an IP address, with a port or without, but no scheme", addresses.site_address)
SITE_URL = Kind("http:// or https:// with a name, and no path", addresses.site_url)
ORIGIN = Kind("http:// or https:// with a name, and no path or slash after it", addresses.allowed_origin)
PROXY = Kind("an IP address, a network such as 10.0.0.0/8, or unix", _proxy)

DATABASE_URL = Kind(
    "postgres://USER:PASSWORD@HOST:PORT/NAME, or sqlite:///FILE in a folder that exists", urls.database, secret=True
)
CLAMD_URL = Kind("tcp://HOST:PORT or unix://FILE", urls.clamd)
STORAGE_URL = Kind(
    "s3://KEY:SECRET@HOST:PORT/BUCKET, with ?region=NAME, &tls=false, &style=virtual or &public=https://HOST",
    urls.bucket,
    secret=True,
)
REDIS_URL = Kind("redis://HOST:PORT/NUMBER, rediss:// for TLS, or unix://FILE", urls.redis, secret=True)
EMAIL_URL = Kind(
    "smtp://USER:PASSWORD@HOST:PORT/?tls=True, submission://… for port 587 with TLS, file:///FOLDER that this user may "
    "write to, or console://",
    urls.email,
    secret=True,
)
