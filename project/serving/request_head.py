"""The head of an HTTP/1 request as RFC 9112 wants it. No I/O."""

import re

from .refusal import Refusal

Headers = list[tuple[bytes, bytes]]
"""Names as they came, and values without white space around them; a name may come more than once."""

# RFC 9110 §7.2: uri-host [":" port]. A name may be empty: then the target has no authority.
_HOST = re.compile(rb"(?:[-A-Za-z0-9._~!$&'()*+,;=%]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")
# RFC 9112 §3.2: what follows the method is a URI, which is printable ASCII (RFC 3986 §2).
_TARGET = re.compile(rb"[!-~]+")


def check(target: bytes, version: bytes, headers: Headers) -> None:
    """Raises Refusal for a head that must not be served."""
    if not _TARGET.fullmatch(target):
        raise Refusal(400, "The address of the request must be printable ASCII.")
    _check_host(version, [value for name, value in headers if name.lower() == b"host"])
    codings = [value for name, value in headers if name.lower() == b"transfer-encoding"]
    if codings:
        _check_codings(version, codings)


def _check_host(version: bytes, hosts: list[bytes]) -> None:
    """§3.2: one valid Host, which only HTTP/1.0 may leave out."""
    if len(hosts) > 1 or (not hosts and version != b"HTTP/1.0"):
        raise Refusal(400, "The request must have one Host header.")
    if hosts and not _HOST.fullmatch(hosts[0]):
        raise Refusal(400, "The Host header must be a name or an address, and a port if need be.")


def _check_codings(version: bytes, codings: list[bytes]) -> None:
    """§6.1, §6.3: a body whose last coding is not `chunked` has no certain end; HTTP/1.0 has no codings.

    `identity` was one in RFC 2616. A proxy that still takes it may see another end of the body than we do.
    """
    if version == b"HTTP/1.0" or [coding.lower() for coding in codings] != [b"chunked"]:
        raise Refusal(400, "The one Transfer-Encoding that is taken is chunked, with HTTP/1.1.")
