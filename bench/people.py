"""Fills Parley's database for a run: people with sessions, rooms they all belong to, and what was said in each.

The first room has a history of 200,000 messages, the others one of 1,000: plans that scan a room must show. People have
read all but the last page.

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
UNREAD = 60
"""The last messages of a room: a page, and some."""
FIRST_HISTORY = 200_000
HISTORY = 1_000
"""Messages before those, in the first room and in each other one."""
MENTION_EVERY = 50
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
    read = {room.pk: FIRST_HISTORY if room is rooms[0] else HISTORY for room in rooms}
    RoomHead.objects.bulk_create(RoomHead(room=room, version=read[room.pk] + UNREAD) for room in rooms)
    memberships = [Membership(room=rooms[0], user=user, read_seq=read[rooms[0].pk]) for user in users]
    memberships += [
        Membership(room=room, user=user, read_seq=read[room.pk]) for room in rooms[1:] for user in users[:many_rooms]
    ]
    Membership.objects.bulk_create(memberships, batch_size=5000)
    _messages(rooms, users, read)
    for room in rooms:
        _history(room, read[room.pk])
    _mentions(users)
    _settle()
    return {
        "rooms": [room.slug for room in rooms],
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


def _messages(rooms: list, users: list, read: dict) -> None:
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
                seq=read[room.pk] + number,
                version=read[room.pk] + number,
                text=SENTENCES[number % len(SENTENCES)],
                html=html[number % len(SENTENCES)],
                renderer=text.RENDERER,
                created_at=now,
            )
            for room in rooms
            for number in range(1, UNREAD + 1)
        ],
        batch_size=5000,
    )


def _history(room, count: int) -> None:
    """Copies of the room's last messages, before those: by one statement, for it is many."""
    from django.db import connection

    from chat.models import Message

    numbered = {"id", "client_id", "seq", "version"}
    columns = [field.column for field in Message._meta.local_concrete_fields if field.name not in numbered]
    client_id = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE number(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM number WHERE seq < %s) "
            f"INSERT INTO chat_message ({', '.join(columns)}, client_id, seq, version) "
            f"SELECT {', '.join(f'page.{column}' for column in columns)}, {client_id}, number.seq, number.seq "
            "FROM number JOIN chat_message page ON page.room_id = %s AND page.seq = %s + 1 + number.seq %% %s",
            [count, room.pk, count, UNREAD],
        )


def _mentions(users: list) -> None:
    """One of the first 1,000 people is mentioned in each fiftieth message."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO chat_mention (message_id, user_id, room_id, seq) "
            "SELECT id, %s + id %% %s, room_id, seq FROM chat_message WHERE id %% %s = 0",
            [users[0].pk, min(len(users), 1000), MENTION_EVERY],
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
