"""Verbs of polls: vote, close.

What everyone sees is the column `Message.poll`, in the form of `things.Poll`. Each vote changes it, with a version. Who
voted what is in rows of `PollVote`: an anonymous poll gets only their numbers from there.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.models import Message, PollVote
from chat.protocol import events, things

from . import message_changes, people, policy
from .errors import Forbidden, Invalid, NotFound
from .types import AnyPerson

NAMED_VOTERS = 50
"""People named with each option, the first ones."""


@transaction.atomic
def vote(*, message: int, by: AnyPerson, options: Sequence[int]) -> Message:
    """Choose these options (their places, from 0) of a poll, in place of what `by` chose before; none takes the vote
    back. Does nothing if they are chosen already.

    Raises NotFound, Forbidden, Archived, Invalid.
    """
    stored, room = message_changes.get_locked(message, by)
    policy.check_may_vote(stored, room, by)
    poll = _poll_of(stored)
    if poll["closed"]:
        raise Forbidden(_("This poll is closed."))
    chosen = set(options)
    if not chosen <= set(range(len(poll["options"]))):
        raise Invalid(_("This poll has no such option."), field="options")
    if len(chosen) > 1 and not poll["multiple"]:
        raise Invalid(_("Choose one option."), field="options")
    mine = PollVote.objects.filter(message=stored, user=by)
    former = set(mine.values_list("option", flat=True))
    if chosen == former:
        return stored
    mine.filter(option__in=former - chosen).delete()
    PollVote.objects.bulk_create(PollVote(message=stored, user=by, option=option) for option in sorted(chosen - former))
    message_changes.save_changed(stored, room, poll=_counted(poll, stored, chosen ^ former))
    publish(events.VotesEvent(message=stored.pk, options=sorted(chosen)), users=[by.pk])
    return stored


@transaction.atomic
def close(*, message: int, by: AnyPerson) -> Message:
    """End the poll of one's own message. A second call does nothing. Raises NotFound, Forbidden, Archived."""
    stored, room = message_changes.get_locked(message, by)
    poll = _poll_of(stored)
    policy.check_may_edit(stored, room, by)
    if not poll["closed"]:
        message_changes.save_changed(stored, room, poll=poll | {"closed": True})
    return stored


def votes_of(person: AnyPerson, polls: Iterable[int]) -> list[things.OwnVotes]:
    """What a person chose in the polls of these messages (ids). Guests have no votes. One query."""
    if not person.is_authenticated:
        return []
    chosen: dict[int, list[int]] = {}
    rows = PollVote.objects.filter(user=person, message__in=list(polls)).order_by("option")
    for message, option in rows.values_list("message_id", "option"):
        chosen.setdefault(message, []).append(option)
    return [things.OwnVotes(message=message, options=options) for message, options in chosen.items()]


def count_again(message: Message) -> dict[str, Any]:
    """The poll of a message with the votes that are stored now, and the present names of those who voted."""
    poll = _poll_of(message)
    return _counted(poll, message, set(range(len(poll["options"]))))


def _poll_of(message: Message) -> dict[str, Any]:
    if not message.poll:
        raise NotFound(_("This message is no poll."), field="message")
    return dict(message.poll)


def _counted(poll: dict[str, Any], message: Message, changed: set[int]) -> dict[str, Any]:
    """The poll with the votes that are stored now. `changed`: the options that have more or fewer votes."""
    votes = PollVote.objects.filter(message=message)
    options = [
        option | _count(votes.filter(option=place), poll["anonymous"]) if place in changed else option
        for place, option in enumerate(poll["options"])
    ]
    return poll | {"options": options, "voters": votes.values("user").distinct().count()}


def _count(votes: Any, anonymous: bool) -> dict[str, Any]:
    if anonymous:
        return {"votes": votes.count(), "people": []}
    named = votes.select_related("user__chat_profile")[:NAMED_VOTERS]
    return {"votes": votes.count(), "people": [people.as_name(vote.user).model_dump() for vote in named]}
