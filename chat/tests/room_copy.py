"""A client's own copy of one room, by the rules of docs/protocol.md. No I/O: frames in, a state out.

Written apart from the server and from the page's JavaScript, so that the three check one another.
"""

from html.parser import HTMLParser


class RoomCopy:
    """A client's copy of a room: `messages` by id, and `version`, its last version (None before the first `open`).

    While it is `behind`, the room must be opened again, with the fields that `since` gives. `highest_seen` is the
    highest version that an event had. `faults` lists what a correct server does not send. `limited` counts how often
    the server replaced the copy instead of completing it; `holes` counts events that came before earlier ones. An event
    that comes while an `open` is `asked` but not answered is no hole.
    """

    def __init__(self, slug: str):
        self.slug = slug
        self.epoch: str | None = None
        self.version: int | None = None
        self.highest_seen = 0
        self.asked = True
        self.state: dict = {}
        self.messages: dict[int, dict] = {}
        self._below: dict[int, dict] = {}
        self.quotes: dict[int, dict] = {}
        self.more = False
        self.oldest = 0
        self.limited = 0
        self.holes = 0
        self.faults: list[str] = []

    @property
    def behind(self) -> bool:
        """Whether something is known to be missing, so that the room must be opened (again)."""
        return self.version is None or self.highest_seen > self.version

    def since(self) -> dict:
        """The fields `since` and `epoch` of an `open`; none for a first one."""
        return {} if self.version is None else {"since": self.version, "epoch": self.epoch}

    def opened(self, reply: dict) -> None:
        """Take the answer to `open`: a fill, or a new beginning when it is `limited` or of another epoch."""
        self.asked = False
        if self.version is None or reply["limited"] or reply["epoch"] != self.epoch:
            self._begin(reply)
        elif reply["after"] > self.version:
            self.faults.append(f"open since {self.version} answered after {reply['after']}")
        else:
            self._fill(reply["messages"], reply["upto"])
            self._take_state(reply["state"])

    def apply(self, frame: dict) -> None:
        """Take an event of this room: `message`, `room` or `changes`; others do not touch the copy."""
        if frame["type"] not in {"message", "room", "changes"}:
            return
        upto = frame["upto"] if frame["type"] == "changes" else frame["version"]
        after = frame["after"] if frame["type"] == "changes" else upto - 1
        self.highest_seen = max(self.highest_seen, upto)
        if self.version is None or upto <= self.version:
            return
        if after > self.version:
            self.holes += not self.asked
            return
        self._fill([frame["message"]] if frame["type"] == "message" else frame.get("messages", []), upto)
        if frame.get("state"):
            self._take_state(frame["state"])

    def older(self, reply: dict) -> None:
        """Take the answer to `history … before=oldest`. A message that is held already stays, if it is newer."""
        for message in reply["messages"]:
            if message["seq"] >= self.oldest:
                self.faults.append(f"history before {self.oldest} gave {message['seq']}")
            self._upsert(message)
        self.more = reply["more_before"]
        self.oldest = self._first_seq() if self.more else 0
        for message in [message for message in self._below.values() if message["seq"] >= self.oldest]:
            self._upsert(self._below.pop(message["id"]))

    def in_order(self) -> list[dict]:
        """The messages as a person sees them in the room: by their place there, each with the newest quote it can have.
        Replies that only their thread shows are left out."""
        shown = (message for message in self.messages.values() if message["in_room"])
        messages = sorted(shown, key=lambda message: message["seq"])
        return [
            message | {"quote": self.quotes[message["reply_to"]]} if message["quote"] else message
            for message in messages
        ]

    def _begin(self, reply: dict) -> None:
        self.limited += self.version is not None
        if self.epoch not in {None, reply["epoch"]}:
            self.highest_seen = 0  # Versions of a former life of the log: they may have gone back.
        self.epoch, self.version = reply["epoch"], reply["upto"]
        self.messages = {message["id"]: message for message in reply["messages"]}
        self._below = {}
        self.quotes = {}
        for message in reply["messages"]:
            self._note_quotes(message)
        self.state = reply["state"]
        self.more = reply["more_before"]
        self.oldest = self._first_seq() if self.more else 0

    def _fill(self, messages: list[dict], upto: int) -> None:
        versions = [message["version"] for message in messages]
        if versions != sorted(set(versions)) or (versions and versions[-1] > upto):
            self.faults.append(f"a fill up to {upto} is out of order: {versions}")
        for message in messages:
            # Older than the pages that were loaded: kept aside, for a page may have been read before this change.
            self._upsert(message, self.messages if message["seq"] >= self.oldest else self._below)
        self.version = max(self.version, upto)

    def _upsert(self, message: dict, shelf: dict | None = None) -> None:
        self._note_quotes(message)
        shelf = self.messages if shelf is None else shelf
        held = shelf.get(message["id"])
        if held is None or message["version"] > held["version"]:
            shelf[message["id"]] = message
        elif message["version"] == held["version"] and message | {"quote": None} != held | {"quote": None}:
            self.faults.append(f"two forms of message {message['id']} at version {message['version']}")

    def _note_quotes(self, message: dict) -> None:
        """Keep the newest short form of each message: from quotes, and from the message itself."""
        for quote in (message["quote"], as_quote(message)):
            if quote and quote["version"] > self.quotes.get(quote["id"], {"version": 0})["version"]:
                self.quotes[quote["id"]] = quote

    def _take_state(self, state: dict) -> None:
        # A fill may repeat the room as it was: its own version tells which is newer.
        if state["changed_version"] >= self.state.get("changed_version", 0):
            self.state = self.state | state

    def _first_seq(self) -> int:
        return min((message["seq"] for message in self.messages.values() if message["in_room"]), default=0)


class _Text(HTMLParser):
    """Collects the text of a piece of HTML."""

    def __init__(self, html: str):
        super().__init__()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_data(self, data):
        self.text += data


def as_quote(message: dict) -> dict:
    """A message in the form of a quote of it, as the protocol describes that."""
    text = " ".join(_Text(message["html"]).text.split())
    text = text if len(text) <= 140 else f"{text[:140]}…"
    author = message["author"] and {name: message["author"][name] for name in ("id", "name")}
    same = {name: message[name] for name in ("id", "seq", "version", "guest", "deleted")}
    return same | {"author": author, "text": text, "file": next(iter(message["attachments"]), None)}
