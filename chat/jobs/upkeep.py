"""Jobs that remove rows that nobody needs any more."""

from django.core.management import call_command

from . import queue
from .declare import job


@job
def remove_old_jobs() -> None:
    """Remove the rows of jobs that ended long ago."""
    queue.remove_old()


@job
def remove_expired_sessions() -> None:
    """Remove sessions that have expired: each visitor of a room that is open to guests leaves one."""
    call_command("clearsessions")
