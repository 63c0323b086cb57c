"""What the site allows a person: create rooms of a kind, make invitation links, open rooms to guests,
add custom emoji.

Each is a Django permission of `Room`, which staff give to users and groups in the admin. A setting of the site gives it
to more people: to everyone, or to moderators (`chat.models.Allowed`).
"""

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from chat.models import Allowed, Membership, Room, Site

from .errors import Forbidden
from .types import AnyPerson, User

CREATE_PUBLIC, CREATE_PRIVATE = "create_public_room", "create_private_room"
INVITE, OPEN_TO_GUESTS = "invite_people", "open_to_guests"
ADD_EMOJI = "add_custom_emoji"

SETTINGS = {
    CREATE_PUBLIC: "who_creates_public",
    CREATE_PRIVATE: "who_creates_private",
    INVITE: "who_invites",
    OPEN_TO_GUESTS: "who_opens_to_guests",
    ADD_EMOJI: "who_adds_emoji",
}
"""For each permission, the setting of the site that gives it to more people."""

TO_CREATE = {Room.Kind.PUBLIC: CREATE_PUBLIC, Room.Kind.PRIVATE: CREATE_PRIVATE}
"""The permission that a room of each kind needs. Others are not created by people."""

SETTINGS_TO_CREATE = [SETTINGS[permission] for permission in TO_CREATE.values()]
"""The settings of the site that say who may create rooms."""


def of(person: AnyPerson) -> set[str]:
    """The permissions that this person has. Guests have none. At most 5 queries.

    Django caches permissions in the user's instance, and a socket keeps its instance for days: so a new one is read.
    """
    user = person.is_authenticated and get_user_model()._default_manager.filter(pk=person.pk, is_active=True).first()
    if not user:
        return set()
    levels = {Allowed.EVERYONE}
    if user.is_staff:
        levels |= {Allowed.STAFF, Allowed.MODERATORS}
    elif _is_moderator(user):
        levels.add(Allowed.MODERATORS)
    site = Site.current()
    return {name for name, setting in SETTINGS.items() if getattr(site, setting) in levels or _has(user, name)}


def check(person: AnyPerson, permission: str) -> None:
    """Raise Forbidden unless the person has the permission."""
    if permission not in of(person):
        raise Forbidden(_("This site does not allow you to do this. Ask one of its admins."))


def kinds_to_create(granted: set[str]) -> list[str]:
    """The kinds of rooms that a person with these permissions may create."""
    return [str(kind.value) for kind, permission in TO_CREATE.items() if permission in granted]


def _is_moderator(user: User) -> bool:
    roles = (Membership.Role.OWNER, Membership.Role.MODERATOR)
    # Only of public rooms: everyone may own a private one.
    return Membership.objects.filter(user=user, role__in=roles, room__kind=Room.Kind.PUBLIC).exists()


def _has(user: User, permission: str) -> bool:
    return bool(user.has_perm(f"chat.{permission}"))
