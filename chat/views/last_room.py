"""Finds the room in which a person was last, from a cookie that the page sets (chat/static/chat/last_room.js).

A cookie, because a column would be written at each visit of a room.
"""

from chat.models import Room

COOKIE = "parley_room"


def find(request) -> str | None:
    """The slug of the room in which this user was last with this browser, if they may still see it. In a browser that
    knows none, their only room, if they have one. None for guests. At most two queries."""
    user = request.user
    if not user.is_authenticated:
        return None
    visible = Room.objects.visible_to(user).current()
    owner, _dot, slug = request.COOKIES.get(COOKIE, "").partition(".")
    if owner == f"u{user.pk}" and visible.filter(slug=slug).exists():
        return slug
    joined = list(visible.filter(memberships__user=user).values_list("slug", flat=True)[:2])
    return joined[0] if len(joined) == 1 else None


def is_on_phone(request) -> bool:
    """Whether the browser says that it runs on a phone: there the list of rooms is a page of its own.

    By the client hint, or by the word in the header User-Agent which all browsers of phones have, and none of tablets
    and desktops.
    """
    hint = request.headers.get("Sec-CH-UA-Mobile")
    return hint == "?1" if hint else "Mobi" in request.headers.get("User-Agent", "")
