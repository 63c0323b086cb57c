"""The commands a client may send: their fields, and what each does. The table at the end is all there is.

docs/protocol.md is made from these classes.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from chat.domain import access, facts, log, messages, policy, reading, timeline
from chat.domain.errors import Invalid, NotFound
from chat.events import shapes
from chat.events.publish import Envelope

from . import database

Number = Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)]
Slug = Annotated[str, Field(min_length=1, max_length=64)]
Ref = Annotated[str, Field(max_length=64)] | Annotated[int, Field(strict=True, ge=-(2**53), le=2**53)]


class Command(BaseModel):
    """The base. `ref` comes back in the one answer; unknown fields are ignored."""

    answers: ClassVar[type[shapes.Shape]] = shapes.Reply
    ref: Ref | None = None

    async def run(self, connection, hub) -> shapes.Shape | None:
        """Do it for the person behind `connection`, and return the answer. Raises what the domain refuses with."""
        raise NotImplementedError


class Open(Command):
    """Start watching a room. The answer brings the room and a fill: what changed after `since`, or the latest page.

    `since` goes with the `epoch` of the copy.
    """

    answers: ClassVar = shapes.OpenReply
    room: Slug
    since: Number | None = None
    epoch: Annotated[str, Field(max_length=64)] | None = None

    async def run(self, connection, hub) -> None:
        if self.since is not None and self.epoch is None:
            # A version of another life of the log would pass for one of this.
            raise Invalid(_("A `since` needs the `epoch` that it is of."), field="epoch")
        asked = timeline.open_room, connection.person, self.room, self.since, self.epoch
        hub.begin_watch(connection, self.room)
        try:
            opened = await database.read(*asked)
            if not hub.is_reached_by(self.room, opened.fill.upto):
                opened = await database.read(*asked)
        except BaseException:
            hub.unwatch(connection, self.room)
            raise
        if connection not in hub.watches.get(self.room, ()):
            # It was closed to them while it was read.
            raise NotFound(field="room")
        # Before the answer, which counts the person who asks: no event follows when their last socket left just now.
        hub.join(connection, self.room)
        presence = hub.presence
        reply = opened.reply(ref=self.ref, online=presence.online(self.room), here=presence.here(self.room))
        # Before what came meanwhile: that follows the fill.
        connection.answer(reply)
        hub.watch(connection, self.room, opened.room.pk, opened.fill.upto)


class Close(Command):
    """Stop watching a room."""

    room: Slug

    async def run(self, connection, hub) -> shapes.Shape:
        hub.unwatch(connection, self.room)
        return shapes.Reply()


class MessageCommand(Command):
    """The base of those that change a message: they answer with it, as stored."""

    answers: ClassVar = shapes.MessageReply

    async def store(self, verb, **arguments) -> shapes.Shape:
        """Run `verb` on a thread that may write; return the answer."""

        def work():
            message = verb(**arguments)
            return shapes.MessageReply(room=message.room.slug, message=facts.stored_out(message))

        return await database.write(work)


class Post(MessageCommand):
    """Say something, in Markdown. The same `client_id` again returns the first message: it is never said twice.

    In a public room, a user who is no member becomes one. `reply_to` is the id of a message in the same room.
    """

    room: Slug
    client_id: UUID
    body: str
    reply_to: Number | None = None

    async def run(self, connection, hub) -> shapes.Shape:
        return await self.store(
            messages.post,
            room=self.room,
            author=connection.person,
            body=self.body,
            client_id=self.client_id,
            reply_to=self.reply_to,
        )


class Edit(MessageCommand):
    """Change one's own message."""

    message: Number
    body: str

    async def run(self, connection, hub) -> shapes.Shape:
        return await self.store(messages.edit, message=self.message, by=connection.person, body=self.body)


class Delete(MessageCommand):
    """Leave a tombstone: of one's own message, or as a moderator of anyone's."""

    message: Number

    async def run(self, connection, hub) -> shapes.Shape:
        return await self.store(messages.delete, message=self.message, by=connection.person)


class React(MessageCommand):
    """Add (`on` true) or take back a reaction: one emoji, with its modifiers."""

    message: Number
    emoji: str
    on: Annotated[bool, Field(strict=True)]

    async def run(self, connection, hub) -> shapes.Shape:
        return await self.store(
            messages.react, message=self.message, by=connection.person, emoji=self.emoji, on=self.on
        )


class Read(Command):
    """I have read up to the message with this `seq`."""

    room: Slug
    upto: Number

    async def run(self, connection, hub) -> shapes.Shape:
        await database.write(reading.read, room=self.room, user=connection.person, upto=self.upto)
        return shapes.Reply()


class Typing(Command):
    """I am typing, in a room that I watch. It expires by itself."""

    room: Slug

    async def run(self, connection, hub) -> shapes.Shape:
        if self.room not in connection.watching:
            raise Invalid(field="room")
        room = await database.read(access.get_visible, connection.person, self.room)
        policy.check_may_write(room, connection.person)
        event = shapes.Typing(room=self.room, who=[connection.you])
        hub.deliver_own(Envelope(event.type, event.encode(), room=self.room))
        return shapes.Reply()


class History(Command):
    """An older page: at most `limit` messages before `seq` `before`, oldest first."""

    answers: ClassVar = shapes.HistoryReply
    room: Slug
    before: Number
    limit: Annotated[int, Field(strict=True, ge=1, le=100)] = log.PAGE

    async def run(self, connection, hub) -> shapes.Shape:
        page, more = await database.read(timeline.history, connection.person, self.room, self.before, self.limit)
        return shapes.HistoryReply(room=self.room, messages=page, more=more)


class Ping(Command):
    """Is the connection alive? A client that heard nothing for 25 seconds asks, and connects anew when no answer comes
    within 10: a network may drop everything silently, and browsers do not show the server's own pings to a page."""

    async def run(self, connection, hub) -> shapes.Shape:
        return shapes.Reply()


COMMANDS: dict[str, type[Command]] = {
    "open": Open,
    "close": Close,
    "post": Post,
    "edit": Edit,
    "delete": Delete,
    "react": React,
    "read": Read,
    "typing": Typing,
    "history": History,
    "ping": Ping,
}
