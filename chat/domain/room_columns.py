"""The columns of a room that can be changed, what depends on them, and the check of their values."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from chat.models import Room

from . import room_names
from .errors import Invalid

RIGHTS = {"who_posts", "who_invites", "who_pins", "who_mentions_all"}
CHANGEABLE = {"name", "topic", "kind", "guests", "slow_mode_s", "archived_at"} | RIGHTS

RULES = {"kind", "guests", "slow_mode_s", "archived_at"} | RIGHTS
"""The columns that determine who may see the room or write in it."""
IN_DIRECTORY = {"name", "kind", "archived_at"}
"""The columns that determine whether and where a room is in the list of public rooms."""


def check(room: Room) -> None:
    """Clean and check the values of a room that is not stored yet. Raises Invalid with `field`."""
    if room.name:
        room.name = room_names.clean(room.name)
    room.topic = room_names.one_line(room.topic)
    try:
        room.full_clean(exclude=["changed_version"])
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        # The only constraint that involves two fields.
        raise Invalid(sentences[0], field="guests" if field == NON_FIELD_ERRORS else field) from error
