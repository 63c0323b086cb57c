"""What the commands of threads do: a part of the table of `execution`."""

from chat.domain import thread_log, threads
from chat.protocol import thread_commands
from chat.protocol.schema import Schema

from . import database
from .executors import Executor, changes_own_state


async def read_thread(command: thread_commands.Thread, connection, hub) -> Schema:
    """Read a thread."""
    return await database.read(thread_log.read_thread, by=connection.person, **command.arguments())


async def read_followed(command: thread_commands.Threads, connection, hub) -> Schema:
    """List the threads that this person follows."""
    return await database.read(thread_log.read_followed, user=connection.person, skip=command.skip)


EXECUTORS: dict[type, Executor] = {
    thread_commands.Thread: read_thread,
    thread_commands.Threads: read_followed,
    thread_commands.Follow: changes_own_state(threads.follow),
    thread_commands.Unfollow: changes_own_state(threads.unfollow),
    thread_commands.ReadThread: changes_own_state(threads.read),
}
