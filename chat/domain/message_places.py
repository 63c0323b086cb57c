"""In which room a message is, as lists over all rooms say it."""

from django.utils.translation import gettext as _

from chat.models import Room
from chat.protocol import events

from . import direct_rooms


class Places:
    """Says in which room a message is, after the name of its author: “in Harbour”."""

    def __init__(self, welcome: events.Welcome) -> None:
        self._you = welcome.you
        self._rooms = {room.slug: room for room in welcome.rooms}

    def name(self, slug: str, *, author: int | None, name: str) -> str:
        """The place of a message of a user, of a guest or a deleted one (None). `name` is that of a room that is not in
        the person's list. Empty for a message of the only other person of a direct room: their name says it."""
        room = self._rooms.get(slug)
        own = self._you.user.id if self._you.user else None
        if room is None or room.kind != Room.Kind.DIRECT or len(room.people) == 1:
            return _("in %(room)s") % {"room": direct_rooms.name_for(room, self._you) if room else name}
        others = ", ".join(person.name for person in room.people if person.id not in {own, author})
        return _("in a direct message with %(people)s") % {"people": others} if others else ""
