"""Jobs that send scheduled messages."""

from chat.domain import scheduled

from .declare import job


@job
def send(message: int) -> None:
    """Post one scheduled message."""
    scheduled.send(message=message)


@job
def send_overdue() -> None:
    """Post scheduled messages whose own job is lost: a backup holds no jobs."""
    scheduled.send_overdue()
