"""People without an account: a key that lasts as long as their session, and a name that the server gives."""

import re
import secrets
from dataclasses import dataclass

from django.contrib.auth import get_user_model

SESSION_KEY = "parley_guest"
_FIRST = (
    "Amber Brisk Calm Clever Dusty Early Gentle Golden Hazel Jolly "
    "Keen Lively Lucky Merry Mossy Nimble Quiet Silver Sunny Swift"
).split()
_SECOND = (
    "Badger Beaver Crane Dolphin Falcon Finch Fox Hare Heron Ibis "
    "Lark Lynx Marten Otter Owl Puffin Robin Seal Stork Wren"
).split()
_GUESTLIKE = re.compile(rf"guests?\d*|({'|'.join(_FIRST)})({'|'.join(_SECOND)})\d\d".casefold())


@dataclass(frozen=True, slots=True)
class Guest:
    """A visitor. Asks like a user does: `visible_to(guest)` gives what the rooms' admins opened to guests."""

    key: str
    name: str
    is_authenticated = False
    pk = None


def new_guest() -> Guest:
    """A guest with a fresh key and a name that no member has."""
    users = get_user_model()
    while True:
        name = f"{secrets.choice(_FIRST)} {secrets.choice(_SECOND)} {secrets.randbelow(90) + 10}"
        if not users._default_manager.filter(**{f"{users.USERNAME_FIELD}__iexact": name}).exists():
            return Guest(key=secrets.token_hex(16), name=name)


def guest_of(session) -> Guest:
    """The guest of a Django session, made and kept there on first use."""
    kept = kept_guest(session)
    if kept is None:
        kept = new_guest()
        session[SESSION_KEY] = {"key": kept.key, "name": kept.name}
    return kept


def kept_guest(session) -> Guest | None:
    """The guest that a session holds, if it holds one."""
    kept = session.get(SESSION_KEY)
    return Guest(key=kept["key"], name=kept["name"]) if kept else None


def looks_like_guest(name: str) -> bool:
    """Whether people could take `name` for a guest's, its case and punctuation left aside: no member may have it."""
    return _GUESTLIKE.fullmatch(re.sub(r"[\W_]", "", name).casefold()) is not None
