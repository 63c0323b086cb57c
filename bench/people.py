"""Fills Parley's database for a run: people with sessions, rooms they all belong to, a page of messages in each.

`python -m bench.people PEOPLE MANY_ROOMS OUT` with the site's own environment; writes OUT, a JSON file. The first
MANY_ROOMS people belong to all rooms, the others to the first alone. Rows are written in bulk: how they come to be is
not what is measured here.
"""

import json
import os
import secrets
import sys
from pathlib import Path

import django

ROOMS = 20
MESSAGES_A_ROOM = 60
SENTENCES = (
    "Has anyone tried the new build on the old laptop yet?",
    "Yes, and it **works**, see https://example.com/notes for what I changed.",
    "`make run` fails here with a missing header:\n\n```\nfatal error: sqlite3.h\n```",
    "Ah, good to know. Thank you!",
    "I shall look at it after lunch; the tests were green when I left.",
)


def fill(people: int, many_rooms: int) -> dict:
    """Make everything; returns the slugs of the rooms, the session keys of the people, and the site's epoch."""
    from chat.models import Membership, Room, RoomHead, Site

    users = _users(people)
    rooms = [Room(slug=f"room-{number:02}", name=f"Room {number}") for number in range(ROOMS)]
    Room.objects.bulk_create(rooms)
    RoomHead.objects.bulk_create(RoomHead(room=room, version=MESSAGES_A_ROOM) for room in rooms)
    memberships = [Membership(room=rooms[0], user=user) for user in users]
    memberships += [Membership(room=room, user=user) for room in rooms[1:] for user in users[:many_rooms]]
    Membership.objects.bulk_create(memberships, batch_size=5000)
    _messages(rooms, users)
    _settle()
    return {
        "rooms": [room.slug for room in rooms],
        "head": MESSAGES_A_ROOM,
        "sessions": _sessions(users),
        "epoch": Site.current().epoch,
    }


def _settle() -> None:
    """What PostgreSQL does by itself a minute after so many new rows: count them, for its plans."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _users(people: int) -> list:
    from django.contrib.auth import get_user_model

    users = get_user_model()
    # No password that fits: nobody signs in by one, and hashing 10,000 of them takes minutes.
    made = [users(username=f"person{number:05}", password=f"!{secrets.token_hex(20)}") for number in range(people)]
    return users.objects.bulk_create(made, batch_size=5000)


def _messages(rooms: list, users: list) -> None:
    from uuid import uuid4

    from django.utils import timezone

    from chat.domain import text
    from chat.models import Message

    html = [text.render(sentence).html for sentence in SENTENCES]
    now = timezone.now()
    Message.objects.bulk_create(
        [
            Message(
                room=room,
                author=users[number % len(users)],
                sender_key=f"u:{users[number % len(users)].pk}",
                client_id=uuid4(),
                seq=number,
                version=number,
                text=SENTENCES[number % len(SENTENCES)],
                html=html[number % len(SENTENCES)],
                renderer=text.RENDERER,
                created_at=now,
            )
            for room in rooms
            for number in range(1, MESSAGES_A_ROOM + 1)
        ],
        batch_size=5000,
    )


def _sessions(users: list) -> list[str]:
    from datetime import timedelta

    from django.utils import timezone

    from chat.models import Session
    from chat.models.session_store import SessionStore

    store, expires, rows = SessionStore(), timezone.now() + timedelta(days=1), []
    for user in users:
        data = {
            "_auth_user_id": str(user.pk),
            "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
            "_auth_user_hash": user.get_session_auth_hash(),
        }
        key = secrets.token_hex(16)
        rows.append(Session(session_key=key, session_data=store.encode(data), expire_date=expires, user=user))
    Session.objects.bulk_create(rows, batch_size=5000)
    return [row.session_key for row in rows]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    Path(sys.argv[3]).write_text(json.dumps(fill(int(sys.argv[1]), int(sys.argv[2]))))
