"""What the modules of a page start with: the shapes that a socket would bring, as a JSON data block."""

from functools import cache

from django.urls import get_script_prefix, reverse

from chat.events import shapes


class PageData(shapes.Shape):
    """The data block of a page. `open` is there on a room's page, and holds `Messages`."""

    welcome: shapes.Welcome
    open: shapes.OpenReply | None
    can_post: bool
    urls: dict[str, str]

    @classmethod
    def of(cls, welcome: shapes.Welcome, opened: shapes.OpenReply | None = None, can_post: bool = False) -> "PageData":
        """The data of a page, with the addresses that its modules need."""
        return cls(welcome=welcome, open=opened, can_post=can_post, urls=_addresses(get_script_prefix()))

    def in_script(self) -> bytes:
        """JSON as a `script` element may hold it; the messages as they were encoded before."""
        if self.open is None:
            return shapes.in_script(self.encode().encode())
        # Room for the messages is left at the end of `open`, and that at the end of the whole.
        whole = self.model_dump_json(exclude={"open"})
        opened = self.open.model_dump_json(exclude={"messages"})
        head = f'{whole[:-1]},"open":{opened[:-1]},"messages":'
        return b"".join((shapes.in_script(head.encode()), self.open.messages.in_script, b"}}"))


@cache
def _addresses(script_prefix: str) -> dict[str, str]:
    return {
        "socket": reverse("chat:socket"),
        # Any answer but an error of the server will do: `/healthz` is the cheapest where `project` is the site.
        "probe": f"{script_prefix}healthz",
        "room": reverse("chat:room", args=["__slug__"]),
        "login": reverse("login"),
    }
