"""Rooms whose names look alike: “General”, “general”, “Gеneral” with a Cyrillic letter. A person cannot make one.

A name is compared with those of public rooms and of rooms that the person sees, so that nobody learns of a private
room. In the admin, where all rooms are listed, it is compared with all. Archived rooms do not count. Rooms that
look alike already may stay.
"""

from django.db.models import Q
from django.utils.translation import gettext as _

from chat.models import Room, Site

from . import names
from .errors import NameTaken
from .types import AnyPerson


def check(name: str, by: AnyPerson, room: Room | None = None, *, sees_all: bool = False) -> None:
    """Raise NameTaken(field="name") if another room has a name that looks like `name`. `room`: the one that is renamed;
    a name that looks like its present one is free. `sees_all`: compare with all rooms but direct ones.

    Call it in the transaction that stores the name, before another row is locked: of two people who choose the same
    name at the same moment, one waits here.
    """
    if room is not None and names.look(room.name) == names.look(name):
        return
    Site.objects.select_for_update().first()
    wanted = names.keys(name)
    others = Room.objects.current().exclude(kind=Room.Kind.DIRECT)
    if not sees_all:
        others = others.filter(Q(kind=Room.Kind.PUBLIC) | Q(pk__in=Room.objects.visible_to(by).values("pk")))
    for pk, other in others.values_list("pk", "name"):
        if (room is None or pk != room.pk) and wanted & names.keys(other):
            raise NameTaken(_("There is a room “%(name)s” already.") % {"name": other}, field="name")
