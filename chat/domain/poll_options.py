"""The column `Message.poll`: the options of a new poll are checked, and written in the form of `things.Poll`."""

from typing import Any

from django.utils.translation import gettext as _

from chat.protocol import things

from . import text
from .errors import Invalid, TooLong
from .markdown.characters import is_visible

MIN_OPTIONS = 2
MAX_OPTIONS = 10
MAX_CHARACTERS = 80
"""In one option."""


def to_column(posted: things.PostedPoll | None) -> dict[str, Any] | None:
    """The column of a new poll, without votes. Raises Invalid and TooLong with the field `poll`."""
    if posted is None:
        return None
    options = [" ".join(text.clean(option).split()) for option in posted.options]
    if not MIN_OPTIONS <= len(options) <= MAX_OPTIONS:
        raise Invalid(
            _("A poll has %(least)d to %(most)d options.") % {"least": MIN_OPTIONS, "most": MAX_OPTIONS}, field="poll"
        )
    if not all(is_visible(option) for option in options):
        raise Invalid(_("An option of a poll must contain text."), field="poll")
    if max(map(len, options)) > MAX_CHARACTERS:
        raise TooLong(
            _("An option of a poll can have at most %(most)d characters.") % {"most": MAX_CHARACTERS}, field="poll"
        )
    if len({option.casefold() for option in options}) < len(options):
        raise Invalid(_("The options of a poll must be different."), field="poll")
    return {
        "options": [{"text": option, "votes": 0, "people": []} for option in options],
        "multiple": posted.multiple,
        "anonymous": posted.anonymous,
        "closed": False,
        "voters": 0,
    }


def without_votes(poll: dict[str, Any] | None) -> dict[str, Any] | None:
    """The column as it was when the poll was posted."""
    if poll is None:
        return None
    options = [{"text": option["text"], "votes": 0, "people": []} for option in poll["options"]]
    return poll | {"options": options, "voters": 0, "closed": False}
