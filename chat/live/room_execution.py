"""What the commands that manage rooms and their members do: a part of the table of `execution`."""

from collections.abc import Callable

from django.urls import reverse

from chat.domain import access, invites, members, room_creation, room_directory, room_settings, rooms, serializers
from chat.domain.files import listing
from chat.protocol import replies, room_commands
from chat.protocol.schema import Schema

from . import database
from .executors import Executor, changes_own_state


async def browse_rooms(command: room_commands.Browse, connection, hub) -> Schema:
    """Read a page of the rooms that the person may see."""
    return await database.read(room_directory.browse, connection.person, command.search, command.skip)


async def read_about(command: room_commands.About, connection, hub) -> Schema:
    """Read what the person may do with a room."""
    return await database.read(room_directory.about, connection.person, command.room)


async def read_members(command: room_commands.Members, connection, hub) -> Schema:
    """Read a page of a room's members, and which of them have it open."""
    asked = command.room, command.search, command.skip
    # The keys are read here, because only this thread may read the presence.
    keys = hub.presence.keys(command.room)
    return await database.read(room_directory.members_of, connection.person, *asked, keys.__contains__)


async def read_files(command: room_commands.Files, connection, hub) -> Schema:
    """Read a page of a room's files."""
    asked = command.arguments()
    return await database.read(listing.find, connection.person, asked.pop("room"), **asked)


async def make_invite(command: room_commands.MakeInvite, connection, hub) -> Schema:
    """Make a link with which people create an account and join."""
    made, token = await database.write(invites.create_link, room=command.room, by=connection.person)
    path = reverse("chat:invite", args=[token])
    return replies.InviteReply(path=path, expires_at=made.expires_at, uses=made.uses_left)


def changes_room(verb: Callable) -> Executor:
    """An executor for a verb of a room, which gets who sent the command as `by`: the answer is empty, because what
    changed comes as an event."""
    return changes_own_state(verb, person="by")


def adds_room(verb: Callable, person: str) -> Executor:
    """An executor for a verb that adds a room to a person's list: answers with the room as they see it.

    The verb gets the fields of the command, and who sent it as `person`. It returns a room or a membership.
    """

    async def execute_verb(command, connection, hub) -> Schema:
        def work() -> Schema:
            made = verb(**{person: connection.person}, **command.arguments())
            slug = getattr(made, "room", made).slug
            state = serializers.serialize_room_state(access.get_with_counts(connection.person, slug))
            return replies.RoomReply(room=slug, state=state)

        return await database.write(work)

    return execute_verb


EXECUTORS: dict[type, Executor] = {
    room_commands.Browse: browse_rooms,
    room_commands.CreateRoom: adds_room(room_creation.create, person="by"),
    room_commands.ChangeRoom: changes_room(room_settings.change),
    room_commands.About: read_about,
    room_commands.Join: adds_room(rooms.join_public, person="user"),
    room_commands.Leave: changes_own_state(members.leave),
    room_commands.Members: read_members,
    room_commands.Files: read_files,
    room_commands.AddMembers: changes_room(members.add),
    room_commands.RemoveMember: changes_room(members.remove),
    room_commands.SetRole: changes_room(members.set_role),
    room_commands.NameToPost: changes_room(members.name_to_post),
    room_commands.SetNotify: changes_own_state(members.set_notify),
    room_commands.MakeInvite: make_invite,
}
