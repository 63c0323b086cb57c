"""URLs of databases, Redis and mail servers, as settings. Raises ValueError for one that cannot work."""

import warnings
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import dj_database_url
import dj_email_url

MAIL_TIMEOUT_S = 10
MAX_MAIL_TIMEOUT_S = 60
_DATABASES = {"sqlite", "postgres", "postgresql"}
_REDIS = {"redis", "rediss", "unix"}
_SMTP = {"smtp", "smtps", "submission", "submit"}
_SWITCHES = {"true", "false", "1", "0", "yes", "no", "on", "off"}


def database(text: str) -> dict:
    """An entry of DATABASES. A database in memory is refused: each thread would have its own."""
    scheme = urlsplit(text).scheme
    if scheme not in _DATABASES:
        raise ValueError(scheme)
    entry = dj_database_url.parse(text)
    if not entry["NAME"] or entry["NAME"] == ":memory:":
        raise ValueError("no name")
    if scheme == "sqlite" and not Path(entry["NAME"]).resolve().parent.is_dir():
        raise ValueError("no such folder")
    return entry


def redis(text: str) -> str:
    """The URL, as it is."""
    from redis.connection import parse_url  # Here: a site without Redis does without its library.

    parts = urlsplit(text)
    if parts.scheme not in _REDIS:
        raise ValueError(parts.scheme)
    if parts.scheme == "unix":
        if not parts.path:
            raise ValueError("no path")
    elif not parts.hostname or not (parts.path in ("", "/") or parts.path[1:].isdecimal()):
        # redis-py would take database 0 for a path that is no number.
        raise ValueError("no host, or no number")
    parse_url(text)
    return text


def email(text: str) -> dict:
    """Django's EMAIL_… settings. A mail server has 10 s for each answer, or as many as `timeout` in the URL says."""
    parts = urlsplit(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # smtps is said to be old; it works.
        found = dj_email_url.parse(text)
    if "EMAIL_BACKEND" not in found:
        # dj-email-url leaves Django's default, a mail server on this machine.
        raise ValueError(parts.scheme)
    if parts.scheme in _SMTP and not parts.hostname:
        raise ValueError("no host")
    if parts.scheme == "file":
        if len(parts.path) < 2:
            raise ValueError("no folder")
        found["EMAIL_FILE_PATH"] = parts.path
    timeout = found["EMAIL_TIMEOUT"] = found["EMAIL_TIMEOUT"] or MAIL_TIMEOUT_S
    if not 1 <= timeout <= MAX_MAIL_TIMEOUT_S:
        raise ValueError("timeout out of bounds")
    given = parse_qs(parts.query)
    if any(word.lower() not in _SWITCHES for name in ("tls", "ssl") for word in given.get(name, [])):
        raise ValueError("tls and ssl are switches")
    return found
