"""Jobs of messages: reminders of saved ones, and what is kept of deleted ones."""

from chat.domain import restoring, saved

from .declare import job


@job
def remind() -> None:
    """Remind people of saved messages whose time has come."""
    saved.remind_due()


@job
def forget_deleted() -> None:
    """Drop what was kept of deleted messages to undo the deletion."""
    restoring.forget_expired()
