"""Jobs of rooms: deletes one with everything in it."""

import time

from chat.domain import room_deletion

from .declare import enqueue_later, job

TIME_LIMIT_S = 120
RUN_FOR_S = 20
"""A run of the job deletes for this time, and leaves the rest to the next one: other jobs get their turn."""
PAUSE_S = 0.05
"""Between two batches: people who read and write come first."""


@job(time_limit_s=TIME_LIMIT_S)
def delete(room_id: int) -> None:
    """Delete what is left of a room that nobody sees any more."""
    end = time.monotonic() + RUN_FOR_S
    while room_deletion.delete_rest(room_id=room_id):
        if time.monotonic() > end:
            enqueue_later(delete, 1, room_id)
            return
        time.sleep(PAUSE_S)
