"""Fills the database of a site to measure: people with sessions, rooms, and messages.

The first room has 200,000 messages, so that a query plan that scans a room is visible; the others have 1,000. All but
the last 60 messages are read.

`python -m bench.people PEOPLE IN_ALL_ROOMS OUT`, in the site's environment, writes OUT, a JSON file. The first
IN_ALL_ROOMS people belong to all rooms, the others to the first only. Rows are written in bulk, without verbs of the
domain: writing them is not measured.
"""

import json
import os
import secrets
import sys
from pathlib import Path

import django

ROOMS = 20
UNREAD = 60
"""Unread messages of each room: a little more than a page."""
FIRST_HISTORY = 200_000
HISTORY = 1_000
"""Read messages of each room other than the first."""
MENTION_EVERY = 50
SENTENCES = (
    "Has anyone tried the new build on the old laptop yet?",
    "Yes, and it **works**, see https://example.com/notes for what I changed.",
    "`make run` fails here with a missing header:\n\n```\nfatal error: sqlite3.h\n```",
    "Ah, good to know. Thank you!",
    "I shall look at it after lunch; the tests were green when I left.",
)


def fill(people: int, in_all_rooms: int) -> dict:
    """Create all rows. Returns the slugs of the rooms, the session keys of the people, and the epoch of the site."""
    from chat.models import Membership, Room, RoomHead, Site

    users = _users(people)
    rooms = [Room(slug=f"room-{number:02}", name=f"Room {number}") for number in range(ROOMS)]
    Room.objects.bulk_create(rooms)
    read = {room.pk: FIRST_HISTORY if room is rooms[0] else HISTORY for room in rooms}
    RoomHead.objects.bulk_create(RoomHead(room=room, version=read[room.pk] + UNREAD) for room in rooms)
    memberships = [Membership(room=rooms[0], user=user, read_seq=read[rooms[0].pk]) for user in users]
    memberships += [
        Membership(room=room, user=user, read_seq=read[room.pk]) for room in rooms[1:] for user in users[:in_all_rooms]
    ]
    Membership.objects.bulk_create(memberships, batch_size=5000)
    _messages(rooms, users, read)
    for room in rooms:
        _history(room, read[room.pk])
    _mentions(users)
    _analyze_tables()
    return {
        "rooms": [room.slug for room in rooms],
        "sessions": make_sessions(users),
        "epoch": Site.current().epoch,
    }


def _analyze_tables() -> None:
    """Update the statistics of the query planner, as PostgreSQL's autovacuum does within a minute."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _users(people: int) -> list:
    from django.contrib.auth import get_user_model

    users = get_user_model()
    # Unusable passwords: hashing 10,000 real ones takes minutes, and nobody signs in with one.
    made = [
        users(**{users.USERNAME_FIELD: f"person{number:05}", "password": f"!{secrets.token_hex(20)}"})
        for number in range(people)
    ]
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
    """Copy the last messages of the room `count` times, with lower versions, in one SQL statement."""
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
    """Mention one of the first 1,000 people in each 50th message."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO chat_mention (message_id, user_id, room_id, seq, in_room) "
            "SELECT id, %s + id %% %s, room_id, seq, in_room FROM chat_message WHERE id %% %s = 0",
            [users[0].pk, min(len(users), 1000), MENTION_EVERY],
        )


def make_sessions(users: list) -> list[str]:
    """Sign these people in. Returns the keys of their sessions."""
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


def _finish_jobs() -> None:
    """What jobs do once with the messages of an existing site: a measured worker must not do it."""
    from chat.domain import activity
    from chat.domain.search import building

    while building.is_needed():
        building.build_next()
    while not activity.count_new():
        pass


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    Path(sys.argv[3]).write_text(json.dumps(fill(int(sys.argv[1]), int(sys.argv[2]))))
    _finish_jobs()
