"""What the commands of drafts, scheduled messages and polls do: the fourth part of the table of `execution`."""

from chat.domain import drafts, messages, polls, profiles, receipts, scheduled
from chat.protocol import replies, writing_commands
from chat.protocol.schema import Schema

from . import database
from .executors import Executor, changes_message, changes_own_state


async def read_drafts(command: writing_commands.Drafts, connection, hub) -> Schema:
    """Read a person's drafts, and how many messages they have scheduled."""

    def work() -> Schema:
        counts = scheduled.count_of(connection.person)
        return replies.DraftsReply(drafts=drafts.drafts_of(connection.person), **counts)

    return await database.read(work)


async def schedule(command: writing_commands.Schedule, connection, hub) -> Schema:
    """Schedule a message."""
    made = await database.write(scheduled.schedule, author=connection.person, **command.arguments())
    return replies.ScheduledReply(scheduled=made)


async def read_votes(command: writing_commands.Votes, connection, hub) -> Schema:
    """Read a person's own votes."""
    return replies.VotesReply(votes=await database.read(polls.votes_of, connection.person, command.messages))


async def render(command: writing_commands.Render, connection, hub) -> Schema:
    """Render a text that is not posted."""
    html = await database.read(messages.render, by=connection.person, **command.arguments())
    return replies.RenderReply(html=html)


async def read_receipts(command: writing_commands.Receipts, connection, hub) -> Schema:
    """Read who has read one's own message."""
    return await database.read(receipts.receipts_of, command.message, connection.person)


EXECUTORS: dict[type, Executor] = {
    writing_commands.Draft: changes_own_state(drafts.save),
    writing_commands.Drafts: read_drafts,
    writing_commands.Schedule: schedule,
    writing_commands.Vote: changes_message(polls.vote),
    writing_commands.ClosePoll: changes_message(polls.close),
    writing_commands.Votes: read_votes,
    writing_commands.Receipts: read_receipts,
    writing_commands.Render: render,
    writing_commands.SetStatus: changes_own_state(profiles.set_own_status),
}
