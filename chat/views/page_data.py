"""The JSON data block of a page, with which its JavaScript modules start. It uses the schemas of the socket."""

from functools import cache
from typing import Any

from django.templatetags.static import static
from django.urls import get_script_prefix, reverse

from chat.domain.emoji.names import LANGUAGES
from chat.protocol import encoding, events, replies
from chat.protocol.schema import Schema


class EmojiAddresses(Schema):
    """The files of chat/static/chat/emoji: the list of emoji, and their words in other languages than English, by the
    tag of the language."""

    list: str
    words: dict[str, str]


class Addresses(Schema):
    """Paths that the modules of a page need. `room` is a template: `__slug__` is replaced by the slug. `files` is the
    beginning of the path of each file. In `custom_emoji_picture`, `__name__` is replaced by a name."""

    socket: str
    probe: str
    home: str
    room: str
    files: str
    login: str
    saved: str
    search: str
    search_results: str
    custom_emoji: str
    custom_emoji_picture: str
    emoji: EmojiAddresses


class BanPages(Schema):
    """Paths of the pages of the admin that ban a person and a guest, for those who may."""

    person: str
    guest: str

    @classmethod
    def of(cls, user: Any) -> "BanPages | None":
        """Those of a staff user with both permissions, else None. No query for other people."""
        if not (user.is_staff and user.has_perms(["chat.add_accountban", "chat.add_guestban"])):
            return None
        return cls(person=reverse("admin:chat_accountban_add"), guest=reverse("admin:chat_guestban_add"))


class PageData(Schema):
    """The data block of a page. `open` is None on pages without a room. Its messages must be a `MessageList`. `at` is
    the id of the message that the address names. `sees_edits`: whether the site shows former texts to everyone.
    `time_zone`: that of the person's profile, or empty. `bans` is null for people who may ban nobody."""

    welcome: events.Welcome
    open: replies.OpenReply | None
    at: int | None
    sees_edits: bool
    time_zone: str
    bans: BanPages | None
    urls: Addresses

    @classmethod
    def of(
        cls,
        welcome: events.Welcome,
        opened: replies.OpenReply | None = None,
        at: int | None = None,
        *,
        sees_edits: bool = False,
        time_zone: str = "",
        bans: BanPages | None = None,
    ) -> "PageData":
        """The data of a page, with the paths that its modules need."""
        urls = _addresses(get_script_prefix())
        look = {"sees_edits": sees_edits, "time_zone": time_zone}
        return cls(welcome=welcome, open=opened, at=at, bans=bans, urls=urls, **look)

    def in_script(self) -> str:
        """The JSON, escaped for a `script` element. The messages are encoded and escaped once for all viewers."""
        if self.open is None:
            return encoding.in_script(self.encode())
        # The encoded messages are appended as text, so they are last in `open`, and `open` is last in the block.
        block = self.model_dump_json(exclude={"open"})
        opened = self.open.model_dump_json(exclude={"messages"})
        head = f'{block[:-1]},"open":{opened[:-1]},"messages":'
        return f"{encoding.in_script(head)}{self.open.messages.in_script}}}}}"


@cache
def _addresses(script_prefix: str) -> Addresses:
    return Addresses(
        socket=reverse("chat:socket"),
        # A page probes whether the server answers. Any status below 500 will do; `/healthz` is the cheapest page.
        probe=f"{script_prefix}healthz",
        home=reverse("chat:home"),
        room=reverse("chat:room", args=["__slug__"]),
        files=f"{script_prefix}files/",
        login=reverse("login"),
        saved=reverse("chat:saved"),
        search=reverse("chat:search"),
        search_results=reverse("chat:search_results"),
        custom_emoji=reverse("chat:custom_emoji"),
        custom_emoji_picture=reverse("chat:custom_emoji_picture", args=["__name__"]),
        emoji=EmojiAddresses(
            list=static("chat/emoji/emoji.json"),
            words={tag: static(f"chat/emoji/words/{tag}.json") for tag in LANGUAGES},
        ),
    )
