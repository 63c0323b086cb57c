"""Parses the URLs of databases, Redis, mail servers and buckets. Raises ValueError for one that cannot work."""

import os
import re
import warnings
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

import dj_database_url
import dj_email_url

from . import addresses

DEFAULT_REGION = "us-east-1"
"""Of a bucket: servers other than Amazon's accept it."""
MAIL_TIMEOUT_S = 10
MAX_MAIL_TIMEOUT_S = 60
_DATABASES = {"sqlite", "postgres", "postgresql"}
_REDIS = {"redis", "rediss", "unix"}
_SMTP = {"smtp", "smtps", "submission", "submit"}
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_STYLES = {"path", "virtual"}
_SWITCHES = {"true", "false", "1", "0", "yes", "no", "on", "off"}


def database(text: str) -> dict:
    """An entry of DATABASES. A database in memory is refused, because each thread would have its own."""
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
    """The URL itself."""
    from redis.connection import parse_url  # Here, so that a site without Redis does not load its library.

    parts = urlsplit(text)
    if parts.scheme not in _REDIS:
        raise ValueError(parts.scheme)
    if parts.scheme == "unix":
        if not parts.path:
            raise ValueError("no path")
    elif not parts.hostname or not (parts.path in ("", "/") or parts.path[1:].isdecimal()):
        # redis-py would use database 0 for a path that is not a number.
        raise ValueError("no host, or no number")
    parse_url(text)
    return text


def clamd(text: str) -> str:
    """The URL itself."""
    parts = urlsplit(text)
    if not ((parts.scheme == "tcp" and parts.hostname) or (parts.scheme == "unix" and parts.path)):
        raise ValueError(text)
    if parts.port == 0:
        raise ValueError("no port")
    return text


def bucket(text: str) -> dict:
    """The options of `project.bucket_storage.BucketStorage`."""
    parts = urlsplit(text)
    name, _slash, folder = parts.path.strip("/").partition("/")
    options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    tls, style = options.pop("tls", "true").lower(), options.pop("style", "path")
    region, public = options.pop("region", None), options.pop("public", None)
    if options or parts.scheme != "s3" or not parts.hostname or not _BUCKET.fullmatch(name):
        raise ValueError("no host, no bucket, or an unknown option")
    if tls not in ("true", "false") or style not in _STYLES or bool(parts.username) != bool(parts.password):
        raise ValueError("tls, style or key")
    host = parts.netloc.rpartition("@")[2]
    if parts.port == 0:
        raise ValueError("no port")
    return {
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
        "endpoint_url": f"{'https' if tls == 'true' else 'http'}://{host}",
        "bucket_name": name,
        "location": folder,
        "region_name": region or DEFAULT_REGION,
        "addressing_style": style,
        "public_url": addresses.site_url(public) if public else None,
    }


def bucket_origin(options: dict) -> str:
    """The origin at which browsers get the files of a bucket with these options."""
    scheme, _colon, host = (options["public_url"] or options["endpoint_url"]).partition("://")
    before = f"{options['bucket_name']}." if options["addressing_style"] == "virtual" else ""
    return f"{scheme}://{before}{host}"


def email(text: str) -> dict:
    """Django's EMAIL_… settings. A mail server has 10 s for each answer, or the `timeout` of the URL."""
    parts = urlsplit(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # dj-email-url calls smtps deprecated; it works.
        found = dj_email_url.parse(text)
    if "EMAIL_BACKEND" not in found:
        # For an unknown scheme, dj-email-url leaves Django's default: a mail server on this machine.
        raise ValueError(parts.scheme)
    if parts.scheme in _SMTP and not parts.hostname:
        raise ValueError("no host")
    if parts.scheme == "file":
        if len(parts.path) < 2:
            raise ValueError("no folder")
        _require_writable(Path(parts.path))
        found["EMAIL_FILE_PATH"] = parts.path
    timeout = found["EMAIL_TIMEOUT"] = found["EMAIL_TIMEOUT"] or MAIL_TIMEOUT_S
    if not 1 <= timeout <= MAX_MAIL_TIMEOUT_S:
        raise ValueError("timeout out of bounds")
    given = parse_qs(parts.query)
    if any(word.lower() not in _SWITCHES for name in ("tls", "ssl") for word in given.get(name, [])):
        raise ValueError("tls and ssl are switches")
    return found


def _require_writable(folder: Path) -> None:
    """Make the folder if it is missing. Raises ValueError unless files can be made in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError("no such folder") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ValueError("not writable")
