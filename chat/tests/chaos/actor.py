"""A client of the storm: someone who posts, edits, deletes and reacts, and keeps a copy of each room they watch."""

import asyncio
import contextlib
import itertools
import random
import time
import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from chat.management.wire import CommandRefused
from chat.tests.client import Client
from chat.tests.room_copy import RoomCopy

from .ledger import Ledger, Said

EMOJI = ["👍", "🎉", "❤️", "😀", "👩‍👩‍👧‍👦"]
REMEMBERED = 30
TOO_LONG = "x" * 8001
PAUSE_S = 2.5


def as_stored(text: str) -> str:
    """What of a line is stored: the white space before its first word is kept, as it may be code."""
    return text.rstrip().lstrip("\n")


@dataclass
class Scene:
    """What all actors share. `lines` is what they say, `over` is set when they shall stop."""

    lines: Iterator[str]
    ledger: Ledger
    over: asyncio.Event
    forms: dict[tuple[int, int], dict] = field(default_factory=dict)

    def shared(self, message: dict) -> dict:
        """The same form of a message, one object for all clients: a hundred copies of a long log fill the memory."""
        known = self.forms.setdefault((message["id"], message["version"]), message)
        return known if known == message else message


class Actor(Client):
    """One client. `part` is who they are: `moderates` may delete what others said, a `second` device only posts."""

    _orders = itertools.count(1)

    def __init__(self, number: int, url: str, part: dict, scene: Scene, seed: int):
        options = {"open_timeout": 5, "close_timeout": 1, "ping_interval": None}
        super().__init__(url, part["session"], part["rooms"], patience=180, **options)
        self.number = number
        self.part = part
        self.scene = scene
        self.ledger = scene.ledger
        self.dice = random.Random(f"{seed} {number}")
        self.mine: deque[int] = deque(maxlen=REMEMBERED)
        self.frames = deque(maxlen=REMEMBERED)

    async def act(self) -> None:
        """Do things, one after the other, until the storm is over."""
        doings = {self.post: 60, self.refused_post: 2}
        if not self.part["second"]:
            doings |= {self.edit: 12, self.react: 22, self.delete: 4}
        while not self.scene.over.is_set():
            pause = self.dice.expovariate(1 / PAUSE_S)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.scene.over.wait(), pause)
                return
            [do] = self.dice.choices(list(doings), list(doings.values()))
            await do()

    async def post(self) -> None:
        """Say the next line."""
        room = self.dice.choice(list(self.copies))
        answers = self._seen(room)
        reply_to = {"reply_to": self.dice.choice(answers)["id"]} if answers and self.dice.random() < 0.1 else {}
        await self._say(room, next(self.scene.lines), **reply_to)

    async def refused_post(self) -> None:
        """Say what will be refused for certain, or where one may not be."""
        room, text = self.dice.choice([(next(iter(self.copies)), TOO_LONG), (self.part["closed"], "let me in")])
        await self._say(room, text)

    async def edit(self) -> None:
        """Change something one said."""
        if self.mine:
            message, text = self.dice.choice(self.mine), next(self.scene.lines)
            if await self._change("edit", message=message, body=text):
                self.ledger.texts[message] = as_stored(text)

    async def delete(self) -> None:
        """Delete something one said; as a moderator, what someone said."""
        room = self.dice.choice(list(self.copies))
        theirs = [message["id"] for message in self._seen(room)] if self.part["moderates"] else []
        if candidates := theirs or list(self.mine):
            message = self.dice.choice(candidates)
            if await self._change("delete", message=message):
                self.ledger.deleted.add(message)

    async def react(self) -> None:
        """Add a reaction, or take one back."""
        if seen := self._seen(self.dice.choice(list(self.copies))):
            message, emoji = self.dice.choice(seen)["id"], self.dice.choice(EMOJI)
            key = (message, self.part["user"], emoji)
            on = not self.ledger.reactions.get(key, False)
            if await self._change("react", message=message, emoji=emoji, on=on):
                self.ledger.reactions[key] = on

    def doubted(self, type: str, fields: dict) -> None:
        """An attempt may have been carried out, or may be later on."""
        message = fields.get("message")
        if type == "edit":
            self.ledger.doubted_texts[message].add(as_stored(fields["body"]))
        elif type == "delete":
            self.ledger.doubted_deletions.add(message)
        elif type == "react":
            self.ledger.doubted_reactions.add((message, self.part["user"], fields["emoji"]))

    def heard(self, frame: dict) -> None:
        """Take a frame."""
        if "message" in frame:
            frame["message"] = self.scene.shared(frame["message"])
        elif "messages" in frame:
            frame["messages"] = [self.scene.shared(message) for message in frame["messages"]]
        super().heard(frame)

    def advanced(self, copy: RoomCopy, before: int | None) -> None:
        """A copy moved on."""
        if before is not None:
            self.ledger.advanced(copy.slug, before, copy.version)

    def _seen(self, room: str) -> list[dict]:
        return [message for message in self.copies[room].in_order()[-REMEMBERED:] if not message["deleted"]]

    async def _say(self, room: str, text: str, **fields) -> None:
        client_id, asked_at = str(uuid.uuid4()), time.monotonic()
        said = Said(room, as_stored(text), self.part["user"], self.number, next(self._orders))
        self.ledger.said[client_id] = said
        try:
            reply = await self.insist("post", room=room, client_id=client_id, body=text, **fields)
        except CommandRefused as refused:
            said.refused = refused.code
            self.ledger.refusals[refused.code] += 1
        else:
            said.message = reply["message"]["id"]
            self.mine.append(said.message)
            self.ledger.acknowledge(room, reply["message"]["version"], asked_at)

    async def _change(self, type: str, **fields) -> bool:
        asked_at = time.monotonic()
        try:
            reply = await self.insist(type, **fields)
        except CommandRefused as refused:
            self.ledger.refusals[refused.code] += 1
            return False  # Someone deleted it meanwhile.
        self.ledger.acknowledge(reply["room"], reply["message"]["version"], asked_at)
        return True
