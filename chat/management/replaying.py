"""Replays a conversation in a running site. Each person of it has an account and a WebSocket."""

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

from .conversation import Line, offsets
from .protocol_connection import CommandRefused, ProtocolConnection
from .reconnecting_client import ReconnectingClient

MAIL_DOMAIN = "replay.invalid"
FIRST_PATIENCE_S = 3
MAX_CONNECTING = 10


class LineRefused(Exception):
    """The site refused a line. The text names the line and the reason."""


class NotSignedIn(Exception):
    """The site does not know the session of an account. The text names the person, and what to check."""


class Person(ReconnectingClient):
    """The connection of a person of the conversation. It never posts as a guest."""

    def __init__(self, name: str, url: str, session: str):
        super().__init__(url, session)
        self.name = name

    async def on_connected(self, wire: ProtocolConnection) -> None:
        """Check that the site knows the session. Raises NotSignedIn."""
        if (await wire.welcome())["you"]["user"] is None:
            raise NotSignedIn(
                f"{self.url} treats {self.name} as a guest: it does not know the sessions of this database. "
                "Check that --url is the address of this site, and that it has the same DATABASE_URL."
            )


@dataclass(slots=True)
class Progress:
    """The progress of a replay. `people`: how many of `everyone` are connected. `acknowledged`: stored lines."""

    lines: int
    everyone: int
    people: int = 0
    acknowledged: int = 0
    began: float = 0.0

    @property
    def rate(self) -> float:
        """Acknowledged lines per second, so far."""
        seconds = time.monotonic() - self.began
        return self.acknowledged / seconds if self.began and seconds else 0.0


class Accounts:
    """Accounts of the site for the people of a conversation. `sessions`: their session keys by name.

    The context manager creates accounts, memberships and sessions, and deletes the sessions at its end. The accounts
    stay, because they are the authors of messages. They have no password, and the next replay uses them again.
    """

    def __init__(self, names: Iterable[str], room: Room):
        self.names = list(dict.fromkeys(names))
        self.room = room
        self.sessions: dict[str, str] = {}

    def __enter__(self) -> "Accounts":
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
    """The account of replays for the person called `name`, created on first use. It is never the account of a user.

    It is found by its e-mail address, which no user can have: nobody owns `.invalid` (RFC 2606 section 2).
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
    """Post `lines` in `room` of the site at `url`, in order: each one after the one before is stored.

    The pauses of the conversation are divided by `speed`; 0 means no pauses. `show` is called after each step.
    Raises `Unreachable`, `NotSignedIn` and `LineRefused`.
    """
    progress = Progress(lines=len(lines), everyone=len(sessions))
    people = {name: Person(name, url, session) for name, session in sessions.items()}
    try:
        await _connect_all(people.values(), progress, show)
        progress.began = time.monotonic()
        for number, (moment, line) in enumerate(offsets(lines), 1):
            if speed:
                await asyncio.sleep(progress.began + moment / speed - time.monotonic())
            client_id = str(uuid.uuid4())
            try:
                await people[line.who].request_until_answered("post", room=room, client_id=client_id, body=line.text)
            except CommandRefused as refused:
                raise LineRefused(f"line {number}, by {line.who}: {refused.detail} ({refused.code})") from None
            progress.acknowledged += 1
            show(progress)
    finally:
        await asyncio.gather(*(person.close() for person in people.values()))
    return progress


async def _connect_all(people: Iterable[ReconnectingClient], progress: Progress, show) -> None:
    slots = asyncio.Semaphore(MAX_CONNECTING)

    async def connect(person: ReconnectingClient) -> None:
        async with slots:
            # A wrong address is reported soon. Later, a site that restarts gets more time.
            patience, person.patience = person.patience, FIRST_PATIENCE_S
            await person.ensure_connected()
            person.patience = patience
            progress.people += 1
            show(progress)

    await asyncio.gather(*(connect(person) for person in people))
