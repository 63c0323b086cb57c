"""What each command does: a table from its schema to a verb of the domain, or to a function that also needs the hub."""

from django.utils.translation import gettext as _

from chat.dispatch.envelope import Envelope
from chat.domain import access, directory, messages, people, policy, profiles, reading, timeline
from chat.domain.errors import Invalid, NotFound
from chat.domain.previews import removal
from chat.protocol import commands, connection_commands, events, people_commands, replies
from chat.protocol.schema import Schema

from . import (
    database,
    message_execution,
    moderation_execution,
    room_execution,
    sidebar_execution,
    thread_execution,
    writing_execution,
)
from .executors import Executor, changes_message, changes_own_state


async def execute(command: commands.Command, connection, hub) -> Schema | None:
    """Execute a command for the person behind `connection`. Raises the errors of the domain."""
    return await EXECUTORS[type(command)](command, connection, hub)


async def open_room(command: commands.Open, connection, hub) -> None:
    """Read the room and watch it from then on."""
    if command.since is not None and command.epoch is None:
        # Without it, a version of another epoch would be taken for one of this epoch.
        raise Invalid(_("`since` needs the `epoch` of the same copy."), field="epoch")
    slug = command.room
    asked = timeline.open_room, connection.person, slug, command.since, command.epoch, command.at
    hub.watches.begin(connection, slug)
    try:
        opened = await database.read(*asked)
        if not hub.watches.is_reached_by(slug, opened.delta.upto):
            opened = await database.read(*asked)
    except BaseException:
        hub.watches.stop(connection, slug)
        raise
    if connection not in hub.watches.get(slug, ()):
        # They lost access to the room while it was read.
        raise NotFound(field="room")
    # Join before the answer, whose count includes this person. If their last other socket left just now, leaving and
    # joining cancel each other out: no presence event would correct a count without them.
    hub.watches.join(connection, slug)
    presence = hub.presence
    # Answer before `start` sends the events that came meanwhile, because they follow the delta.
    connection.send_schema(opened.reply(ref=command.ref, online=presence.online(slug), here=presence.here(slug)))
    hub.watches.start(connection, slug, opened.room.pk, opened.delta.upto)


async def close_room(command: commands.Close, connection, hub) -> Schema:
    """Stop watching a room."""
    hub.watches.stop(connection, command.room)
    return replies.Reply()


async def read_history(command: commands.History, connection, hub) -> Schema:
    """Read a page of a room's log."""
    asked = {"before": command.before, "after": command.after, "around": command.around, "limit": command.limit}
    page = await database.read(timeline.history, connection.person, command.room, **asked)
    return replies.HistoryReply(
        room=command.room, messages=page.messages, more_before=page.more_before, more_after=page.more_after
    )


async def search_people(command: people_commands.People, connection, hub) -> Schema:
    """Search the people of the site."""
    found = await database.read(directory.search_people, by=connection.person, **command.arguments())
    return replies.PeopleReply(people=found)


async def read_changed_people(command: people_commands.ChangedPeople, connection, hub) -> Schema:
    """Read the people who changed while a client was away."""
    found, are_all = await database.read(people.changed_after, command.since, connection.person)
    upto = found[-1].version if found else command.since
    return replies.ChangedPeopleReply(people=found, upto=upto, more=not are_all)


async def read_profile(command: people_commands.Profile, connection, hub) -> Schema:
    """Read the card of a person."""
    return await database.read(profiles.card_of, command.person, connection.person, command.room)


async def show_typing(command: commands.Typing, connection, hub) -> Schema:
    """Tell the watchers of a room who is typing. Nothing is stored."""
    if command.room not in connection.watching:
        raise Invalid(field="room")
    room = await database.read(access.get_visible, connection.person, command.room)
    policy.check_may_post(room, connection.person)
    event = events.Typing(room=command.room, who=[connection.you])
    hub.delivery.deliver_own(Envelope.of(event, room=command.room))
    return replies.Reply()


async def answer_ping(command: connection_commands.Ping, connection, hub) -> Schema:
    """Show that the connection is alive."""
    return replies.Reply()


async def observe(command: connection_commands.Observe, connection, hub) -> Schema:
    """Show this connection to its own person."""
    return _observation_of(connection).reply()


async def send_ping_frame(command: connection_commands.PingFrame, connection, hub) -> Schema:
    """Send a ping frame on this connection."""
    _observation_of(connection).ping()
    return replies.Reply()


def _observation_of(connection):
    if connection.observation is None:
        raise Invalid(_("Only a connection to an address that ends in ?observe can be observed."))
    return connection.observation


EXECUTORS: dict[type[commands.Command], Executor] = {
    commands.Open: open_room,
    commands.Close: close_room,
    commands.Post: changes_message(messages.post, person="author"),
    commands.Edit: changes_message(messages.edit),
    commands.Tick: changes_message(messages.tick),
    commands.Delete: changes_message(messages.delete),
    commands.RemovePreview: changes_message(removal.remove_preview),
    commands.React: changes_message(messages.react),
    commands.Read: changes_own_state(reading.read),
    commands.MarkUnread: changes_own_state(reading.mark_unread),
    commands.Typing: show_typing,
    commands.History: read_history,
    people_commands.People: search_people,
    people_commands.ChangedPeople: read_changed_people,
    people_commands.Profile: read_profile,
    connection_commands.Ping: answer_ping,
    **message_execution.EXECUTORS,
    **moderation_execution.EXECUTORS,
    **room_execution.EXECUTORS,
    **sidebar_execution.EXECUTORS,
    **writing_execution.EXECUTORS,
    **thread_execution.EXECUTORS,
    connection_commands.Observe: observe,
    connection_commands.PingFrame: send_ping_frame,
}
