"""What the commands of `message_commands` do: a part of the table of `execution`."""

from chat.domain import custom_emoji, edit_history, forwarding, pins, restoring, saved, site_permissions
from chat.protocol import message_commands, replies
from chat.protocol.schema import Schema

from . import database
from .executors import Executor, changes_message, changes_own_state


async def read_pins(command: message_commands.Pins, connection, hub) -> Schema:
    """Read the pinned messages of a room."""
    found = await database.read(pins.of_room, connection.person, command.room)
    return replies.PinsReply(room=command.room, pinned=found)


async def read_edits(command: message_commands.Edits, connection, hub) -> Schema:
    """Read the former texts of a message."""
    former = await database.read(edit_history.of_message, connection.person, command.message)
    return replies.EditsReply(message=command.message, former=former)


async def read_saved(command: message_commands.Saved, connection, hub) -> Schema:
    """Read which messages the person has saved."""
    return replies.SavedReply(saved=await database.read(saved.of_person, connection.person))


async def read_custom_emoji(command: message_commands.CustomEmoji, connection, hub) -> Schema:
    """Read the names of the site's own emoji."""

    def work() -> Schema:
        may_add = site_permissions.ADD_EMOJI in site_permissions.of(connection.person)
        return replies.CustomEmojiReply(names=custom_emoji.all_names(), may_add=may_add)

    return await database.read(work)


EXECUTORS: dict[type, Executor] = {
    message_commands.Restore: changes_message(restoring.restore),
    message_commands.Pin: changes_message(pins.pin),
    message_commands.Pins: read_pins,
    message_commands.Edits: read_edits,
    message_commands.Forward: changes_message(forwarding.forward),
    message_commands.Save: changes_own_state(saved.save),
    message_commands.Saved: read_saved,
    message_commands.CustomEmoji: read_custom_emoji,
}
