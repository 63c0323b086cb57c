"""A room with something of every kind, and the ways in which Bob loses it.

Everything that Alice wrote in the room, and its name, has the word SECRET in it: no answer to Bob may have it.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import (
    account_bans,
    accounts,
    drafts,
    messages,
    pins,
    polls,
    reports,
    rooms,
    saved,
    scheduled,
    sites,
    threads,
)
from chat.domain.previews import files as preview_files
from chat.models import Attachment, Draft, Membership, Message, Reaction, Revision, Room, RoomHead, ScheduledMessage
from chat.protocol.things import PostedPoll
from chat.tests import sample_files
from chat.tests.attached import attach
from chat.tests.cast import person
from chat.tests.uploading import begin

SECRET = "kraken"
SLUG = "cove"
URL = "https://example.com/page"


@dataclass
class World:
    """The room, and the ids of what is in it."""

    room: Room
    message: int
    """A message of Alice that mentions Bob. It is pinned, is the root of a thread, and was edited; Bob saved it."""
    photo: Attachment
    text: Attachment
    upload: int
    """A file that Bob is uploading."""
    token: str
    """Of the picture of a preview of the message."""
    report: int
    """Of the message, by somebody else."""
    draft: int
    scheduled: int

    def state(self) -> tuple:
        """What must not change any more: the version of the room, and the numbers of rows in it."""
        return (
            RoomHead.objects.get(room=self.room).version,
            Message.objects.filter(room=self.room).count(),
            Reaction.objects.filter(message__room=self.room).count(),
            Revision.objects.filter(message__room=self.room).count(),
            Attachment.objects.filter(room=self.room).count(),
            self.room.memberships.count(),
        )


def build(alice, bob, kind: str) -> World:
    """The room, with Bob as a moderator."""
    room = rooms.create(slug=SLUG, name=f"The {SECRET}", topic=f"{SECRET} topic", kind=kind, by=alice)
    rooms.join(room=room, user=bob, role=Membership.Role.MODERATOR)
    first = _post(room, alice, f"A {SECRET} wakes")
    message = messages.edit(message=first.pk, by=alice, body=f"The {SECRET} sleeps @bob")
    photo = attach(message, sample_files.picture(size=(800, 600)), f"{SECRET}.jpg")
    text = attach(message, f"{SECRET} notes".encode(), f"{SECRET}.txt")
    token = preview_files.store(message.pk, URL, "picture", b"a picture")
    entry = {"url": URL, "title": f"{SECRET} page", "description": "", "site": "", "icon": None}
    entry["picture"] = {"token": token, "width": 1, "height": 1}
    Message.objects.filter(pk=message.pk).update(previews=[entry])
    _post(room, alice, f"Which {SECRET}?", poll=PostedPoll(options=[f"{SECRET} one", "Two"]))
    _post(room, alice, f"In the thread: {SECRET}", thread=message.pk)
    pins.pin(message=message.pk, by=alice, on=True)
    saved.save(message=message.pk, user=bob, on=True, remind_at=timezone.now() + timedelta(days=1))
    threads.follow(message=message.pk, user=bob)
    drafts.save(room=room.slug, user=bob, body="My own words", client_id=uuid.uuid4())
    later = timezone.now() + timedelta(days=1)
    waits = {"body": "My later words", "client_id": uuid.uuid4(), "at": later}
    scheduled.schedule(room=room.slug, author=bob, **waits)
    poll = Message.objects.filter(room=room, poll__isnull=False).get()
    polls.vote(message=poll.pk, by=bob, options=[0])
    charlie = person("Charlotte")
    rooms.join(room=room, user=charlie)
    report = reports.report_message(message=message.pk, by=charlie, reason="spam", note=f"{SECRET} again").pk
    sites.open_edit_history(on=True)
    upload = begin(room, bob, 3)
    return World(
        room=room,
        message=message.pk,
        photo=photo,
        text=text,
        upload=upload,
        token=token,
        report=report,
        draft=Draft.objects.get(user=bob).pk,
        scheduled=ScheduledMessage.objects.get(user=bob).pk,
    )


def _post(room, author, body: str, **fields) -> Message:
    return messages.post(room=room.slug, author=author, body=body, client_id=uuid.uuid4(), **fields)


@dataclass(frozen=True)
class Loss:
    """One way to lose access. `kind`: of the room before; `ends_sessions`: whether Bob is signed out everywhere."""

    name: str
    kind: str
    ends_sessions: bool

    def happen(self, world: World, bob, dora) -> None:
        """Let it happen, as staff do it."""
        _ACTS[self.name](world, bob, dora)


_ACTS = {
    "removed": lambda world, bob, dora: rooms.remove(room=world.room, user=bob, by=dora),
    "left": lambda world, bob, dora: rooms.leave(room=world.room, user=bob),
    "made private": lambda world, bob, dora: _make_private(world, bob, dora),
    "removed from a public room": lambda world, bob, dora: rooms.remove(room=world.room, user=bob, by=dora),
    "banned": lambda world, bob, dora: account_bans.ban(user=bob, by=dora, reason="Spam"),
    "deactivated": lambda world, bob, dora: accounts.deactivate(user=bob, by=dora),
}
LOSSES = [
    Loss("removed", "private", False),
    Loss("left", "private", False),
    Loss("made private", "public", False),
    Loss("removed from a public room", "public", False),
    Loss("banned", "private", True),
    Loss("deactivated", "private", True),
]
ON_PAGES = {"left", "removed from a public room", "banned"}
"""The losses after which `make test` asks all pages; it asks all commands of the socket after the others. `make
test-all` asks both after each."""


def losses(*, often: Callable[[str], bool]) -> list:
    """The losses as parameters of a test, those that are not `often` tried as `extended`."""
    return [pytest.param(loss, id=loss.name, marks=() if often(loss.name) else pytest.mark.extended) for loss in LOSSES]


def _make_private(world, bob, dora) -> None:
    # Members of a public room that becomes private stay.
    rooms.leave(room=world.room, user=bob)
    rooms.change(room=world.room, by=dora, kind="private")
