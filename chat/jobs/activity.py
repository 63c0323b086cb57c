"""The job that counts messages for the admin."""

from chat.domain import activity

from .declare import job


@job(retry_for_s=0)
def count_messages() -> None:
    """Count what was posted since the last run. What one run does not reach, the next one does."""
    activity.count_new()
