"""Finds where a construct may begin in a text: at an address or at a mark."""

import re
from functools import cache

from . import mentions

_SIGNS = mentions.SIGNS
_URL = r"(?P<url>(?<![A-Za-z0-9])(?:[hH][tT]{2}[pP][sS]?://|[wW]{3}\.))"
_MAIL = (
    r"(?P<mail>(?<![A-Za-z0-9._%+-])[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_+-])?"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?){1,9})"
)
_MARKS = r"\n\\`*_~\[\]&<"


@cache
def pattern(*, has_signs: bool, more: str) -> re.Pattern[str]:
    """The pattern of what a text may have beside plain characters; `more`: marks that few texts have."""
    if has_signs:
        return re.compile(f"{_MAIL}|{_URL}|[{_MARKS}{_SIGNS}{more}]")
    return re.compile(f"{_URL}|[{_MARKS}{more}]")
