"""Checks the head of an HTTP/1 request against RFC 9112. No I/O.

Proxies and servers that disagree on where a request ends allow request smuggling, so anything ambiguous gets 400.
"""

import re

from .http_error import HttpError

Headers = list[tuple[bytes, bytes]]
"""Names as received, and values without white space around them. A name may occur more than once."""

# RFC 9110 §7.2: uri-host [":" port]. The name may be empty: the target has no authority then.
_HOST = re.compile(rb"(?:[-A-Za-z0-9._~!$&'()*+,;=%]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")
# RFC 9112 §3.2: the target is a URI, which is printable ASCII (RFC 3986 §2).
_TARGET = re.compile(rb"[!-~]+")


def validate(target: bytes, version: bytes, headers: Headers) -> None:
    """Raise HttpError for a head that must not be served."""
    if not _TARGET.fullmatch(target):
        raise HttpError(400, "The address of the request must be printable ASCII.")
    _validate_host(version, [value for name, value in headers if name.lower() == b"host"])
    codings = [value for name, value in headers if name.lower() == b"transfer-encoding"]
    if codings:
        _validate_codings(version, codings)


def _validate_host(version: bytes, hosts: list[bytes]) -> None:
    """§3.2: one valid Host, which only HTTP/1.0 may leave out."""
    if len(hosts) > 1 or (not hosts and version != b"HTTP/1.0"):
        raise HttpError(400, "The request must have one Host header.")
    if hosts and not _HOST.fullmatch(hosts[0]):
        raise HttpError(400, "The Host header must be a name or an address, with an optional port.")


def _validate_codings(version: bytes, codings: list[bytes]) -> None:
    """§6.1, §6.3: the end of a body is only certain if its last coding is `chunked`. HTTP/1.0 has no codings.

    RFC 2616 had the coding `identity`. A proxy that still accepts it may see another end of the body than we do.
    """
    if version == b"HTTP/1.0" or [coding.lower() for coding in codings] != [b"chunked"]:
        raise HttpError(400, "The only accepted Transfer-Encoding is chunked, with HTTP/1.1.")
