"""A room's page as HTML."""

from django.conf import settings
from django.middleware.csrf import get_token

from chat.domain import policy
from chat.domain.timeline import Page

from .accounts import sign_in_address
from .page_data import PageData
from .skeleton import skeleton, slot


def render(request, page: Page) -> bytes:
    """The page that `request` asks for, in UTF-8, with what the person behind it sees."""
    welcome, opened = page.welcome, page.opened
    you, room = welcome.you, opened.state
    can_post = policy.may_write(opened.room, request.user)
    texts = {
        "site_name": page.site_name,
        "slug": room.slug,
        "name": room.name,
        "topic": room.topic,
        "my_name": (you.user or you.guest).name,
        "data": PageData.of(welcome, opened.reply(), can_post).in_script(),
    }
    texts["my_id"] = str((you.user or you.guest).id)
    if you.user:
        texts |= {"csrf_token": _csrf_token(request)}
    else:
        texts["login"] = sign_in_address(request)
    return _render(
        texts,
        is_user=you.user is not None,
        is_staff=request.user.is_staff,
        is_listed=bool(welcome.rooms),
        is_member=bool(room.role),
        kind=room.kind,
        can_post=can_post,
    )


def _csrf_token(request) -> str:
    """A token for the page's forms. A browser that has the cookie is not sent it once more: Django would, to renew its
    year, but the session that the forms are good for lasts a month."""
    token = get_token(request)
    if request.COOKIES.get(settings.CSRF_COOKIE_NAME) == request.META["CSRF_COOKIE"]:
        request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
    return token


@skeleton("chat/room.html")
def _render(*, is_user: bool, is_staff: bool, is_listed: bool, is_member: bool, kind: str, can_post: bool) -> dict:
    me = {"name": slot("my_name"), "id": slot("my_id")}
    return {
        "site": {"name": slot("site_name")},
        "you": {"user": me} if is_user else {"guest": me},
        "user": {"is_staff": is_staff},
        "rooms": is_listed,
        "room": {
            "slug": slot("slug"),
            "name": slot("name"),
            "topic": slot("topic"),
            "kind": kind,
            "role": is_member,
        },
        "can_post": can_post,
        "login": slot("login"),
        "csrf_token": slot("csrf_token"),
        "page_data": slot("data"),
    }
