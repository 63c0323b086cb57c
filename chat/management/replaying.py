"""A conversation played into a running site: one person, one account, one socket."""

import asyncio
import contextlib
import hashlib
import itertools
import re
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model

from chat.domain import handles, rooms
from chat.domain.errors import Invalid
from chat.models import Room

from .conversation import Line, moments
from .speaker import Speaker
from .wire import CommandRefused, Wire

MAIL_DOMAIN = "replay.invalid"
ARRIVAL_PATIENCE_S = 3
ARRIVING_AT_ONCE = 10


class LineRefused(Exception):
    """The site will not take a line; the text says which, and why."""


class TakenForGuest(Exception):
    """The site does not know the session of a person of the conversation; the text says whose, and what to look at."""


class Person(Speaker):
    """Someone of the conversation, who speaks as themselves or not at all."""

    def __init__(self, name: str, url: str, session: str):
        super().__init__(url, session)
        self.name = name

    async def arrived(self, wire: Wire) -> None:
        """Look whom the site takes us for. Raises TakenForGuest."""
        if (await wire.welcome())["you"]["user"] is None:
            raise TakenForGuest(
                f"{self.url} takes {self.name} for a guest: it does not know the sessions of this database. "
                "Does --url lead to this site, and does it have the same DATABASE_URL?"
            )


@dataclass(slots=True)
class Progress:
    """How far a replay is. `people` have a socket; `acknowledged` lines are stored by the site."""

    lines: int
    everyone: int
    people: int = 0
    acknowledged: int = 0
    began: float = 0.0

    @property
    def rate(self) -> float:
        """Acknowledged lines a second, so far."""
        seconds = time.monotonic() - self.began
        return self.acknowledged / seconds if self.began and seconds else 0.0


class Cast:
    """The people of a conversation as accounts of the site, signed in: `sessions` by the names in the conversation.

    As a context manager it makes accounts, memberships and sessions, and ends the sessions. The accounts stay, for
    what they said is theirs; they have no password, and the next replay finds them again.
    """

    def __init__(self, names: Iterable[str], room: Room):
        self.names = list(dict.fromkeys(names))
        self.room = room
        self.sessions: dict[str, str] = {}

    def __enter__(self) -> "Cast":
        for name in self.names:
            user = account(name)
            rooms.join(room=self.room, user=user)
            self.sessions[name] = sign_in(user)
        return self

    def __exit__(self, *_) -> None:
        store = import_module(settings.SESSION_ENGINE).SessionStore
        for key in self.sessions.values():
            store(key).delete()


def account(name: str):
    """The account that replays have for the person called `name`, made on first use. Never a real person's.

    Its address tells it from theirs: `.invalid` belongs to nobody (RFC 2606 §2).
    """
    users = get_user_model()._default_manager
    email = f"{hashlib.sha256(name.encode()).hexdigest()[:16]}@{MAIL_DOMAIN}"
    user = users.filter(email=email).first()
    if user is None:
        user = users.create_user(_free_username(name), email, password=None)
    elif not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
    return user


def _free_username(name: str) -> str:
    wanted = re.sub(r"[^\w.@+-]", "_", name)
    for number in itertools.count(1):
        with contextlib.suppress(Invalid):
            return handles.clean(wanted if number == 1 else f"{wanted}-replay{number}")


def sign_in(user) -> str:
    """The key of a new session of `user`, as if they had signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


async def play(
    lines: list[Line], sessions: dict[str, str], *, url: str, room: str, speed: float, show: Callable[[Progress], None]
) -> Progress:
    """Say `lines` in `room` at `url`, in their order: each once the one before is stored.

    Pauses are those of the conversation divided by `speed`; with 0 there are none. `show` is called after every step.
    Raises `Unreachable`, `TakenForGuest` and `LineRefused`.
    """
    progress = Progress(lines=len(lines), everyone=len(sessions))
    speakers = {name: Person(name, url, session) for name, session in sessions.items()}
    try:
        await _arrive(speakers.values(), progress, show)
        progress.began = time.monotonic()
        for number, (moment, line) in enumerate(moments(lines), 1):
            if speed:
                await asyncio.sleep(progress.began + moment / speed - time.monotonic())
            client_id = str(uuid.uuid4())
            try:
                await speakers[line.who].insist("post", room=room, client_id=client_id, body=line.text)
            except CommandRefused as refused:
                raise LineRefused(f"line {number}, by {line.who}: {refused.detail} ({refused.code})") from None
            progress.acknowledged += 1
            show(progress)
    finally:
        await asyncio.gather(*(speaker.close() for speaker in speakers.values()))
    return progress


async def _arrive(speakers: Iterable[Speaker], progress: Progress, show) -> None:
    turn = asyncio.Semaphore(ARRIVING_AT_ONCE)

    async def arrive(speaker: Speaker) -> None:
        async with turn:
            # A wrong address should be told at once; a site that restarts later on is waited for.
            patience, speaker.patience = speaker.patience, ARRIVAL_PATIENCE_S
            await speaker.connected()
            speaker.patience = patience
            progress.people += 1
            show(progress)

    await asyncio.gather(*(arrive(speaker) for speaker in speakers))
