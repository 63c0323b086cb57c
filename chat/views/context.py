"""Context processors."""

from typing import NamedTuple

from django.utils.functional import SimpleLazyObject

from chat.domain import people
from chat.models import Profile, Site


class Look(NamedTuple):
    """How a person wants to see the pages: values of `Profile`. `time_zone` is empty without one."""

    theme: str
    density: str
    clock: str
    enter: str
    time_zone: str = ""


_DEFAULT = Look(
    Profile.Theme.SYSTEM.value, Profile.Density.NORMAL.value, Profile.Clock.AUTO.value, Profile.Enter.SEND.value
)


def site(request) -> dict:
    """`site`: the `Site` row, read when a template first uses it. `look`: how this person wants to see the page."""
    return {
        "site": SimpleLazyObject(Site.current),
        "look": SimpleLazyObject(lambda: look_of(getattr(request, "user", None))),
    }


def look_of(person) -> Look:
    """How a person wants to see the pages; the defaults for a visitor, a guest, and None."""
    if person is None or not person.is_authenticated:
        return _DEFAULT
    profile = people.profile_of(person)
    return Look(
        str(profile.theme), str(profile.density), str(profile.clock), str(profile.enter), str(profile.time_zone)
    )
