"""A client of a chaos run: posts, edits, deletes, reacts, sends files, changes rooms and starts direct rooms at random,
and keeps a copy of each room."""

import asyncio
import contextlib
import hashlib
import itertools
import random
import time
import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chat.management.protocol_connection import CommandRefused
from chat.tests import sample_files
from chat.tests.client import Client
from chat.tests.room_copy import RoomCopy

from .expectations import Expectations, Post, SentFile
from .tus_upload import TusUpload, UploadFailed

EMOJI = ["👍", "🎉", "❤️", "😀", "👩‍👩‍👧‍👦"]
KEPT_MESSAGES = 30
OPTIONS = ["Tea", "Coffee", "Water"]
SCHEDULED_AFTER_S = (1, 8)
TOO_LONG = "x" * 8001
PAUSE_S = 2.5
LINKS = 0.05
"""The share of posts with a link, for which a background job fetches a preview."""
FILE_BYTES = (1, 400_000)
PICTURES = 0.25
"""The share of files that are pictures: a job removes their metadata and makes thumbnails."""
THREADS = 0.2
"""The share of posts that are replies in a thread; a fifth of them are shown in the room, too."""
HIDES = 0.25
"""The share of visits to a direct room that end with hiding it. The next message brings it back."""


def as_stored(text: str) -> str:
    """The text that the site stores for a line: leading white space stays, because it may be code."""
    return text.rstrip().lstrip("\n")


@dataclass
class SharedState:
    """State of all clients: `lines` to post, the `link` in some of them, and `over`, which is set when they must
    stop."""

    lines: Iterator[str]
    expectations: Expectations
    over: asyncio.Event
    link: str
    forms: dict[tuple[int, int], dict] = field(default_factory=dict)

    def interned(self, message: dict) -> dict:
        """One object for all clients for each version of a message: a hundred copies of a long log need much memory."""
        known = self.forms.setdefault((message["id"], message["version"]), message)
        return known if known == message else message


class ChaosClient(Client):
    """One client. `part` describes it: who `moderates` deletes messages of others; a `second` device only posts. It has
    a direct room with each of its `groups` (lists of ids of users)."""

    _orders = itertools.count(1)

    def __init__(self, number: int, url: str, part: dict, shared: SharedState, seed: int):
        options = {"open_timeout": 5, "close_timeout": 1, "ping_interval": None}
        super().__init__(url, part["session"], part["rooms"], patience=180, **options)
        self.number = number
        self.part = part
        self.shared = shared
        self.expectations = shared.expectations
        self.rng = random.Random(f"{seed} {number}")
        self.mine: deque[int] = deque(maxlen=KEPT_MESSAGES)
        self.frames = deque(maxlen=KEPT_MESSAGES)
        self.switches = 0
        self.returning: set[str] = set()
        self.direct: set[str] = set()

    async def act(self) -> None:
        """Do random actions, one after the other, until the run is over. All clients begin with `talk_directly`: the
        people of a direct room start it at the same moment."""
        await self.talk_directly()
        actions = {
            self.post: 60,
            self.refused_post: 2,
            self.switch_rooms: 12,
            self.talk_directly: 10,
            self.post_file: 6,
            self.schedule: 4,
        }
        if not self.part["second"]:
            actions |= {self.edit: 12, self.react: 22, self.delete: 4, self.pin: 3, self.ask_poll: 2, self.vote: 10}
        while not self.shared.over.is_set():
            pause = self.rng.expovariate(1 / PAUSE_S)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.shared.over.wait(), pause)
                return
            [do] = self.rng.choices(list(actions), list(actions.values()))
            await do()

    async def post(self) -> None:
        """Post the next line, sometimes as a reply, or in a thread."""
        room = self.rng.choice(list(self.copies))
        answers = self._seen(room)
        reply_to = {"reply_to": self.rng.choice(answers)["id"]} if answers and self.rng.random() < 0.1 else {}
        if answers and self.rng.random() < THREADS:
            in_room = self.rng.random() < 0.2
            reply_to |= {"thread": self.rng.choice(answers)["id"], "in_room": in_room}
        link = f" {self.shared.link}" if self.rng.random() < LINKS else ""
        await self._post(room, next(self.shared.lines) + link, **reply_to)

    async def post_file(self) -> None:
        """Upload a file, then post it with a text."""
        room = self.rng.choice(list(self.copies))
        is_picture = self.rng.random() < PICTURES
        # The first bytes are no signature of any type, so that the file is kept as it is.
        content = b"\xff\0" + self.rng.randbytes(self.rng.randint(*FILE_BYTES))
        if is_picture:
            content = sample_files.picture(size=(400, 300))
        upload = TusUpload(self.url.replace("ws://", "http://").removesuffix("/chat"), self.session, room, content)
        try:
            file = await upload.send()
        except UploadFailed as failed:
            self.expectations.broken_uploads.append(str(failed))
            return
        finally:
            self.expectations.interruptions += upload.interruptions
        if file is None:
            return
        sent = SentFile(hashlib.sha256(content).hexdigest(), is_picture)
        post = await self._post(room, next(self.shared.lines), attachments=[{"id": file, "alt": "", "spoiler": False}])
        if post.message is not None:
            sent.message = post.message
            self.expectations.files[file] = sent

    async def switch_rooms(self) -> None:
        """Leave a room and come back, as a page that shows another one meanwhile: the copy continues where it ended."""
        room = self.rng.choice(list(self.copies))
        copy = self.copies.pop(room)
        await self.request_until_answered("close", room=room)
        await self.post()
        copy.asked = True
        self.copies[room] = copy
        self.returning.add(room)
        await self.request_until_answered("open", room=room, **copy.since())
        self.switches += 1

    async def talk_directly(self) -> None:
        """Open the direct room of a group, and write in it or hide it. Whoever of the group is first makes the room."""
        people = self.rng.choice(self.part["groups"])
        others = [user for user in people if user != self.part["user"]]
        reply = await self.request_until_answered("direct", people=others)
        room = reply["state"]["slug"]
        self.expectations.direct_rooms[tuple(sorted(people))].add(room)
        self.direct.add(room)
        if room not in self.copies:
            await self.watch(room)
        if self.rng.random() < HIDES:
            await self.request_until_answered("hide", room=room, on=True)
        else:
            await self._post(room, next(self.shared.lines))

    async def hidden_rooms(self) -> set[str]:
        """The slugs of the direct rooms that the server says are hidden from this person's list."""
        states = [
            await self.request_until_answered("open", room=room, **self.copies[room].since()) for room in self.direct
        ]
        return {reply["state"]["slug"] for reply in states if reply["state"]["hidden"]}

    async def refused_post(self) -> None:
        """Post a text that is too long, or in a room that this person must not see."""
        room, text = self.rng.choice([(next(iter(self.copies)), TOO_LONG), (self.part["closed"], "let me in")])
        await self._post(room, text)

    async def schedule(self) -> None:
        """Let the server post the next line some seconds later."""
        room, text, client_id = self.rng.choice(list(self.copies)), next(self.shared.lines), str(uuid.uuid4())
        post = Post(room, as_stored(text), self.part["user"], self.number, next(self._orders), scheduled=True)
        self.expectations.posts[client_id] = post
        at = datetime.now(UTC) + timedelta(seconds=self.rng.uniform(*SCHEDULED_AFTER_S))
        try:
            await self.request_until_answered(
                "schedule", room=room, client_id=client_id, body=text, at=at.isoformat(), silent=True
            )
        except CommandRefused as refused:
            # The answer to an attempt before was lost, and the message was sent meanwhile: it must be there.
            post.promised = refused.field == "client_id"
            if not post.promised:
                post.refused = refused.code
                self.expectations.refusals[refused.code] += 1
        else:
            post.promised = True

    async def ask_poll(self) -> None:
        """Post a poll."""
        room = self.rng.choice(list(self.copies))
        poll = {"options": OPTIONS, "anonymous": self.rng.random() < 0.5}
        await self._post(room, next(self.shared.lines), poll=poll)

    async def vote(self) -> None:
        """Vote in a poll, vote for something else, or take the vote back."""
        polls = [message["id"] for message in self._seen(self.rng.choice(list(self.copies))) if message["poll"]]
        if polls:
            message, option = self.rng.choice(polls), self.rng.randrange(len(OPTIONS) + 1)
            chosen = [option] if option < len(OPTIONS) else []
            if await self._change("vote", message=message, options=chosen):
                self.expectations.votes[message, self.part["user"]] = tuple(chosen)

    async def edit(self) -> None:
        """Edit an own message."""
        if self.mine:
            message, text = self.rng.choice(self.mine), next(self.shared.lines)
            if await self._change("edit", message=message, body=text):
                self.expectations.texts[message] = as_stored(text)

    async def delete(self) -> None:
        """Delete an own message; as a moderator, any message."""
        room = self.rng.choice(list(self.copies))
        theirs = [message["id"] for message in self._seen(room)] if self.part["moderates"] else []
        if candidates := theirs or list(self.mine):
            message = self.rng.choice(candidates)
            if await self._change("delete", message=message):
                self.expectations.deleted.add(message)

    async def react(self) -> None:
        """Add or remove a reaction."""
        if seen := self._seen(self.rng.choice(list(self.copies))):
            message, emoji = self.rng.choice(seen)["id"], self.rng.choice(EMOJI)
            key = (message, self.part["user"], emoji)
            on = not self.expectations.reactions.get(key, False)
            if await self._change("react", message=message, emoji=emoji, on=on):
                self.expectations.reactions[key] = on

    async def pin(self) -> None:
        """Pin a message to the head of its room, or end that. The copies must agree with what is stored."""
        if seen := self._seen(self.rng.choice(list(self.copies))):
            message = self.rng.choice(seen)
            await self._change("pin", message=message["id"], on=message["pinned"] is None)

    def on_unknown_outcome(self, type: str, fields: dict) -> None:
        """Note an attempt without an answer: it may have been executed, or may be executed later."""
        message = fields.get("message")
        if type == "edit":
            self.expectations.uncertain_texts[message].add(as_stored(fields["body"]))
        elif type == "delete":
            self.expectations.uncertain_deletions.add(message)
        elif type == "vote":
            self.expectations.uncertain_votes.add((message, self.part["user"]))
        elif type == "react":
            self.expectations.uncertain_reactions.add((message, self.part["user"], fields["emoji"]))

    def on_frame(self, frame: dict) -> None:
        """Handle a frame."""
        # The event of one's own votes has the id of a message.
        if isinstance(frame.get("message"), dict):
            frame["message"] = self.shared.interned(frame["message"])
        elif "messages" in frame:
            frame["messages"] = [self.shared.interned(message) for message in frame["messages"]]
        super().on_frame(frame)

    def advanced(self, copy: RoomCopy, before: int | None) -> None:
        """Note that a copy has reached a newer version. What it missed while its room was left is not late."""
        if copy.slug in self.returning:
            self.returning.discard(copy.slug)
        elif before is not None:
            self.expectations.advanced(copy.slug, before, copy.version)

    def _seen(self, room: str) -> list[dict]:
        return [message for message in self.copies[room].in_order()[-KEPT_MESSAGES:] if not message["deleted"]]

    async def _post(self, room: str, text: str, **fields) -> Post:
        client_id, asked_at = str(uuid.uuid4()), time.monotonic()
        post = Post(room, as_stored(text), self.part["user"], self.number, next(self._orders))
        self.expectations.posts[client_id] = post
        try:
            reply = await self.request_until_answered("post", room=room, client_id=client_id, body=text, **fields)
        except CommandRefused as refused:
            post.refused = refused.code
            self.expectations.refusals[refused.code] += 1
        else:
            post.message = reply["message"]["id"]
            self.mine.append(post.message)
            self.expectations.acknowledge(room, reply["message"]["version"], asked_at)
        return post

    async def _change(self, type: str, **fields) -> bool:
        asked_at = time.monotonic()
        try:
            reply = await self.request_until_answered(type, **fields)
        except CommandRefused as refused:
            self.expectations.refusals[refused.code] += 1
            return False  # Someone else has deleted the message.
        self.expectations.acknowledge(reply["room"], reply["message"]["version"], asked_at)
        return True
