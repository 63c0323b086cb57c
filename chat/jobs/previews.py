"""Jobs of link previews."""

from chat.domain.previews import fetching

from .declare import SLOW, job

MAX_WAITING = 1000
"""Whoever posts many links gets previews for the first ones."""


@job(queue_name=SLOW, time_limit_s=90, retry_for_s=60 * 60, max_waiting=MAX_WAITING)
def fetch(message: int) -> None:
    """Fetch the previews that a message lacks."""
    fetching.fetch(message=message)
