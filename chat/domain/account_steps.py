"""Runs long work on accounts (`AccountWork`) in small steps.

A step is a short transaction, or a few: people go on posting meanwhile. It finds what is left to do in the rows
themselves. So nothing is done twice when a worker dies and the job runs again, and an end without rows is an end.
"""

import time
from collections.abc import Callable

from django.db.models import F

from chat.models import AccountWork

from . import erased_rows, merging, removals

RUN_S = 5.0
"""How long one run of the job works. The next one begins after a pause."""
Step = Callable[[AccountWork], int]
"""Does a part of the work. Returns how much, 0 if nothing is left."""
Kind, State = AccountWork.Kind, AccountWork.State
STEPS: dict[tuple[str, str], Step] = {
    (Kind.REMOVAL, State.RUNNING): removals.remove_some,
    (Kind.REMOVAL, State.UNDOING): removals.put_some_back,
    (Kind.DELETION, State.RUNNING): erased_rows.forget_some,
    (Kind.ERASURE, State.RUNNING): erased_rows.erase_some,
    (Kind.MERGE, State.RUNNING): merging.merge_some,
}


def go_on(*, work: int) -> bool:
    """Work for RUN_S. Returns whether something is left. Does nothing for work that is done or gone. Idempotent."""
    end = time.monotonic() + RUN_S
    while time.monotonic() < end:
        found = AccountWork.objects.select_related("user", "into", "made_by").filter(pk=work).first()
        if found is None or not found.is_running:
            return False
        count = STEPS[found.kind, found.state](found)
        same = AccountWork.objects.filter(pk=work, state=found.state)
        if count == 0:
            ended = State.UNDONE if found.state == State.UNDOING else State.DONE
            same.update(state=ended, total=F("done"))
            return False
        same.update(done=F("done") + count)
    return True


def left() -> list[int]:
    """The ids of work that has not ended."""
    states = [State.RUNNING, State.UNDOING]
    return list(AccountWork.objects.filter(state__in=states).order_by("pk").values_list("pk", flat=True))
