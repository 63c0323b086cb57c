"""The pictures of link previews, for those who may read the message."""

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from chat.domain.previews import files, reading

from .storage_errors import storage_errors

MAX_AGE_S = 60 * 60 * 24


@require_safe
def picture(request, message: int, token: str):
    """A picture of a preview, in WebP. Whether the message may be read is checked at every request."""
    if not reading.may_see_picture(request.user, message, token):
        raise Http404
    etag = f'"{token}"'
    response = get_conditional_response(request, etag=etag) or _content(message, token)
    response.headers["ETag"] = etag
    patch_cache_control(response, private=True, max_age=MAX_AGE_S)
    return response


def _content(message: int, token: str) -> HttpResponse:
    with storage_errors():
        file = files.open_file(message, token)
        if file is None:
            raise Http404
        with file:
            content = file.read()
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return HttpResponse(content, content_type="image/webp", headers=headers)
