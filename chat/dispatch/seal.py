"""The seal of messages between processes: only a process that has SECRET_KEY can send events to pages over Redis.

The seal is an HMAC (RFC 2104) of the content, with a key derived from SECRET_KEY.
"""

import hmac
import json
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac


class NotSealed(ValueError):
    """The message has no valid seal: it is from a program without the key, or was changed."""


def seal(content: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of `content` with the field `seal`.

    The seal protects three fields: `from` (the token of the sender's hub), `events` and `gossip` (see the glossary).
    """
    return content | {"seal": _code(content)}


def check_seal(content: dict[str, Any]) -> None:
    """Raise NotSealed unless `content` has a seal, and the fields that it protects are unchanged."""
    code = content.get("seal")
    try:
        is_valid = isinstance(code, str) and hmac.compare_digest(code, _code(content))
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError):
        is_valid = False  # It does not have the form of a message, or has text that cannot be encoded.
    if not is_valid:
        raise NotSealed


def _code(content: dict[str, Any]) -> str:
    # A text is JSON already, and encoding it again would take most of the time. So the HMAC gets the texts after the
    # rest, unencoded. Their lengths are in the JSON: characters cannot move from one text to the next.
    texts = [event["text"] for event in content["events"]]
    without_texts = [
        content["from"],
        [{name: value for name, value in event.items() if name != "text"} for event in content["events"]],
        [len(text) for text in texts],
        content.get("gossip", []),
    ]
    code = hmac.new(_key(settings.SECRET_KEY), json.dumps(without_texts).encode(), "sha256")
    for text in texts:
        code.update(text.encode())
    return code.hexdigest()


@cache
def _key(secret: str) -> bytes:
    return salted_hmac("chat.dispatch.seal", "", secret=secret, algorithm="sha256").digest()
