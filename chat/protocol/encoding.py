"""JSON that is encoded once and sent to several people."""

import codecs
import json
from functools import cached_property

from pydantic import TypeAdapter

from .things import Message


class MessageList(list[Message]):
    """A list of messages that is sent to several people. It is encoded once, on first use."""

    @cached_property
    def encoded(self) -> str:
        """The JSON text of the list."""
        return _MESSAGES.dump_json(self).decode()

    @cached_property
    def in_script(self) -> str:
        """The JSON text, escaped for a `script` element."""
        return in_script(self.encoded)


def in_script(encoded: str) -> str:
    """Escape JSON for a `script` element, as Django's `json_script` does. In ASCII: with one other character in a page,
    Python needs 0.1 to 0.4 ms more to encode it."""
    escaped = encoded.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")
    return escaped if escaped.isascii() else escaped.encode("ascii", "chat.json").decode()


def _escape_for_json(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error("chat.json", _escape_for_json)


_MESSAGES = TypeAdapter(list[Message])
