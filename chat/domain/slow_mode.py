"""Slow mode: the time between two messages of a person in a room."""

from datetime import datetime

from django.utils.translation import gettext as _

from chat.models.room import RulesChanged

from . import policy, throttle
from .errors import SlowDown
from .types import AnyPerson, VisibleRoom


def check(room: VisibleRoom, author: AnyPerson, now: datetime, locked: bool) -> None:
    """Check the time since the author's last message. Guests are also counted by address: a new guest costs nothing.

    Raises SlowDown, and RulesChanged if the caller must lock the head first."""
    if room.my_role in policy.MODERATORS:
        return
    if not locked:
        # Of two messages at the same moment, one has to see the other.
        raise RulesChanged
    wait_s = 0.0
    if room.last_posted_at is not None:
        wait_s = room.slow_mode_s - (now - room.last_posted_at).total_seconds()
    if wait_s <= 0 and not author.is_authenticated:
        wait_s = throttle.slow_mode_wait(room.pk, author.network, room.slow_mode_s)
    if wait_s > 0:
        raise SlowDown(_("This room is in slow mode."), retry_after=round(wait_s, 1))
