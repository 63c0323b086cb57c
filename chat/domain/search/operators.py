"""The operators of the query language in all their spellings, and the values that they take."""

from datetime import datetime

from .query_types import FilterName

HAS: dict[str, tuple[str, ...]] = {
    "link": ("links", "url", "urls"),
    "image": ("images", "picture", "pictures", "photo"),
    "video": ("videos",),
    "audio": ("sound", "voice"),
    "file": ("files", "attachment", "attachments"),
    "code": ("snippet",),
    "reaction": ("reactions", "emoji"),
    "pin": ("pins", "pinned"),
    "poll": ("polls",),
}
"""The values of `has:`, with their other spellings."""
IS: dict[str, tuple[str, ...]] = {
    "unread": (),
    "mention": ("mentions", "mentioned"),
    "saved": ("starred", "bookmarked"),
    "thread": ("threads", "reply"),
    "dm": ("direct", "private"),
}
"""The values of `is:`, with their other spellings."""
_OPERATOR_SPELLINGS: dict[FilterName, tuple[str, ...]] = {
    FilterName.FROM: ("from", "sender"),
    FilterName.IN: ("in", "channel", "room", "stream"),
    FilterName.WITH: ("with", "dm", "dm-with", "pm-with"),
    FilterName.DATE: ("before", "after", "on", "during", "date", "since", "until"),
    FilterName.HAS: ("has",),
    FilterName.IS: ("is",),
    FilterName.MENTIONS: ("mentions",),
    FilterName.EXT: ("ext", "type", "filetype"),
    FilterName.FILE: ("file", "filename"),
}
OPERATORS = {spelling: name for name, spellings in _OPERATOR_SPELLINGS.items() for spelling in spellings}
"""What each operator filters by. `from:` and `sender:`, `in:` and `channel:` … mean the same."""


def limits(operator: str, first: datetime, after: datetime) -> tuple[datetime | None, datetime | None]:
    """When messages must have been posted: from and until. `first` and `after` limit the period that a date names."""
    match operator:
        case "before":
            return None, first
        case "until":
            return None, after
        case "after":
            return after, None
        case "since":
            return first, None
    return first, after


def value_of(name: FilterName, value: str) -> str | None:
    """The value that a filter compares with; None if the operator has no such value."""
    match name:
        case FilterName.FROM | FilterName.WITH | FilterName.MENTIONS:
            handle = value.removeprefix("@")
            return "me" if handle.casefold() == "me" else handle
        case FilterName.IN:
            return value.removeprefix("#")
        case FilterName.HAS:
            return _one_of(HAS, value)
        case FilterName.IS:
            return _one_of(IS, value)
        case FilterName.EXT:
            extension = value.lstrip("*.").casefold()
            return extension if extension and len(extension) <= 16 else None
    return value


def _one_of(spellings: dict[str, tuple[str, ...]], value: str) -> str | None:
    folded = value.casefold()
    return next((name for name, others in spellings.items() if folded == name or folded in others), None)
