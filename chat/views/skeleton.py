"""Pages of which most is the same for everyone: rendered once for each way they can look, then filled.

Django walks through a template's nodes on each use; for a page of a hundred nodes that takes longer than all its
queries. The template stays what it is; only its rendering is kept.
"""

import re
import secrets
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.translation import get_language

_TOKEN = secrets.token_hex(8)
"""Nobody can guess it, so nothing that people write looks like a slot."""
_SLOT = re.compile(f"--{_TOKEN}-([a-z_]+)--")


def slot(name: str) -> str:
    """What stands for a text in a skeleton. It may go where a slug may, and is never changed by escaping."""
    return f"--{_TOKEN}-{name}--"


def skeleton(template_name: str):
    """Decorate a function that makes a template's context, with a `slot(…)` in place of each text.

    The function's parameters are the ways that the page can look: flags and choices, few in all. It then takes `texts`
    first, what goes into each slot by name, and returns the page in UTF-8. A `str` is escaped, unless it is marked as
    safe; `bytes` are HTML already. Slots may stand in text, in quoted attributes and in addresses; no filter may look
    into them. The template is rendered without a request: what belongs to one person can only come through a slot.
    """

    def decorate(make_context: Callable[..., dict]) -> Callable[..., bytes]:
        kept: dict[tuple, list] = {}

        @wraps(make_context)
        def fill(texts: dict[str, str | bytes], **ways) -> bytes:
            name = (get_language(), *sorted(ways.items()))
            parts = kept.get(name)
            if parts is None:
                parts = _SLOT.split(get_template(template_name).render(make_context(**ways)))
                parts[::2] = [part.encode() for part in parts[::2]]
                if not settings.DEBUG:
                    kept[name] = parts
            html = {slot_name: _html(text) for slot_name, text in texts.items()}
            page = parts.copy()
            page[1::2] = [html[slot_name] for slot_name in parts[1::2]]
            return b"".join(page)

        return fill

    return decorate


def _html(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else conditional_escape(text).encode()
