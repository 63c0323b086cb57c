"""Jobs of moderation."""

from chat.domain import held, person_mutes, report_decisions

from .declare import job


@job
def tell_reporter(report: int) -> None:
    """Tell the person who made a report how it ended."""
    report_decisions.tell_reporter(report=report)


@job
def remove_expired_mutes() -> None:
    """Delete the rows of mutes that are over."""
    person_mutes.remove_expired()


@job
def expire_held_messages() -> None:
    """End the wait of messages about which no moderator has decided."""
    held.expire()
