"""Verbs of profiles: change what others see of a user, and how the user sees the pages.

A change of what others see takes the site's next `people_version` and publishes the event `person`. A change of how the
pages look publishes `look` to the user alone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.models import Membership, Profile, Room, Site
from chat.protocol import events, replies

from . import display_names, people, pictures, text
from .emoji import canonical
from .errors import Forbidden, Invalid, NotFound, TooLong
from .record import is_other, record
from .types import AnyPerson, User

SEEN_BY_OTHERS = {"display_name", "avatar", "status_emoji", "status_text", "status_until", "title", "time_zone"}
"""Columns that are part of `things.Person`, and those that a card shows beside it."""
LOOK = ("theme", "density", "clock", "enter")
"""Columns that the user's own open pages show at once."""
MAX_STATUS_TIME = timedelta(days=366)


def change(*, user: User, **fields: Any) -> Profile:
    """Change a profile: `display_name`, `title`, `time_zone`, `language`, `theme`, `clock`, `density`, `enter`, and the
    bool `shows_reading`.

    Only what is given changes. Raises Invalid or TooLong with `field`.
    """
    checks: dict[str, Callable[[Any], Any]] = {
        "display_name": lambda value: display_names.clean(value, owner=user),
        "title": lambda value: _line("title", value),
        "time_zone": lambda value: _choice("time_zone", value, {"", *time_zones()}),
        "language": lambda value: _choice("language", value, {"", *dict(settings.LANGUAGES)}),
        "theme": lambda value: _choice("theme", value, Profile.Theme.values),
        "clock": lambda value: _choice("clock", value, Profile.Clock.values),
        "shows_reading": bool,
        "density": lambda value: _choice("density", value, Profile.Density.values),
        "enter": lambda value: _choice("enter", value, Profile.Enter.values),
    }
    return _store(user, {name: checks[name](value) for name, value in fields.items()})


def set_status(*, user: User, emoji: str = "", line: str = "", until: datetime | None = None) -> Profile:
    """Show a status: an emoji, a text of one line, or both; neither ends it. `until`: when it ends by itself.

    Raises Invalid or TooLong with `field`.
    """
    emoji = canonical(text.check_emoji(emoji)) if emoji else ""
    line = _line("status_text", line)
    if not emoji and not line:
        until = None
    if until is not None and not timezone.now() < until <= timezone.now() + MAX_STATUS_TIME:
        raise Invalid(_("Choose a time in the future, at most a year from now."), field="status_until")
    return _store(user, {"status_emoji": emoji, "status_text": line, "status_until": until})


def set_own_status(*, user: AnyPerson, emoji: str = "", text: str = "") -> None:
    """Show a status that does not end by itself: the command of a person. Raises Forbidden for guests, Invalid or
    TooLong with `field`."""
    if not user.is_authenticated:
        raise Forbidden(_("Guests have no status."))
    set_status(user=user, emoji=emoji, line=text)


def set_picture(*, user: User, image: bytes) -> Profile:
    """Store a picture of a person: the middle square of an image. Raises Invalid or TooLong for a file that is not an
    image of an allowed type and size. The former picture is deleted."""
    return _store(user, {"avatar": pictures.store(pictures.encode(image))})


def forget(*, user: User, name: str) -> Profile:
    """Give the profile of an account that is being deleted its defaults, and this name; no check of it."""
    kept = {"user", "name_key", "name_look", "version"}
    defaults = {field.name: field.get_default() for field in Profile._meta.concrete_fields if field.name not in kept}
    # The record cannot be changed, so nothing personal may come into it.
    return _store(user, defaults | {"avatar": "", "display_name": name}, is_recorded=False)


def remove_picture(*, user: User) -> Profile:
    """Show initials in place of the picture."""
    return _store(user, {"avatar": ""})


def card_of(user_id: int, viewer: AnyPerson, room: str | None = None) -> replies.ProfileReply:
    """What the card of a user shows to `viewer`, with their role in a room that the viewer may see. Two queries.

    Raises NotFound, also for a user whom the viewer may not see.
    """
    user = people.visible_to(viewer).filter(pk=user_id).first()
    if user is None:
        raise NotFound(_("Person not found."), field="person")
    seen = Membership.objects.filter(room__in=Room.objects.visible_to(viewer), room__slug=room, user=user)
    profile = people.profile_of(user)
    return replies.ProfileReply(
        person=people.as_person(user),
        title=profile.title,
        time_zone=profile.time_zone,
        role=seen.values_list("role", flat=True).first() if room else None,
        admin=user.is_staff,
        closed=not user.is_active,
    )


def account_changed(user: User) -> None:
    """Tell others of a change of the account itself: the handle, or whether it is a bot."""
    with transaction.atomic():
        _publish(user, _lock(user))


@cache
def time_zones() -> tuple[str, ...]:
    """The names that people may choose from, sorted: those of places, without the old names like “EST”."""
    return tuple(sorted(name for name in available_timezones() if name == "UTC" or _is_of_a_place(name)))


def _is_of_a_place(name: str) -> bool:
    area = name.partition("/")[0]
    return "/" in name and area not in ("Etc", "SystemV", "US", "posix", "right")


def _store(user: User, fields: dict[str, Any], *, is_recorded: bool = True) -> Profile:
    with transaction.atomic():
        profile = _lock(user)
        changed = {name: value for name, value in fields.items() if getattr(profile, name) != value}
        if not changed:
            return profile
        former = profile.avatar.name if "avatar" in changed else ""
        # The account that writes in the name of the site is named by the site.
        if is_recorded and is_other(user) and user.pk != Site.current().voice_id:
            before, after = ({name: str(of[name]) for name in changed} for of in (vars(profile), changed))
            record(None, "person.profile", user, before=before, after=after)
        for name, value in changed.items():
            setattr(profile, name, value)
        if "display_name" in changed:
            profile.name_key, profile.name_look = display_names.keys(profile.display_name)
            changed |= {"name_key": profile.name_key, "name_look": profile.name_look}
        if SEEN_BY_OTHERS.intersection(changed):
            _publish(user, profile)
        if changed.keys() & set(LOOK):
            publish(events.LookChanged(**{name: getattr(profile, name) for name in LOOK}), users=[user.pk])
        profile.save(update_fields=[*changed, "version"])
        if former:
            transaction.on_commit(lambda: pictures.delete(former), robust=True)
    return profile


def _lock(user: User) -> Profile:
    Profile.objects.get_or_create(user=user)
    profile = Profile.objects.select_for_update().get(user=user)
    user.chat_profile = profile
    return profile


def _publish(user: User, profile: Profile) -> None:
    """Take the next version for a change that others see, and publish the person in their new form."""
    profile.version = Site.take_people_version()
    Profile.objects.filter(pk=profile.pk).update(version=profile.version)
    publish(lambda: events.PersonEvent(person=people.as_person(user)))


def _line(field: str, value: str) -> str:
    """A text of one line, without white space around it."""
    line = " ".join(text.clean(value).split())
    column: Any = Profile._meta.get_field(field)
    longest = column.max_length
    if len(line) > longest:
        raise TooLong(_("At most %(limit)d characters.") % {"limit": longest}, field=field)
    return line


def _choice(field: str, value: str, choices: Any) -> str:
    if value not in choices:
        raise Invalid(_("Unknown choice."), field=field)
    return value
