"""Functions that make an executor of a verb."""

from collections.abc import Awaitable, Callable
from typing import Any

from chat.domain import messages
from chat.protocol import replies
from chat.protocol.schema import Schema

from . import database

Executor = Callable[[Any, Any, Any], Awaitable[Schema | None]]
"""Executes a command. Parameters: the command, its connection, the hub. Returns the answer, or None if it was sent."""


def changes_message(verb: Callable, person: str = "by") -> Executor:
    """An executor for a verb that changes one message and returns it: answers with the message as stored.

    The verb gets the fields of the command, and who sent it as `person`.
    """

    async def execute_verb(command, connection, hub) -> Schema:
        def work() -> Schema:
            message = verb(**{person: connection.person}, **command.arguments())
            return replies.MessageReply(room=message.room.slug, message=messages.serialized(message))

        return await database.write(work)

    return execute_verb


def changes_own_state(verb: Callable, person: str = "user") -> Executor:
    """An executor for a verb that changes what a person alone sees: the answer is empty.

    The verb gets the fields of the command, and who sent it as `person`.
    """

    async def execute_verb(command, connection, hub) -> Schema:
        await database.write(verb, **{person: connection.person}, **command.arguments())
        return replies.Reply()

    return execute_verb
