"""The entry points that nobody asks by an address: background jobs, management commands, sockets of other paths.

One row for each: what it could show somebody or do in their name, or why it does neither.
"""

import importlib
import pkgutil
from datetime import timedelta

import pytest
from django.core.management import get_commands
from django.utils import timezone

import chat.jobs
from chat.domain import saved, scheduled
from chat.jobs.declare import JobTask
from chat.models import SavedMessage
from chat.tests.revocation.world import LOSSES, SECRET, build
from chat.tests.talk import capture_published

__all__ = ["capture_published"]

pytestmark = pytest.mark.django_db
TESTED_BELOW = "see the test below"
JOBS = {
    "accounts.continue_left": "goes on with work of the site's staff",
    "accounts.end_ban": "gives an account back",
    "accounts.end_due_bans": "gives accounts back",
    "accounts.go_on": "goes on with work of the site's staff",
    "activity.count_messages": "counts",
    "files.process": "examines a file, whoever sent it",
    "files.process_left": "examines files",
    "files.read_text": "writes the text of a file for the search, whoever sent it",
    "mail.find_password_resets": "mails a link to the account's own address; not for closed accounts",
    "mail.send_invite": "mails an invitation that staff made",
    "mail.send_password_reset": "mails a link to the account's own address; not for closed accounts",
    "messages.forget_deleted": "deletes",
    "messages.remind": TESTED_BELOW,
    "moderation.remove_expired_mutes": "deletes",
    "moderation.expire_held_messages": "ends the wait of held messages, and tells their authors alone",
    "moderation.tell_reporter": "says how a report ended; it names the room that the reporter was in, not its content",
    "previews.fetch": "changes a message, for those who may see it",
    "rendering.begin": "makes the HTML of messages again",
    "rendering.render_older": "makes the HTML of messages again",
    "rooms.delete": "deletes",
    "scheduled.send": TESTED_BELOW,
    "scheduled.send_overdue": "runs scheduled.send",
    "search.begin": "makes the documents of the search",
    "search.build": "makes the documents of the search",
    "search.write_files": "makes the documents of the search",
    "upkeep.remove_expired_sessions": "deletes",
    "upkeep.remove_old_jobs": "deletes",
    "uploads.delete_expired": "deletes",
    "uploads.delete_orphans": "deletes",
}
OPERATOR = "for who may run programs on the site's machine"
COMMANDS = {
    "backup": OPERATOR,
    "doctor": OPERATOR,
    "migrate": OPERATOR,
    "protocol_docs": OPERATOR,
    "record": OPERATOR,
    "replay": OPERATOR,
    "restore": OPERATOR,
    "search": OPERATOR,
    "setup": OPERATOR,
    "tasks": OPERATOR,
}


def jobs() -> set[str]:
    """The names of all jobs: module and function."""
    modules = [importlib.import_module(f"chat.jobs.{one.name}") for one in pkgutil.iter_modules(chat.jobs.__path__)]
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, JobTask) and value.func.__module__ == module.__name__
    }


def test_every_job_has_a_row():
    assert jobs() == JOBS.keys()


def test_every_management_command_has_a_row():
    ours = {name for name, app in get_commands().items() if app in ("chat", "project.people")}
    assert ours == COMMANDS.keys()


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
def test_no_scheduled_message_is_sent_and_no_reminder_shows_anything_after_the_loss(
    alice, bob, dora, set_up_site, loss, capture_published
):
    world = build(alice, bob, loss.kind)
    loss.happen(world, bob, dora)
    before = world.state()
    scheduled.send(message=world.scheduled)
    assert world.state() == before
    SavedMessage.objects.filter(user=bob).update(remind_at=timezone.now() - timedelta(seconds=1))
    with capture_published() as published:
        saved.remind_due()
    for envelope in published:
        assert SECRET not in envelope.text
