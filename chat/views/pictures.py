"""The pictures of people, for those who may see them."""

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from chat.domain import people, pictures

MAX_AGE_S = 60 * 60 * 24 * 365


@require_safe
def picture(request, user_id: int, token: str):
    """A picture of a user, in WebP. Another picture has another address, so browsers may keep it; proxies may not."""
    name = f"{pictures.FOLDER}/{token}.webp"
    if not people.visible_to(request.user).filter(pk=user_id, chat_profile__avatar=name).exists():
        raise Http404
    unchanged = get_conditional_response(request, etag=f'"{token}"')
    response = unchanged or _content(name)
    response.headers["ETag"] = f'"{token}"'
    patch_cache_control(response, private=True, max_age=MAX_AGE_S, immutable=True)
    return response


def _content(name: str) -> HttpResponse:
    file = pictures.open_file(name)
    if file is None:
        raise Http404
    with file:
        return HttpResponse(file.read(), content_type="image/webp", headers={"X-Content-Type-Options": "nosniff"})
