"""A person changed, how they see the pages, or the emoji that people may use."""

from typing import Literal

from ..schema import Schema
from ..things import Person


class PersonEvent(Schema):
    """A person changed: their name, picture or status. It counts for all of their messages, also for old ones.

    It also comes after a change of their title or time zone, which are not in it: ask `profile` again to show them.

    Users get it of everyone; guests get it of people who write in rooms that are open to guests.
    """

    type: Literal["person"] = "person"
    person: Person


class LookChanged(Schema):
    """How this person wants to see the pages changed, perhaps in another tab. Only they get it.

    `theme` `system` follows the device, `clock` `auto` the language. `enter` is what the Enter key does in a text.
    """

    type: Literal["look"] = "look"
    theme: Literal["system", "light", "dark"]
    density: Literal["normal", "compact"]
    clock: Literal["auto", "12", "24"]
    enter: Literal["send", "line"]


class CustomEmojiChanged(Schema):
    """The site's own emoji changed. Ask `custom_emoji` for them.

    It is a hint, and may be lost.
    """

    type: Literal["custom_emoji"] = "custom_emoji"
