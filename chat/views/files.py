"""Files of messages, for those who may see the room: permission is checked by the query of every request."""

from django.core.files.storage import FileSystemStorage, storages
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.views.decorators.http import require_safe

from chat.domain import attachments, guests
from chat.domain.files import media_types, names
from chat.models import Attachment

from . import byte_ranges
from .accounts import client_address
from .file_stream import AsyncFileStream, FileStream
from .storage_errors import storage_errors

REDIRECT_EXPIRES_S = 60
"""For how long an address of a bucket is valid. A transfer that has begun goes on."""
PLAYER_EXPIRES_S = 3600
"""The same for sound and video: a player asks the bucket again at each jump."""
KINDS = {"thumb-360.webp": "image/webp", "thumb-1080.webp": "image/webp", "excerpt.json": "application/json"}
"""What may be made of a file, by the last part of its address, and its type."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # If it is shown as a page: without scripts, and with an origin of its own.
    "Content-Security-Policy": "sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    # A browser may keep it, but asks each time whether its person may still see it. Proxies may not keep or change it.
    "Cache-Control": "private, no-cache, no-transform",
    "Accept-Ranges": "bytes",
}


@require_safe
def file(request, attachment: int, name: str):
    """A file as it was sent, without its metadata. `name` is for people only; it may be another one."""
    found = _get(request, attachment)
    is_inline = found.type in media_types.INLINE
    headers = {
        "Content-Type": media_types.served_type(found.type),
        "Content-Disposition": names.content_disposition(
            found.name, inline=is_inline and "download" not in request.GET
        ),
    }
    if not isinstance(storages["files"], FileSystemStorage) and not _is_script(request):
        return _redirect(request, found, headers)
    return _respond(request, found, found.storage_name, headers)


@require_safe
def made(request, attachment: int, kind: str):
    """What was made of a file: one of KINDS."""
    found = _get(request, attachment)
    made_kind = kind.partition(".")[0]
    if made_kind not in found.thumbs:
        raise Http404
    return _respond(
        request, found, attachments.picture_name(found.storage_name, made_kind), {"Content-Type": KINDS[kind]}
    )


def _get(request, attachment: int) -> Attachment:
    """The file, if this person may see it. One query."""
    found = _visible(_person(request), attachment).first()
    if found is None:
        raise Http404
    return found


def _visible(person, attachment: int):
    return Attachment.objects.visible_to(person).filter(pk=attachment, state=Attachment.State.READY)


def _person(request):
    """The user or the guest. Fetching a file makes no guest: a visitor without one is a guest without a key."""
    if request.user.is_authenticated:
        return request.user
    guest = guests.get_guest(request.session) or guests.Guest(key="", name="")
    return guests.with_address(guest, client_address(request))


def _respond(request, found: Attachment, stored_name: str, headers: dict[str, str]) -> HttpResponse:
    etag = f'"{stored_name.rpartition("/")[2]}"'
    headers = {**HEADERS, **headers, "ETag": etag}
    if byte_ranges.is_known(request.headers.get("If-None-Match"), etag):
        return HttpResponse(status=304, headers={name: headers[name] for name in ("ETag", "Cache-Control")})
    opened = _open(stored_name)
    size = opened.size
    try:
        part = _range(request, etag, size)
    except byte_ranges.NotSatisfiable:
        opened.close()
        return HttpResponse(status=416, headers={**HEADERS, "Content-Range": f"bytes */{size}"})
    start, end = part or (0, size)
    status = 206 if part else 200
    headers["Content-Length"] = str(end - start)
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    if request.method == "HEAD":
        opened.close()
        return HttpResponse(status=status, headers=headers)
    with storage_errors():
        # A file of a bucket is fetched now.
        opened.seek(start)
    stream = FileStream(opened, end - start, _visible(_person(request), found.pk).exists)
    content = AsyncFileStream(stream) if isinstance(request, ASGIRequest) else stream
    return StreamingHttpResponse(content, status=status, headers=headers)


def _open(stored_name: str):
    with storage_errors():
        return storages["files"].open(stored_name, "rb")


def _range(request, etag: str, size: int) -> byte_ranges.ByteRange | None:
    # RFC 9110 section 14.2: for GET alone.
    if request.method != "GET" or not byte_ranges.applies(request.headers.get("If-Range"), etag):
        return None
    return byte_ranges.parse(request.headers.get("Range"), size)


def _is_script(request) -> bool:
    """Whether a module of a page asks (Fetch metadata: `fetch`). It may not follow a redirect to another origin."""
    return request.headers.get("Sec-Fetch-Dest") == "empty"


def _redirect(request, found: Attachment, headers: dict[str, str]) -> HttpResponse:
    """To the bucket, which sends the file with these headers. The address is signed, and valid for a short time."""
    parameters = {"Response" + name.replace("-", ""): value for name, value in headers.items()}
    is_played = found.type in media_types.AUDIO | media_types.VIDEO
    url = storages["files"].url(
        found.storage_name,
        parameters=parameters,
        expire=PLAYER_EXPIRES_S if is_played else REDIRECT_EXPIRES_S,
        http_method=request.method,
    )
    return HttpResponseRedirect(url, headers={"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"})
