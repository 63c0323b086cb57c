"""What the modules of a page start with: the shapes that a socket would bring, as a JSON data block."""

from functools import cache

from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString

from chat.events import shapes

_ESCAPES = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"}


class PageData(shapes.Shape):
    """The data block of a page. `open` is there on a room's page."""

    welcome: shapes.Welcome
    open: shapes.OpenReply | None
    can_post: bool
    urls: dict[str, str]

    @classmethod
    def of(cls, welcome: shapes.Welcome, opened: shapes.OpenReply | None = None, can_post: bool = False) -> "PageData":
        """The data of a page, with the addresses that its modules need."""
        return cls(welcome=welcome, open=opened, can_post=can_post, urls=_addresses(get_script_prefix()))

    def encode(self) -> str:
        """JSON text; the room as its own shape encodes it."""
        room = self.open.encode() if self.open else "null"
        return f'{self.model_dump_json(exclude={"open"})[:-1]},"open":{room}}}'


@cache
def _addresses(script_prefix: str) -> dict[str, str]:
    return {
        "socket": reverse("chat:socket"),
        "room": reverse("chat:room", args=["__slug__"]),
        "login": reverse("login"),
    }


def as_script(shape: shapes.Shape) -> SafeString:
    """The JSON of a shape as a `script` element may hold it: escaped as Django's `json_script` does."""
    text = shape.encode()
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return SafeString(text)
