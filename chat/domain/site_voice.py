"""Writes in the name of the site: announcements in rooms, and messages to one person.

The author is an account of its own, a bot that is named as the site. It is no member of the rooms in which it
announces something. It is made with the first message.
"""

import re
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import transaction

from chat.models import Message, Profile, Room, Site

from . import direct_rooms, display_names, handles, people, posting, profiles
from .errors import DomainError
from .record import record
from .types import AnyPerson, User

HANDLES = ("site", "site-news", "site-bot", "site-voice")
"""The first one that is free becomes the name of the account. More are tried with a number."""
MAX_NUMBERED = 1000


@transaction.atomic
def account() -> User:
    """The account of the site, with its profile; it is made at first use."""
    Site.current()
    # Locked: two first messages at the same moment make one account.
    site = Site.objects.select_for_update().get(pk=1)
    user: User = None
    if site.voice_id is not None:
        user = people.with_profile(get_user_model()._default_manager.filter(pk=site.voice_id)).first()
    if user is None:
        user = _make()
        Site.objects.filter(pk=1).update(voice=user.pk)
        _set_name(user, site.name)
    elif not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
    return user


@transaction.atomic
def rename_account(name: str) -> None:
    """Give the account the new name of the site. Does nothing if there is no account yet."""
    voice = Site.current().voice_id
    user = voice and get_user_model()._default_manager.filter(pk=voice).first()
    if user:
        _set_name(user, name)


def announce(*, room: Room, body: str, client_id: UUID, by: AnyPerson = None) -> Message:
    """Post `body` in a room as the site, whoever may post there. Repeated with the same `client_id`, it returns the
    first message.

    Raises Archived, Invalid, TooLong, TooComplex, and Forbidden for a direct room.
    """
    with transaction.atomic():
        made = posting.post_from_outside(room=room, author=account(), body=body, client_id=client_id)
        if by is not None:
            record(by, "room.announce", room)
        return made


def write_to(user: User, *, body: str, client_id: UUID) -> Message:
    """Write to one person as the site, in the direct room of both. Repeated with the same `client_id`, it returns the
    first message.

    Raises Invalid for an account that is closed, TooLong, TooComplex.
    """
    author = account()
    room = direct_rooms.find_or_make(people=[user.pk], by=author, is_limited=False)
    return posting.post(room=room.slug, author=author, body=body, client_id=client_id)


def _make() -> User:
    model = get_user_model()
    numbered = (f"site-{number}" for number in range(2, MAX_NUMBERED))
    handle = next(name for name in (*HANDLES, *numbered) if not handles.is_taken(name))
    user: User = model(**{model.USERNAME_FIELD: handle})
    # Nobody signs in with it.
    user.password = make_password(None)
    if any(field.attname == "is_bot" for field in model._meta.concrete_fields):
        user.is_bot = True
    user.save()
    return user


def _set_name(user: User, name: str) -> None:
    """Give the account the name of the site, without the characters that names of people cannot have. If that name is
    not allowed either, the handle is shown."""
    allowed = "".join(char for char in name if char.isalnum() or char in display_names.PUNCTUATION)
    allowed = re.sub(r"^\W+", "", allowed)[: display_names.MAX_CHARACTERS]
    for wanted in (allowed, ""):
        try:
            profiles.change(user=user, display_name=wanted)
        except DomainError:
            # It looks like the name of a person, for example.
            continue
        user.chat_profile = Profile.objects.get(user=user)
        return
