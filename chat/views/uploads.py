"""Uploads of files by tus 1.0 (https://tus.io/protocols/resumable-upload): core, creation, creation-with-upload,
termination, expiration, checksum. docs/files.md describes them for clients.

These views need no CSRF token. A page of another site cannot send the header `Tus-Resumable` that each request must
have: a browser would ask this site first (Fetch standard, "CORS-preflight request"), and it allows nobody. The origin
is checked as well, like that of a socket (`project.pages.OriginMiddleware`).
"""

import base64
import binascii
import hashlib
from functools import wraps

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from chat.domain import bans, guests, upload_files, uploads
from chat.domain.errors import Invalid, SignedOut

from .accounts import client_address
from .domain_errors import json_errors

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration,checksum"
CONTENT_TYPE = "application/offset+octet-stream"
MAX_METADATA = 4096
"""Characters of `Upload-Metadata`."""
MAX_DIGITS = 18


def tus(view):
    """Decorator for a view of the protocol: its version is checked and sent, errors are JSON."""
    answer_errors = json_errors(view)

    @csrf_exempt
    @wraps(view)
    def answer(request, *args, **kwargs):
        # Browsers and proxies that do not know PATCH or DELETE (section "X-HTTP-Method-Override").
        method = request.method
        if method == "POST":
            method = request.headers.get("X-HTTP-Method-Override", method).upper()
        if method not in view.methods:
            response = HttpResponse(status=405, headers={"Allow": ", ".join(view.methods)})
        elif method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            response = HttpResponse(f"Tus-Resumable: {VERSION} is required.\n", status=412, content_type="text/plain")
            response.headers["Tus-Version"] = VERSION
        else:
            response = answer_errors(request, method, *args, **kwargs)
        response.headers["Tus-Resumable"] = VERSION
        response.headers["Cache-Control"] = "no-store"
        return response

    answer.checks_origin = True
    return answer


def accepts(*methods: str):
    """Decorator for a view: the methods that it answers."""

    def mark(view):
        view.methods = methods
        return view

    return mark


@tus
@accepts("OPTIONS", "POST")
def files(request, method: str, slug: str):
    """The uploads of a room. OPTIONS: what the server can do; POST: begin one, perhaps with its first bytes."""
    if method == "OPTIONS":
        return HttpResponse(status=204, headers=_abilities())
    person = _person(request)
    if "Upload-Length" not in request.headers:
        raise Invalid(_("The length of the file must be known."), field="Upload-Length")
    metadata = parse_metadata(request.headers.get("Upload-Metadata", ""))
    upload = uploads.create(
        room=slug,
        by=person,
        size=_number(request, "Upload-Length"),
        name=metadata.get("filename") or metadata.get("name", ""),
        type=metadata.get("filetype") or metadata.get("type", ""),
    )
    if request.content_type == CONTENT_TYPE:
        upload = uploads.append(
            room=slug, upload=upload.id, by=person, offset=0, source=request, checksum=_checksum(request)
        )
    response = HttpResponse(status=201, headers=_state(upload))
    response.headers["Location"] = reverse("chat:upload", args=[slug, upload.id])
    return response


@tus
@accepts("OPTIONS", "HEAD", "PATCH", "DELETE")
def upload(request, method: str, slug: str, upload: int):
    """One upload. HEAD: how much of it was received; PATCH: more bytes; DELETE: it is not wanted any more."""
    if method == "OPTIONS":
        return HttpResponse(status=204, headers=_abilities())
    person = _person(request)
    if method == "DELETE":
        uploads.terminate(room=slug, upload=upload, by=person)
        return HttpResponse(status=204)
    if method == "HEAD":
        found = uploads.progress(room=slug, upload=upload, by=person)
        return HttpResponse(status=200, headers={**_state(found), "Upload-Length": str(found.size)})
    if request.content_type != CONTENT_TYPE:
        return HttpResponse(f"The body must be {CONTENT_TYPE}.\n", status=415, content_type="text/plain")
    changed = uploads.append(
        room=slug,
        upload=upload,
        by=person,
        offset=_number(request, "Upload-Offset"),
        source=request,
        checksum=_checksum(request),
    )
    return HttpResponse(status=204, headers=_state(changed))


def parse_metadata(header: str) -> dict[str, str]:
    """The values of `Upload-Metadata` by their keys: each one is Base64 of UTF-8. Raises Invalid."""
    if len(header) > MAX_METADATA:
        raise Invalid(field="Upload-Metadata")
    values = {}
    for pair in filter(None, map(str.strip, header.split(","))):
        key, _space, encoded = pair.partition(" ")
        try:
            values[key] = base64.b64decode(encoded.strip(), validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise Invalid(field="Upload-Metadata") from error
    return values


def _checksum(request) -> tuple[str, bytes] | None:
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    algorithm, _space, encoded = header.partition(" ")
    try:
        digest = base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error as error:
        raise Invalid(field="Upload-Checksum") from error
    if algorithm not in upload_files.CHECKSUMS or len(digest) != hashlib.new(algorithm).digest_size:
        raise Invalid(field="Upload-Checksum")
    return algorithm, digest


def _number(request, header: str) -> int:
    digits = request.headers.get(header, "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS):
        raise Invalid(field=header)
    return int(digits)


def _person(request):
    """The user, or the guest of the session: a visitor becomes one on the page of a room. Raises SignedOut, Banned."""
    if request.user.is_authenticated:
        return request.user
    guest = guests.get_guest(request.session)
    if guest is None:
        raise SignedOut
    guest = guests.with_address(guest, client_address(request))
    bans.check(guest)
    return guest


def _abilities() -> dict[str, str]:
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(settings.MAX_FILE_BYTES),
        "Tus-Checksum-Algorithm": ",".join(upload_files.CHECKSUMS),
    }


def _state(upload: uploads.Progress) -> dict[str, str]:
    return {"Upload-Offset": str(upload.offset), "Upload-Expires": http_date(upload.expires_at.timestamp())}
