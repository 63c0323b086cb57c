"""What the commands of reports, held messages and mutes do: a part of the table of `execution`."""

from django.utils.translation import gettext as _

from chat.domain import held, person_mutes, report_decisions, report_queue, reports
from chat.domain.errors import Invalid
from chat.domain.filters import of_room
from chat.protocol import moderation_commands, replies
from chat.protocol.schema import Schema

from . import database
from .executors import Executor, changes_own_state


async def make_report(command: moderation_commands.Report, connection, hub) -> Schema:
    """Report a message or a person."""
    if (command.message is None) == (command.person is None):
        raise Invalid(_("Exactly one of `message` and `person` is needed."), field="message")
    what = {"by": connection.person, "reason": command.reason, "note": command.note}
    if command.message is not None:
        await database.write(reports.report_message, message=command.message, **what)
    else:
        await database.write(reports.report_person, person=command.person, **what)
    return replies.Reply()


async def read_reports(command: moderation_commands.Reports, connection, hub) -> Schema:
    """Read a page of the reports of a room."""
    asked = command.arguments()
    return await database.read(report_queue.of_room, connection.person, asked.pop("room"), **asked)


async def count_reports(command: moderation_commands.CountReports, connection, hub) -> Schema:
    """Count what waits in a room."""
    return await database.read(report_queue.count, connection.person, command.room)


async def read_context(command: moderation_commands.ReportContext, connection, hub) -> Schema:
    """Read a report in its context."""
    return await database.read(report_queue.context_for, connection.person, command.report)


async def decide_report(command: moderation_commands.DecideReport, connection, hub) -> Schema:
    """Act upon a report."""
    acts = {
        "dismiss": (report_decisions.dismiss, {"note": command.note}),
        "remove": (report_decisions.remove, {"note": command.note}),
        "mute": (report_decisions.mute, {"note": command.note, "minutes": command.minutes}),
        "ban": (report_decisions.ban, {"note": command.note}),
        "write": (report_decisions.write, {"body": command.note}),
    }
    verb, arguments = acts[command.act]
    await database.write(verb, report=command.report, by=connection.person, **arguments)
    return replies.Reply()


async def decide_held(command: moderation_commands.DecideHeld, connection, hub) -> Schema:
    """Post or refuse a held message."""
    verb = held.approve if command.post else held.refuse
    await database.write(verb, held=command.held, by=connection.person)
    return replies.Reply()


async def read_own_held(command: moderation_commands.OwnHeld, connection, hub) -> Schema:
    """Read the person's own messages that wait for a moderator."""
    return await database.read(held.own, connection.person, command.knows)


async def read_filters(command: moderation_commands.Filters, connection, hub) -> Schema:
    """Read the filters of a room."""
    return await database.read(of_room.read, connection.person, command.room)


async def try_filter(command: moderation_commands.TryFilter, connection, hub) -> Schema:
    """Try a filter on the last messages of a room."""
    return await database.read(of_room.try_out, connection.person, **command.arguments())


EXECUTORS: dict[type, Executor] = {
    moderation_commands.Report: make_report,
    moderation_commands.Reports: read_reports,
    moderation_commands.CountReports: count_reports,
    moderation_commands.ReportContext: read_context,
    moderation_commands.DecideReport: decide_report,
    moderation_commands.DecideHeld: decide_held,
    moderation_commands.OwnHeld: read_own_held,
    moderation_commands.WithdrawHeld: changes_own_state(held.withdraw),
    moderation_commands.Filters: read_filters,
    moderation_commands.SaveFilter: changes_own_state(of_room.save, person="by"),
    moderation_commands.DeleteFilter: changes_own_state(of_room.delete, person="by"),
    moderation_commands.TryFilter: try_filter,
    moderation_commands.MutePerson: changes_own_state(person_mutes.mute_in_room, person="by"),
}
