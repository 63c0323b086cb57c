"""What processes say to each other, sealed: whoever can write to Redis, and has no SECRET_KEY, says nothing to a page.

The seal is a code of the content and of the site's key (HMAC, RFC 2104).
"""

import hmac
import json
from functools import cache

from django.conf import settings
from django.utils.crypto import salted_hmac


class NotSealed(ValueError):
    """A message without the site's seal: of another program, another key, or a version before this one."""


def seal(content: dict) -> dict:
    """`content` (`from`, `events`, `gossip`), with its seal."""
    return content | {"seal": _code(content)}


def check_seal(content: dict) -> None:
    """Raise NotSealed unless the content is as it was sealed."""
    code = content.get("seal")
    try:
        sound = isinstance(code, str) and hmac.compare_digest(code, _code(content))
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError):
        sound = False  # Not of the form that is sealed, or with text that cannot be encoded.
    if not sound:
        raise NotSealed


def _code(content: dict) -> str:
    # The texts as they are, after their lengths: to write them as JSON once more would cost more than all the rest.
    texts = [event["text"] for event in content["events"]]
    frame = [
        content["from"],
        [{name: value for name, value in event.items() if name != "text"} for event in content["events"]],
        [len(text) for text in texts],
        content.get("gossip", []),
    ]
    code = hmac.new(_key(settings.SECRET_KEY), json.dumps(frame).encode(), "sha256")
    for text in texts:
        code.update(text.encode())
    return code.hexdigest()


@cache
def _key(secret: str) -> bytes:
    return salted_hmac("chat.events.seal", "", secret=secret, algorithm="sha256").digest()
